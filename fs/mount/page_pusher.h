// PagePusher: a thread that has pages of virtual files brought into the kernel's cache before they are asked
// for.
//
// It does so while the answer to a read is held back: the reader who waits for it finds them there, or on
// their way, when he goes on, and does not overtake. The pages are those that he will touch next (see
// StridePredictor); the kernel is asked for them by the Outrider.
//
// A read is held back for a bounded time, and only for what its reader would soon wait for himself. Only
// pages whose sources are in memory are asked for: of the requests that the kernel has under way at once,
// none waits for a disk on account of a guess.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "fs/mount/column_walk.h"
#include "fs/mount/inodes.h"
#include "fs/mount/read_buffers.h"
#include "fs/mount/request.h"

namespace ndcat {

class PagePusher {
 public:
  /// Asks the kernel for these pages of a file of this size, and returns when it has been asked or it takes
  /// too long. False: nothing need be tried any more. Called by the thread, without any lock.
  using Ask = std::function<bool(const Push& push, Index file_size)>;

  /// A read that has its answer.
  struct HeldRead {
    Request request;
    ReadBuffers::Lease buffer;  // which may hold it
    BytesRead answer;
    NodeReference node;  // of the file
  };

  PagePusher() = default;
  PagePusher(const PagePusher&) = delete;
  PagePusher& operator=(const PagePusher&) = delete;
  ~PagePusher() { stop(); }

  /// Before it is called nothing is pushed. Call once.
  void start(Ask ask);
  /// From now on nothing is pushed; returns when what was held back is answered, which takes no longer than
  /// one call of Ask.
  void stop();

  /// Answers the read after the push; or at once when too much is under way.
  void push_then_answer(HeldRead read, const Push& push);

  /// The file for which Ask has been called and has not returned; null for none, and when it was taken.
  [[nodiscard]] NodeReference take_target();

 private:
  struct Job {
    HeldRead read;
    Push push;
  };

  [[nodiscard]] bool hold(HeldRead& read, const Push& push);
  void run();
  [[nodiscard]] bool ask(const Job& job);

  std::mutex mutex_;
  std::condition_variable changed_;
  Ask ask_;  // null before start(), and when it has given up
  std::thread thread_;
  bool is_stopping_ = false;
  std::deque<Job> held_;  // the first is the one under way
  NodeReference target_;
};

}  // namespace ndcat
