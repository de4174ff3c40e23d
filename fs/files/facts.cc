#include "fs/files/facts.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

namespace ndcat {
namespace {

constexpr std::size_t kFilesPerTurn = 512;
constexpr std::size_t kWorthThreads = 2000;
constexpr unsigned kMostThreads = 4;

bool is_unchanged(const FileTable& files, SourceId id, PathWalk& walk) {
  const Location location = walk.locate(files.path(id));
  return location.ok() && location.identity == files.identity(id);
}

/// Several of these run at once on one count of files taken.
void check_files(const FileTable& files, PathWalk walk, std::atomic<std::size_t>& next,
                 std::atomic<bool>& good) {
  while (good.load(std::memory_order_relaxed)) {
    const std::size_t begin = next.fetch_add(kFilesPerTurn);
    if (begin >= files.size()) return;
    const std::size_t end = std::min(files.size(), begin + kFilesPerTurn);
    for (std::size_t i = begin; i < end; ++i) {
      if (!is_unchanged(files, static_cast<SourceId>(i), walk)) {
        good.store(false, std::memory_order_relaxed);
        return;
      }
    }
  }
}

bool is_conclusive(const FileIdentity& identity, Nanoseconds observed) {
  // mtime can be set to anything, the future too; ctime cannot.
  const Nanoseconds safe = observed - kCoarsestClock;
  const bool modified_just_now = identity.modified > safe && identity.modified < observed + kCoarsestClock;
  return identity.changed <= safe && !modified_just_now;
}

}  // namespace

bool still_holds(const Fact& fact, PathWalk& walk) {
  const Location location = walk.locate(fact.path);
  switch (fact.kind) {
    case Fact::Kind::leads_nowhere:
      return !location.ok() && location.reason == fact.reason;
    case Fact::Kind::is_unchanged:
    case Fact::Kind::is_manifest:
      return location.ok() && location.identity == fact.identity;
    case Fact::Kind::is_directory:
      return location.ok() && location.identity.is_directory();
    case Fact::Kind::is_none:
      return !location.ok() || !location.identity.is_directory();
  }
  return false;
}

bool all_hold(const Facts& facts, const FileTable& files, const PathWalk& prototype) {
  PathWalk walk = prototype;
  for (const Fact& fact : facts) {
    if (!still_holds(fact, walk)) return false;
  }
  std::atomic<std::size_t> next{0};
  std::atomic<bool> good{true};
  std::vector<std::jthread> helpers;
  if (files.size() >= kWorthThreads) {
    const unsigned count = std::min(kMostThreads, std::max(1u, std::thread::hardware_concurrency()));
    try {
      while (helpers.size() + 1 < count) {
        helpers.emplace_back([&] { check_files(files, prototype, next, good); });
      }
    } catch (const std::system_error&) {
      // No thread to be had: those that there are do it all.
    }
  }
  check_files(files, std::move(walk), next, good);
  helpers.clear();
  return good;
}

bool times_are_conclusive(const Facts& facts, const FileTable& files, Nanoseconds observed) {
  for (const Fact& fact : facts) {
    const bool has_times = fact.kind == Fact::Kind::is_unchanged || fact.kind == Fact::Kind::is_manifest;
    if (has_times && !is_conclusive(fact.identity, observed)) return false;
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!is_conclusive(files.identity(static_cast<SourceId>(i)), observed)) return false;
  }
  return true;
}

}  // namespace ndcat
