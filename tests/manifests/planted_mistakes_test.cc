// `ndcat check` lists every problem, not the first: k mistakes that have nothing to do with each other,
// planted into a manifest without any, give exactly the k problems that each of them gives alone.
//
// Random manifests are built from the result's shape downwards. Most items of every list stay right, so that
// it is clear which ones are odd.
#include "tests/manifests/planted_mistakes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "tests/manifests/resolving.h"

namespace ndcat {
namespace {

/// "file pointer: message" of each problem, cut before it speaks of other arrays, which may not be the same
/// ones when more is wrong; lines and columns move when a text changes.
std::multiset<std::string> problems_in(const World& world) {
  FakeProbe probe;
  for (const auto& [name, add] : world.files) add(probe);
  for (const auto& [name, manifest] : world.manifests) probe.add(name, manifest.dump());
  std::multiset<std::string> found;
  for (const Problem& problem : resolve("all.json", "all.json", probe).problems) {
    std::string message = problem.message;
    for (const char* const other :
         {" does not match ", "no common dtype for ", " (the array's shape is ", ", but "}) {
      message.resize(std::min(message.size(), message.find(other)));
    }
    found.insert(problem.file + " " + problem.place.pointer + ": " + message);
  }
  return found;
}

/// Some sites, so that most items of every list stay right.
std::vector<std::size_t> chosen_sites(const SoundManifests& sound, std::size_t count, std::mt19937& random) {
  std::vector<std::size_t> order(sound.sites.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), random);
  std::map<int, std::set<int>> wrong_items;
  std::vector<std::size_t> chosen;
  for (const std::size_t i : order) {
    const Site& site = sound.sites[i];
    if (site.mistakes.empty() || chosen.size() == count) continue;
    auto wrong = wrong_items;
    for (const auto& [list, item] : site.items) wrong[list].insert(item);
    const bool fits = std::all_of(site.items.begin(), site.items.end(), [&](const auto& item) {
      return 2 * static_cast<int>(wrong[item.first].size()) < sound.list_sizes.at(item.first);
    });
    if (!fits) continue;
    wrong_items = std::move(wrong);
    chosen.push_back(i);
  }
  // The innermost first: a verb that is misspelt moves what is below it.
  std::sort(chosen.begin(), chosen.end(),
            [&](std::size_t a, std::size_t b) { return sound.sites[a].depth > sound.sites[b].depth; });
  return chosen;
}

TEST(PlantedMistakes, AreAllFoundAtOnceAndNothingElseIs) {
  const char* const given = std::getenv("NDCAT_SEED");
  const unsigned seed =
      given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device()();
  std::cout << "NDCAT_SEED=" << seed << std::endl;
  constexpr int kWorlds = 400;
  std::map<std::string, int> planted;
  for (int round = 0; round < kWorlds; ++round) {
    std::seed_seq mixed{seed, static_cast<unsigned>(round)};
    std::mt19937 random(mixed);
    const SoundManifests sound = sound_manifests(random);
    ASSERT_EQ(problems_in(sound.world), std::multiset<std::string>()) << sound.world.manifests.at("all.json");
    World all = sound.world;
    std::multiset<std::string> expected;
    std::string names;
    for (const std::size_t i :
         chosen_sites(sound, std::uniform_int_distribution<std::size_t>(2, 8)(random), random)) {
      const auto& mistakes = sound.sites[i].mistakes;
      const Mistake& mistake =
          mistakes[std::uniform_int_distribution<std::size_t>(0, mistakes.size() - 1)(random)];
      World alone = sound.world;
      mistake.plant(alone);
      const std::multiset<std::string> problems = problems_in(alone);
      ASSERT_EQ(problems.size(), 1U) << "round " << round << ": " << mistake.name << " gives "
                                     << testing::PrintToString(problems) << " in "
                                     << alone.manifests["all.json"];
      expected.insert(*problems.begin());
      mistake.plant(all);
      names += (names.empty() ? "" : ", ") + mistake.name;
      ++planted[mistake.name];
    }
    ASSERT_EQ(problems_in(all), expected)
        << "round " << round << ": " << names << " in " << all.manifests["all.json"];
  }
  EXPECT_GT(planted.size(), 40U) << "kinds of mistakes";
}

}  // namespace
}  // namespace ndcat
