// PageInspector: holds back the answers to writes of which it is not certain that the kernel's pages show
// them (see PageBaseline), until it is; and those to writes that were refused, until no page shows them.
//
// It asks the kernel for what its pages hold (fuse_lowlevel_notify_retrieve(), which waits for nothing). The
// kernel gives what is read and in its cache, up to the first page that is not.
//
// - A page that shows the write shows it from then on: its baseline takes the write over.
// - One that shows something else was read before the write came here. Its baseline is as it was read, which
//   stays right. It is dropped before the write is answered, so that whoever has written reads it. The writer
//   holds no lock of such a page, as he would have put his bytes into it.
// - One that was not given is not there, or just being read, or the writer holds its lock, as the kernel does
//   with a page that it has not read, until he is answered. What comes into the cache later is read from what
//   was written; only what is just being read may be older, so the page is dropped after the answer.
//
// The kernel takes the pages of a refused write for unread from the answer on: if somebody reads them, what
// maps have stored there is gone. So they are dropped before the answer, which writes such stores back. Old
// kernels give pages, too, that the writer has locked; these have no stores in them and are not waited for
// long.
//
// Dropping waits in the kernel for the lock of a page, as PageDropper tells; the pages are few, and seldom.
//
// Who changes the same bytes meanwhile does so at the time of a write that has not returned, and either may
// be the last.
//
// Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <unordered_map>
#include <vector>

#include "fs/mount/open_files.h"
#include "fs/mount/read_buffers.h"
#include "fs/mount/request.h"

namespace ndcat {

class PageInspector {
 public:
  using Part = PageBaseline::Range;
  using Ticket = std::uint64_t;

  /// A write that is done, and waits for its answer.
  struct HeldWrite {
    Request request;
    std::shared_ptr<OpenFile> file;
    Index offset = 0;
    std::span<const std::byte> bytes;  // in the buffer; while there is none, the kernel's request's
    ReadBuffers::Lease buffer = {};
    std::optional<ReadFailure> failure = {};
  };

  /// Has the kernel tell what its pages show of a part of a file, which then comes to retrieved(). False when
  /// it does not.
  using Retrieve = std::function<bool(InodeNumber number, const Part& part, Ticket ticket)>;
  /// Makes the kernel drop a part of a file's page cache; returns when it has.
  using Drop = std::function<void(InodeNumber number, Index offset, Index length)>;
  /// Answers. `unseen`: parts to be dropped afterwards.
  using Answer = std::function<void(HeldWrite write, const std::vector<Part>& unseen)>;

  explicit PageInspector(Answer answer) : answer_(std::move(answer)) {}
  PageInspector(const PageInspector&) = delete;
  PageInspector& operator=(const PageInspector&) = delete;
  ~PageInspector() { stop(); }

  /// Before anything is held. Call once.
  void start(Retrieve retrieve, Drop drop);
  /// `drop` is not called any more, and nothing is held. Precondition: the kernel answers, or has given up
  /// the mount.
  void stop();

  /// Answers when all doubtful parts were looked at, sooner or later. The baseline is that of the doubt.
  /// Precondition: the write has its bytes in a buffer.
  void hold(HeldWrite write, std::shared_ptr<PageBaseline> baseline, PageBaseline::Doubt doubt);
  /// What pages show, from the beginning of the part on.
  void retrieved(Ticket ticket, std::span<const std::byte> shown);

 private:
  struct Inspection {
    HeldWrite write;
    std::shared_ptr<PageBaseline> baseline;
    PageBaseline::Doubt doubt;
    std::size_t next = 0;  // of the doubtful parts
    std::vector<Part> to_drop, unseen;
  };

  [[nodiscard]] static Part stretch_of(const Inspection& inspection);
  static void compare(Inspection& inspection, std::span<const std::byte> shown);
  static void leave_unseen(Inspection& inspection);
  void go_on(std::unique_ptr<Inspection> inspection);
  void end(std::unique_ptr<Inspection> inspection);
  void drop_and_answer();

  const Answer answer_;
  Retrieve retrieve_;
  Drop drop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ending_ = false;
  Ticket last_ = 0;
  std::unordered_map<Ticket, std::unique_ptr<Inspection>> asked_;
  std::deque<std::unique_ptr<Inspection>> to_drop_;
  std::thread thread_;  // that waits for pages to be dropped
};

}  // namespace ndcat
