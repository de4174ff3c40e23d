// ProblemList: collects what is wrong, in bounded memory, and puts it into the order in which a person reads.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "manifests/parse/pointer_chain.h"
#include "manifests/problem.h"

namespace ndcat {

/// Where something stands in a text; counted as in Place.
struct TextPosition {
  int line = 0, column = 0;
  friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

class ProblemList {
 public:
  static constexpr std::size_t kMostKept = 1000;

  void add(const std::string& file, const PointerChain& where, TextPosition at, std::string message);
  void add(Problem problem);

  /// Puts `file` behind those that are known so far, whenever its problems come.
  void rank(const std::string& file) { files_.emplace(file, files_.size()); }

  /// All that were added, the forgotten ones included.
  [[nodiscard]] std::size_t count() const { return kept_.size() + forgotten_; }
  /// By file in the order of first appearance, then by line and column. At most kMostKept, then one of `file`
  /// that says how many more there are.
  [[nodiscard]] Problems take(const std::string& file) &&;

 private:
  Problems kept_;
  std::map<std::string, std::size_t> files_;  // each with its rank
  std::size_t forgotten_ = 0;
};

}  // namespace ndcat
