#include "manifests/words/glob.h"

#include <algorithm>
#include <set>
#include <utility>

#include "manifests/texts/natural_order.h"

namespace ndcat {
namespace {

constexpr std::size_t kMostFolders = 1'000'000;
/// Links between a few folders can make them look like an endless tree: nine that link to each other are a
/// million. So often may folders be met again under other names, and ten times for each folder (that each
/// links to those around it is usual).
constexpr std::size_t kMostReturns = 10'000, kReturnsPerFolder = 10;

/// "a/**/**/b//c" to {"a", "**", "b", "c"}. A leading "/" is the caller's business.
std::vector<std::string_view> split(std::string_view pattern) {
  std::vector<std::string_view> components;
  for (std::size_t begin = 0; begin <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('/', begin), pattern.size());
    const std::string_view component = pattern.substr(begin, end - begin);
    const bool repeated = component == "**" && !components.empty() && components.back() == "**";
    if (!component.empty() && !repeated) components.push_back(component);
    begin = end + 1;
  }
  return components;
}

bool is_hidden(std::string_view name) { return name.starts_with('.'); }

std::string not_searched(const std::string& prefix, const ProbedDirectory& folder) {
  return "cannot search the folder " + prefix + ": " + folder.reason;
}

}  // namespace

struct GlobFinder::Search {
  std::vector<std::string_view> components;
  std::set<std::pair<std::size_t, std::string>>
      visited;  // several "**" would meet the same folder very often
  std::set<std::pair<std::size_t, std::string>> identities;  // of those visited
  std::size_t returns = 0;                                   // to an identity by another name

  [[nodiscard]] bool goes_round() const {
    return returns > kMostReturns + kReturnsPerFolder * identities.size();
  }
  [[nodiscard]] bool is_too_long() const { return goes_round() || visited.size() > kMostFolders; }
};

GlobFinder::Found GlobFinder::find(std::string_view pattern) {
  Found found;
  Search search;
  search.components = split(pattern);
  if (search.components.empty() || pattern.ends_with('/')) return found;
  std::vector<std::string> ancestors;
  walk(search, pattern.starts_with('/') ? "/" : "", 0, ancestors, found);
  std::sort(found.names.begin(), found.names.end(), natural_less);
  found.names.erase(std::unique(found.names.begin(), found.names.end()), found.names.end());
  std::sort(found.errors.begin(), found.errors.end());
  found.errors.erase(std::unique(found.errors.begin(), found.errors.end()), found.errors.end());
  if (search.goes_round()) {
    found.errors.emplace_back("links lead to the same folders again and again; name the folder more closely");
  } else if (search.is_too_long()) {
    found.errors.push_back("more than " + std::to_string(kMostFolders) +
                           " folders lie below it; name the folder more closely");
  }
  return found;
}

const ProbedDirectory& GlobFinder::list(const std::string& name) {
  const auto known = listings_.find(name);
  if (known != listings_.end()) return known->second;
  const std::string path = name.starts_with('/') ? name : folder_ + name;
  return listings_.emplace(name, probe_.directory(path.empty() ? "." : path)).first->second;
}

/// Follows components[component...] below `prefix` ("" or a name with "/" at its end).
void GlobFinder::walk(Search& search, const std::string& prefix, std::size_t component,
                      std::vector<std::string>& ancestors, Found& found) {
  const std::string_view pattern = search.components[component];
  const bool is_last = component + 1 == search.components.size();
  if (pattern == "**") {
    walk_all_below(search, prefix, component, ancestors, found);
    return;
  }
  if (!has_wildcard(pattern) && !is_last) {
    walk(search, prefix + remove_backslashes(pattern) + "/", component + 1, ancestors, found);
    return;
  }
  const ProbedDirectory& folder = list(prefix);
  if (folder.failure == ProbeFailure::refused) found.errors.push_back(not_searched(prefix, folder));
  for (const DirectoryEntry& entry : folder.entries) {
    if (entry.is_directory == is_last || !glob_matches(pattern, entry.name)) continue;
    if (is_last) {
      found.names.push_back(prefix + entry.name);
    } else {
      walk(search, prefix + entry.name + "/", component + 1, ancestors, found);
    }
  }
}

/// The "**" at components[component], which may stand for `prefix` itself and everything below.
void GlobFinder::walk_all_below(Search& search, const std::string& prefix, std::size_t component,
                                std::vector<std::string>& ancestors, Found& found) {
  if (search.is_too_long() || !search.visited.emplace(component, prefix).second) return;
  const bool is_last = component + 1 == search.components.size();
  const ProbedDirectory& folder = list(prefix);
  if (folder.failure == ProbeFailure::refused) found.errors.push_back(not_searched(prefix, folder));
  if (folder.failure != ProbeFailure::none) return;
  if (!search.identities.emplace(component, folder.identity).second) ++search.returns;
  if (std::find(ancestors.begin(), ancestors.end(), folder.identity) != ancestors.end()) return;
  if (!is_last) {
    std::vector<std::string> own_ancestors;
    walk(search, prefix, component + 1, own_ancestors, found);
  }
  ancestors.push_back(folder.identity);
  for (const DirectoryEntry& entry : folder.entries) {
    if (is_hidden(entry.name)) continue;
    if (entry.is_directory) {
      walk_all_below(search, prefix + entry.name + "/", component, ancestors, found);
    } else if (is_last) {
      found.names.push_back(prefix + entry.name);
    }
  }
  ancestors.pop_back();
}

}  // namespace ndcat
