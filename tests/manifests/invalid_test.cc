// Every invalid manifest in tests/data/invalid says exactly what the .expected file beside it says.
//
// A case is named by its outcome. text/ holds what is no JSON, language/ what schema.json can see (the Python
// test beside this one proves that it does), arrays/ what only the sources can tell. NDCAT_ACCEPT=1 writes
// the messages anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "manifests/resolve/resolve.h"
#include "tests/support/fake_probe.h"

namespace ndcat {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

fs::path data_folder() { return fs::path(NDCAT_TEST_DATA) / "invalid"; }

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data_folder())) {
    const fs::path expected = fs::path(entry.path()).replace_extension(".expected");
    const bool accepts = std::getenv("NDCAT_ACCEPT") != nullptr && entry.path().stem() != "good";
    if (entry.path().extension() == ".json" && (accepts || fs::exists(expected))) {
      names.push_back(fs::relative(entry.path(), data_folder()).string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

class InvalidManifest : public testing::TestWithParam<std::string> {};

TEST_P(InvalidManifest, SaysWhatIsWrong) {
  const fs::path manifest = data_folder() / GetParam();
  FakeProbe probe;
  for (const fs::directory_entry& entry : fs::directory_iterator(manifest.parent_path())) {
    probe.add(entry.path().filename().string(), read_file(entry.path()));
  }
  const std::string name = manifest.filename().string();
  const Resolution resolution = resolve(name, name, probe);
  std::string found;
  for (const Problem& problem : resolution.problems) found += to_string(problem) + "\n";
  EXPECT_FALSE(found.empty()) << "it is not invalid";
  const fs::path expected = fs::path(manifest).replace_extension(".expected");
  if (std::getenv("NDCAT_ACCEPT") != nullptr) std::ofstream(expected, std::ios::binary) << found;
  EXPECT_EQ(found, read_file(expected));
}

INSTANTIATE_TEST_SUITE_P(All, InvalidManifest, testing::ValuesIn(cases()), [](const auto& parameter) {
  std::string name;
  for (const char c : parameter.param) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

}  // namespace
}  // namespace ndcat
