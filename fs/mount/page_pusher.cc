#include "fs/mount/page_pusher.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

namespace ndcat {
namespace {

// Readers who would wait behind more than these are better served by the kernel's own windows.
constexpr std::size_t kMostHeld = 4;

void answer(PagePusher::HeldRead read) { std::move(read.request).data(read.answer.bytes); }

/// Of the push the rows before the first whose sources are not in memory.
Push resident_part(const Push& push, const Node& file, Index file_size) {
  Push result = push;
  for (result.end = push.begin; result.end < push.end; ++result.end) {
    const PageRange pages = push.column.pages(result.end);
    const Index begin = std::max<Index>(pages.begin * kPage, 0), end = std::min(pages.end * kPage, file_size);
    if (!file.snapshot->is_resident(file.kind, begin, end - begin)) break;
  }
  return result;
}

}  // namespace

void PagePusher::start(Ask ask) {
  const std::lock_guard lock(mutex_);
  ask_ = std::move(ask);
}

void PagePusher::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PagePusher::push_then_answer(HeldRead read, const Push& push) {
  if (!hold(read, push)) answer(std::move(read));
}

bool PagePusher::hold(HeldRead& read, const Push& push) {
  const std::lock_guard lock(mutex_);
  if (!ask_ || is_stopping_ || held_.size() >= kMostHeld) return false;
  if (!thread_.joinable()) {
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      return false;
    }
  }
  held_.push_back({std::move(read), push});
  changed_.notify_all();
  return true;
}

NodeReference PagePusher::take_target() {
  const std::lock_guard lock(mutex_);
  return std::exchange(target_, nullptr);
}

void PagePusher::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_stopping_ || !held_.empty(); });
    if (held_.empty()) return;
    if (ask_ && !is_stopping_) {
      target_ = held_.front().read.node;
      lock.unlock();
      const bool goes_on = ask(held_.front());
      lock.lock();
      target_ = nullptr;
      if (!goes_on) ask_ = nullptr;
    }
    HeldRead read = std::move(held_.front().read);
    held_.pop_front();
    lock.unlock();
    answer(std::move(read));
    lock.lock();
  }
}

bool PagePusher::ask(const Job& job) {
  try {
    const Node& file = *job.read.node;
    const Index size = file.snapshot->attributes(file.kind).size;
    const Push push = resident_part(job.push, file, size);
    return push.begin == push.end || ask_(push, size);
  } catch (const std::exception&) {  // out of memory: then nothing is pushed
    return true;
  }
}

}  // namespace ndcat
