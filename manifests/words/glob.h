// Glob patterns as a shell reads them, after brace expansion (brace.h).
//
// In a name, `*` is any run of characters, `?` one character, `[a-c]` one of a set, `[!a-c]` one outside it;
// a backslash takes the meaning from the next character. A component `**` is any number of folders, none
// included. What begins with a dot must be asked for with a dot. Names need not be UTF-8: a byte that is not
// counts as one character.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "manifests/probe.h"

namespace ndcat {

/// True when `pattern` (one component, without "/") matches the whole of `name`. Takes time proportional to
/// the product of their lengths at worst.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view name);

/// True when `text` holds a character that makes it a pattern: * ? or [, no backslash before it.
[[nodiscard]] bool has_wildcard(std::string_view text);

/// `text` without the backslashes that take the meaning from the next character.
[[nodiscard]] std::string remove_backslashes(std::string_view text);

/// Finds files through a Probe, which must outlive it. Remembers listings, so that many patterns on one
/// folder read it once. Not thread-safe.
class GlobFinder {
 public:
  struct Found {
    std::vector<std::string> names;   // written as the pattern is: relative to `folder`, or absolute
    std::vector<std::string> errors;  // why not all of them may have been found, for people
  };

  /// `folder` is what relative patterns start at, with "/" at its end ("" is the process's folder).
  GlobFinder(Probe& probe, std::string folder) : probe_(probe), folder_(std::move(folder)) {}

  /// The files that match, each once, in natural order of the whole name. Folders never match: they are no
  /// sources. Folders reached through links are searched too, but not one that lies within itself that way;
  /// with very many ways to the same folders the search is given up, which is an error.
  Found find(std::string_view pattern);

 private:
  struct Search;
  const ProbedDirectory& list(const std::string& name);
  void walk(Search& search, const std::string& prefix, std::size_t component,
            std::vector<std::string>& ancestors, Found& found);
  void walk_all_below(Search& search, const std::string& prefix, std::size_t component,
                      std::vector<std::string>& ancestors, Found& found);

  Probe& probe_;
  std::string folder_;
  std::map<std::string, ProbedDirectory, std::less<>> listings_;
};

}  // namespace ndcat
