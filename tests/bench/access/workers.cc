#include "workers.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <latch>
#include <system_error>
#include <thread>
#include <utility>

#include "patterns.h"

namespace bench {
namespace {

constexpr std::size_t kAlignment = 4096;  // of the borders between workers

class OpenFile {
 public:
  OpenFile(const std::string& path, int access) : descriptor_(::open(path.c_str(), access | O_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), path);
  }
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int descriptor() const { return descriptor_; }
  std::size_t size() const {
    struct stat attributes = {};
    if (::fstat(descriptor_, &attributes) != 0)
      throw std::system_error(errno, std::generic_category(), "fstat");
    return static_cast<std::size_t>(attributes.st_size);
  }

 private:
  int descriptor_;
};

std::vector<Share> shares(std::size_t size, std::size_t workers) {
  std::vector<Share> result;
  const std::size_t each = (size / workers + kAlignment - 1) / kAlignment * kAlignment;
  for (std::size_t i = 0; i < workers; ++i)
    result.push_back({std::min(i * each, size), i + 1 == workers ? size : std::min((i + 1) * each, size)});
  return result;
}

/// One worker's run in a thread of its own.
struct Run {
  Tally tally;
  Clock::time_point begin, end;
  std::exception_ptr failure;
};

Outcome run_once(const Task& task, const std::vector<OpenFile>& files, const std::vector<Share>& parts,
                 Clock::duration patience) {
  std::vector<Run> runs(files.size());
  const auto work = writes(task.pattern) ? write_share : read_share;
  std::latch ready(static_cast<std::ptrdiff_t>(files.size()));
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < files.size(); ++i) {
      threads.emplace_back([&, i] {
        ready.arrive_and_wait();
        runs[i].begin = Clock::now();
        try {
          runs[i].tally = work(task, files[i].descriptor(), parts[i], runs[i].begin + patience);
        } catch (...) {
          runs[i].failure = std::current_exception();
        }
        runs[i].end = Clock::now();
      });
    }
  }
  Outcome outcome;
  auto begin = runs.front().begin, end = runs.front().end;
  for (auto& one : runs) {
    if (one.failure) std::rethrow_exception(one.failure);
    begin = std::min(begin, one.begin);
    end = std::max(end, one.end);
    outcome.tallies.push_back(std::move(one.tally));
  }
  outcome.seconds = std::chrono::duration<double>(end - begin).count();
  return outcome;
}

int access_for(Pattern pattern) {
  if (pattern == Pattern::append) return O_WRONLY | O_APPEND;
  return writes(pattern) ? O_RDWR : O_RDONLY;
}

}  // namespace

Outcome run_workers(const Task& task, const std::string& path, int workers, bool warm,
                    double seconds_at_most) {
  std::vector<OpenFile> files;
  for (int i = 0; i < workers; ++i) files.emplace_back(path, access_for(task.pattern));
  const auto parts = shares(files.front().size(), files.size());
  const auto patience =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds_at_most));
  if (warm) run_once(task, files, parts, patience);
  return run_once(task, files, parts, patience);
}

}  // namespace bench
