// Agreement: of values that should agree, which are the odd ones, so that one odd array is one problem
// wherever in a list it stands.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "core/function_ref.h"
#include "manifests/resolve/array_sink.h"

namespace ndcat {

/// Takes values from front to back. What most of them share is right, of the first few dozen in a long list;
/// of several the first.
template <class Value>
class Agreement {
 public:
  struct Entry {
    Value value;
    Label label;
  };
  /// Whether two values agree; takes an odd entry and one that is right.
  using Agrees = std::function<bool(const Value&, const Value&)>;
  using Report = std::function<void(const Entry& odd, const Entry& right)>;
  Agreement(Agrees agrees, Report report) : agrees_(std::move(agrees)), report_(std::move(report)) {}

  /// False when not all so far agree; which of them is odd is told now or later. `label` is asked for only
  /// when it is needed.
  bool add(const Value& value, FunctionRef<Label()> label) {
    if (right_) {
      if (agrees_(value, right_->value)) return true;
      report_({value, label()}, *right_);
      return false;
    }
    Group* const known = group_of(value);
    Group& group = known != nullptr ? *known : groups_.emplace_back();
    group.push_back({value, label()});
    const bool all_agree = groups_.size() == 1;
    if (group.size() >= kEnough || groups_.size() >= kMostGroups) settle();
    return all_agree;
  }

  /// The end: what is odd among few is told now.
  void finish() {
    if (!right_ && !groups_.empty()) settle();
  }
  /// Null until it is settled what is right; for good when nothing was added.
  [[nodiscard]] const Entry* right() const { return right_ ? &*right_ : nullptr; }
  [[nodiscard]] bool empty() const { return !right_ && groups_.empty(); }

 private:
  using Group = std::vector<Entry>;  // they agree
  static constexpr std::size_t kEnough = 16, kMostGroups = 64;

  Group* group_of(const Value& value) {
    for (Group& group : groups_) {
      if (agrees_(value, group.front().value)) return &group;
    }
    return nullptr;
  }
  void settle() {
    const std::vector<Group> groups = std::exchange(groups_, {});
    const auto largest = std::max_element(groups.begin(), groups.end(),
                                          [](const Group& a, const Group& b) { return a.size() < b.size(); });
    right_ = largest->front();
    for (auto group = groups.begin(); group != groups.end(); ++group) {
      if (group == largest) continue;
      for (const Entry& odd : *group) {
        // To agree is not transitive (dtypes promote in pairs): one may have come into its group and belong
        // here, too.
        if (!agrees_(odd.value, right_->value)) report_(odd, *right_);
      }
    }
  }

  Agrees agrees_;
  Report report_;
  std::optional<Entry> right_;
  std::vector<Group> groups_;  // until it is settled
};

}  // namespace ndcat
