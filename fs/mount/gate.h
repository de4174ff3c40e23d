// Gate: lets calls in until what they use is about to go, and then waits for those inside. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace ndcat {

class Gate {
 public:
  /// Calls call() while the gate stays open for it; false when it is closed.
  template <class Call>
  bool pass(Call call) {
    {
      const std::lock_guard lock(mutex_);
      if (is_closed_) return false;
      ++inside_;
    }
    call();
    const std::lock_guard lock(mutex_);
    --inside_;
    left_.notify_all();
    return true;
  }

  /// From now on nobody is let in. Returns when nobody is inside, or after `limit`: false then.
  bool close(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    is_closed_ = true;
    return left_.wait_for(lock, limit, [this] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable left_;
  bool is_closed_ = false;
  int inside_ = 0;
};

}  // namespace ndcat
