#include "fs/mount/page_dropper.h"

#include <utility>

#include "fs/log.h"

namespace ndcat {
namespace {

// Between two looks at whether to go on waiting. An errand takes less than a tenth of it, where no disk is
// slow.
constexpr std::chrono::milliseconds kLook(20);
// After there was no outrider, or he could not do it, until the next try.
constexpr std::chrono::seconds kRest(1);

}  // namespace

PageDropper::PageDropper(std::string mountpoint, std::uint64_t device, Notify notify, std::string program)
    : device_(device), notify_(std::move(notify)), outrider_(std::move(mountpoint), std::move(program)) {}

int PageDropper::drop(const NodeReference& file, const GiveUp& what, const std::function<bool()>& is_urgent) {
  if (!is_urgent() && send_out(file, what, is_urgent)) return outrider_.report().failure;
  if (!is_stopping_) notify_(file->number, what.offset, what.length);
  return 0;
}

NodeReference PageDropper::take_target() {
  const std::lock_guard lock(mutex_);
  return std::exchange(target_, nullptr);
}

bool PageDropper::send_out(const NodeReference& file, const GiveUp& what,
                           const std::function<bool()>& is_urgent) {
  if (Clock::now() < rests_until_) return false;
  // From an errand for which he was not waited for.
  if (outrider_.is_away() && await(Outcome::late, is_urgent) == Outcome::late) return false;
  {
    const std::lock_guard lock(mutex_);
    target_ = file;
  }
  const Outcome outcome = await(outrider_.run({device_, what}, kLook), is_urgent);
  if (outcome == Outcome::late) return false;
  static_cast<void>(take_target());
  if (outcome != Outcome::returned) rest(outcome);
  return outcome == Outcome::returned;
}

Outrider::Outcome PageDropper::await(Outcome outcome, const std::function<bool()>& is_urgent) {
  while (outcome == Outcome::late && !is_stopping_ && !is_urgent()) outcome = outrider_.wait(kLook);
  return outcome;
}

void PageDropper::rest(Outcome outcome) {
  const bool is_gone = outcome == Outcome::gone;
  rests_until_ = Clock::now() + kRest;
  if (is_gone) outrider_.renew();
  if (is_stopping_ || std::exchange(has_told_, true)) return;
  log_message(Severity::info, "pages of files that are written are given up by ndcat itself for a while, " +
                                  std::string(is_gone ? "for want of an " : "instead of by its ") +
                                  kOutriderProgram);
}

}  // namespace ndcat
