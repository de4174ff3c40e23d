#include "fs/mount/page_inspector.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

namespace ndcat {
namespace {

constexpr std::chrono::milliseconds kLongestHold(200);

}  // namespace

void PageInspector::start(Retrieve retrieve, Drop drop) {
  retrieve_ = std::move(retrieve);
  drop_ = std::move(drop);
  thread_ = std::thread([this] { drop_and_answer(); });
}

void PageInspector::stop() {
  decltype(asked_) asked;  // these go after the lock, as their requests are answered then
  decltype(to_drop_) to_drop;
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    asked.swap(asked_);
    to_drop.swap(to_drop_);
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PageInspector::hold(HeldWrite write, std::shared_ptr<PageBaseline> baseline, PageBaseline::Doubt doubt) {
  go_on(std::make_unique<Inspection>(
      Inspection{std::move(write), std::move(baseline), std::move(doubt), 0, {}, {}}));
}

/// The doubtful parts from the next one on that follow each other, from the beginning of a page on.
PageInspector::Part PageInspector::stretch_of(const Inspection& inspection) {
  const auto& parts = inspection.doubt.parts;
  const Index first = parts[inspection.next].begin;
  Index end = first;
  for (std::size_t i = inspection.next; i < parts.size() && parts[i].begin == end; ++i)
    end += parts[i].length;
  const Index begin = first - first % PageBaseline::page_size();
  return {begin, end - begin};
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
  const Index begin = stretch_of(inspection).begin, end = begin + std::ssize(shown);
  const bool has_failed = write.failure.has_value();
  // Whoever has compared pages that came back with what the baseline was until now is to be done.
  const auto lock = inspection.baseline->lock_for_bytes();
  for (; inspection.next < parts.size(); ++inspection.next) {
    const Part& part = parts[inspection.next];
    const Index page = part.begin - part.begin % PageBaseline::page_size();
    const Index seen_end = std::min(end, part.begin + part.length);
    // Of a write that was refused, a part may lie behind the end of the file, of which the kernel tells
    // nothing.
    if (end <= page || (seen_end < part.begin + part.length && !has_failed)) break;
    const auto length = static_cast<std::size_t>(std::max<Index>(seen_end - part.begin, 0));
    const auto seen = shown.subspan(static_cast<std::size_t>(std::min(part.begin, end) - begin), length);
    const auto written = write.bytes.subspan(static_cast<std::size_t>(part.begin - write.offset), length);
    const bool is_shown = std::ranges::equal(seen, written);
    if (is_shown && !written.empty()) inspection.baseline->settle(part.begin, written, inspection.doubt);
    if (!is_shown || has_failed) inspection.to_drop.push_back(part);
  }
  // The kernel stopped at the next, if it was asked for it.
  if (inspection.next == first) leave_unseen(inspection);
}

void PageInspector::end(std::unique_ptr<Inspection> inspection) {
  if (inspection->to_drop.empty()) return answer_(std::move(inspection->write), inspection->unseen);
  const std::lock_guard lock(mutex_);
  if (is_ending_) return;
  to_drop_.push_back(std::move(inspection));
  changed_.notify_one();
}

void PageInspector::drop_and_answer() {
  for (;;) {
    std::unique_ptr<Inspection> inspection;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_ending_ || !to_drop_.empty(); });
      if (is_ending_) return;
      inspection = std::move(to_drop_.front());
      to_drop_.pop_front();
    }
    const InodeNumber number = inspection->write.file->node->number;
    const auto dropping = std::async(std::launch::async, [this, number, &parts = inspection->to_drop] {
      for (const Part& part : parts) drop_(number, part.begin, part.length);
    });
    if (inspection->write.failure) {
      dropping.wait_for(kLongestHold);
    } else {
      dropping.wait();
    }
    answer_(std::move(inspection->write), inspection->unseen);
    dropping.wait();
  }
}

}  // namespace ndcat
