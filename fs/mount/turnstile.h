// Turnstile: lets only so many threads work at once, without letting those that hang keep the others out.
//
// A thread that has been inside for long is taken to sleep on a disk, where it needs no processor; from then
// on it counts no more. So whoever waits outside gets in after that time at the latest, however many hang.
// Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

namespace ndcat {

class Turnstile {
 public:
  using Clock = std::chrono::steady_clock;

  /// `width` threads at once, at least 1, those not counted that are inside for longer than `patience`.
  Turnstile(int width, Clock::duration patience);
  Turnstile(const Turnstile&) = delete;
  Turnstile& operator=(const Turnstile&) = delete;

  /// Waits for a place; inside for as long as it lives, which is shorter than its Turnstile does.
  class Pass {
   public:
    explicit Pass(Turnstile& turnstile) : turnstile_(turnstile), number_(turnstile.enter()) {}
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass() { turnstile_.leave(number_); }

   private:
    Turnstile& turnstile_;
    const std::uint64_t number_;
  };

 private:
  struct Entered {
    std::uint64_t number;
    Clock::time_point when;
  };
  std::uint64_t enter();
  void leave(std::uint64_t number);

  const std::size_t width_;
  const Clock::duration patience_;
  std::mutex mutex_;
  std::condition_variable place_is_free_;
  std::vector<Entered> inside_;  // those that count, in the order in which they came
  std::uint64_t last_number_ = 0;
};

}  // namespace ndcat
