#include "fs/mount/page_inspector.h"

#include <algorithm>
#include <utility>

namespace ndcat {

void PageInspector::start(Retrieve retrieve, Drop drop) {
  retrieve_ = std::move(retrieve);
  drop_ = std::move(drop);
  thread_ = std::thread([this] { drop_stale(); });
}

void PageInspector::stop() {
  decltype(asked_) asked;  // these go after the lock, as their requests are answered then
  decltype(stale_) stale;
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    asked.swap(asked_);
    stale.swap(stale_);
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PageInspector::hold(HeldWrite write, std::shared_ptr<PageBaseline> baseline, PageBaseline::Doubt doubt) {
  go_on(std::make_unique<Inspection>(
      Inspection{std::move(write), std::move(baseline), std::move(doubt), 0, {}, {}}));
}

/// The doubtful parts from the next one on that follow each other.
PageInspector::Part PageInspector::stretch_of(const Inspection& inspection) {
  const auto& parts = inspection.doubt.parts;
  Part stretch = parts[inspection.next];
  for (std::size_t i = inspection.next + 1; i < parts.size(); ++i) {
    if (parts[i].begin != stretch.begin + stretch.length) break;
    stretch.length += parts[i].length;
  }
  return stretch;
}

void PageInspector::leave_unseen(Inspection& inspection) {
  inspection.unseen.push_back(inspection.doubt.parts[inspection.next++]);
}

void PageInspector::go_on(std::unique_ptr<Inspection> inspection) {
  while (inspection->next < inspection->doubt.parts.size()) {
    const Part stretch = stretch_of(*inspection);
    const InodeNumber number = inspection->write.file->node->number;
    Ticket ticket = 0;
    {
      const std::lock_guard lock(mutex_);
      if (is_ending_) return;
      ticket = ++last_;
      asked_.emplace(ticket, std::move(inspection));
    }
    if (retrieve_(number, stretch, ticket)) return;
    const std::lock_guard lock(mutex_);
    const auto found = asked_.find(ticket);
    if (found == asked_.end()) return;  // it is ending
    inspection = std::move(found->second);
    asked_.erase(found);
    leave_unseen(*inspection);
  }
  end(std::move(inspection));
}

void PageInspector::retrieved(Ticket ticket, std::span<const std::byte> shown) {
  std::unique_ptr<Inspection> inspection;
  {
    const std::lock_guard lock(mutex_);
    const auto found = asked_.find(ticket);
    if (found == asked_.end()) return;
    inspection = std::move(found->second);
    asked_.erase(found);
  }
  compare(*inspection, shown);
  go_on(std::move(inspection));
}

void PageInspector::compare(Inspection& inspection, std::span<const std::byte> shown) {
  const auto& parts = inspection.doubt.parts;
  const HeldWrite& write = inspection.write;
  const std::size_t first = inspection.next;
  // Whoever has compared pages that came back with what the baseline was until now is to be done.
  const auto lock = inspection.baseline->lock_for_bytes();
  const Index end = parts[first].begin + std::ssize(shown);
  while (inspection.next < parts.size() &&
         parts[inspection.next].begin + parts[inspection.next].length <= end) {
    const Part& part = parts[inspection.next++];
    const auto length = static_cast<std::size_t>(part.length);
    const auto seen = shown.subspan(static_cast<std::size_t>(part.begin - parts[first].begin), length);
    const auto written = write.bytes.subspan(static_cast<std::size_t>(part.begin - write.offset), length);
    if (std::ranges::equal(seen, written)) {
      inspection.baseline->settle(part.begin, written, inspection.doubt);
    } else {
      inspection.stale.push_back(part);
    }
  }
  // The kernel stopped at the next, if it was asked for it.
  if (inspection.next == first) leave_unseen(inspection);
}

void PageInspector::end(std::unique_ptr<Inspection> inspection) {
  if (inspection->stale.empty()) return answer_(std::move(inspection->write), inspection->unseen);
  const std::lock_guard lock(mutex_);
  if (is_ending_) return;
  stale_.push_back(std::move(inspection));
  changed_.notify_one();
}

void PageInspector::drop_stale() {
  for (;;) {
    std::unique_ptr<Inspection> inspection;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_ending_ || !stale_.empty(); });
      if (is_ending_) return;
      inspection = std::move(stale_.front());
      stale_.pop_front();
    }
    for (const Part& part : inspection->stale) {
      drop_(inspection->write.file->node->number, part.begin, part.length);
    }
    answer_(std::move(inspection->write), inspection->unseen);
  }
}

}  // namespace ndcat
