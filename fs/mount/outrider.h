// Outrider: a process beside the daemon that opens files of the mount for its sake, as any program may: it
// reads ahead in them, or has their pages given up (see PageDropper).
//
// Pages that somebody will touch next are to be in the kernel's cache before. A daemon can put them there
// itself (fuse_lowlevel_notify_store()), but waits then in the kernel for the lock of a page that is just
// being read: if it is killed meanwhile, that read is never answered, the wait never ends, and the waiting
// thread keeps /dev/fuse open; so the connection does not end either, readers hang and cannot be killed, and
// so does sync(2) of the whole machine, until somebody writes to /sys/fs/fuse/connections/N/abort. It was
// seen with several readers of one file.
//
// Hence the daemon stores nothing. It tells the outrider what to ask for, and that one opens the file and
// calls posix_fadvise(POSIX_FADV_WILLNEED): an ordinary reader, of whom the kernel knows nothing but that.
// Nothing hangs for its sake, because
//
// - it has no descriptor of /dev/fuse (between errands it has none but the socket and /dev/null), no memory
//   and no lock of the daemon's: whatever it waits for in the kernel, the daemon can end, by any signal, with
//   or without a core dump, and with its end the connection ends, and with it the outrider's wait;
// - the daemon waits for it in user space alone, in threads that answer nothing else, the PagePusher's not
//   for long;
// - killed itself, it leaves what a killed reader leaves.
//
// What it reads is right for the reasons for which what others read is: the kernel asks by READ, keeps pages
// within the file, and lets an open() that drops the cache wait for reads under way. The mount is in use
// while an errand lasts, about a millisecond; who reads or writes, and made it necessary, has the file open
// anyway.
//
// It is started for the first errand, and is the same program under another name.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <string>

#include "fs/files/descriptor.h"
#include "fs/mount/errand.h"

namespace ndcat {

class Outrider {
 public:
  enum class Outcome {
    returned,  // it is done
    in_vain,   // it cannot be done
    late,      // not back within the time, or not back from an errand before
    gone,      // there is no outrider any more, and will not be until renew()
  };

  /// For the mount at `mountpoint`, an absolute path. `program`: where this program lies.
  explicit Outrider(std::string mountpoint, std::string program = "/proc/self/exe");
  Outrider(const Outrider&) = delete;
  Outrider& operator=(const Outrider&) = delete;
  /// Ends the process, and waits for that for a second. Call it when the connection has ended.
  ~Outrider();

  /// Waits no longer than `limit`. One thread at a time. The first call starts the process.
  Outcome run(const Errand& errand, std::chrono::milliseconds limit);
  /// Waits once more for one who was late. Precondition: is_away().
  [[nodiscard]] Outcome wait(std::chrono::milliseconds limit);
  /// On an errand that has not ended.
  [[nodiscard]] bool is_away() const { return is_away_; }
  /// Of the last errand that he came back from.
  [[nodiscard]] const Report& report() const { return report_; }
  /// The next errand starts another process if this one is gone.
  void renew() { is_gone_ = false; }

  /// Whether it is the outrider who has this process number. Thread-safe.
  [[nodiscard]] bool is(pid_t process) const { return process == process_; }

 private:
  static constexpr pid_t kNone = -1;

  [[nodiscard]] bool start();
  Outcome lose();

  const std::string mountpoint_, program_;
  Descriptor socket_;
  std::atomic<pid_t> process_ = kNone;
  bool is_away_ = false;
  Report report_;
  bool is_gone_ = false;
};

}  // namespace ndcat
