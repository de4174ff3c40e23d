#include "fs/files/recent_reads.h"

#include <algorithm>

namespace ndcat {
namespace {

constexpr Index kAhead = 2, kLate = 8;  // times the length of a read

}  // namespace

bool RecentReads::is_near(const Run& run, Index begin, Index end) {
  const Index gap = kAhead * (end - begin);
  return run.noted != 0 && begin <= run.end + gap && end >= run.begin - gap;
}

RecentReads::Verdict RecentReads::note(Index begin, Index end) {
  const std::lock_guard lock(mutex_);
  ++count_;
  const auto found =
      std::find_if(runs_.begin(), runs_.end(), [&](const Run& run) { return is_near(run, begin, end); });
  if (found == runs_.end()) {
    Run& oldest = *std::min_element(runs_.begin(), runs_.end(),
                                    [](const Run& a, const Run& b) { return a.noted < b.noted; });
    oldest = {.begin = begin, .end = end, .length = end - begin, .is_backward = false, .noted = count_};
    return {};
  }
  const Index window = kLate * (end - begin);
  if (end > found->end) {
    found->is_backward = false;
    found->end = end;
    found->begin = std::max(std::min(found->begin, begin), end - window);
  } else if (begin < found->begin) {
    found->is_backward = true;
    found->begin = begin;
    found->end = std::min(found->end, begin + window);
  }
  found->length += end - begin;
  found->noted = count_;
  return {.continues = true, .is_backward = found->is_backward, .length = found->length};
}

void RecentReads::forget() {
  const std::lock_guard lock(mutex_);
  runs_ = {};
}

}  // namespace ndcat
