#include "manifests/problem_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ndcat {

void ProblemList::add(const std::string& file, const PointerChain& where, TextPosition at,
                      std::string message) {
  if (kept_.size() >= kMostKept) {
    ++forgotten_;
    return;
  }
  add({file, {where.text(), at.line, at.column}, std::move(message)});
}

void ProblemList::add(Problem problem) {
  if (kept_.size() >= kMostKept) {
    ++forgotten_;
    return;
  }
  rank(problem.file);
  kept_.push_back(std::move(problem));
}

Problems ProblemList::take(const std::string& file) && {
  std::stable_sort(kept_.begin(), kept_.end(), [this](const Problem& a, const Problem& b) {
    return std::tuple(files_[a.file], a.place.line, a.place.column) <
           std::tuple(files_[b.file], b.place.line, b.place.column);
  });
  if (forgotten_ > 0) {
    kept_.push_back({file, {}, "and " + std::to_string(forgotten_) + " more problems; mend these first"});
  }
  return std::move(kept_);
}

}  // namespace ndcat
