// Bulkhead: keeps what hangs in one place from using up the threads that others need.
//
// A thread that touches a vanished network disk sleeps in the kernel until the disk returns. So jobs run in
// lanes (one per disk, say) and a lane holds only a few threads; a job that finds its lane full is put aside
// without a thread, and runs in the thread of the next job that leaves. Jobs of one lane start in the order
// in which they came. Thread-safe. On destruction no job may be running; then none is put aside either.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace ndcat {

class Bulkhead {
 public:
  using Lane = std::uint64_t;

  /// At most `lane_limit` jobs at once in each lane, and `total_limit` in all lanes together; both at
  /// least 1.
  Bulkhead(int lane_limit, int total_limit) : lane_limit_(lane_limit), total_limit_(total_limit) {}
  Bulkhead(const Bulkhead&) = delete;
  Bulkhead& operator=(const Bulkhead&) = delete;

  /// Calls job() once: now in this thread, or later in the thread of another caller. What it throws is logged
  /// and goes no further. Before it may be put aside, its keep() is called if it has one: until then it may
  /// use what is its caller's.
  template <class Job>
  void run(Lane lane, Job job) {
    std::optional<JobOf<Job>> now(std::in_place, std::move(job));
    if (enter(lane)) {
      call(*now);
      now.reset();  // before the jobs of others, which may take long
    } else {
      if constexpr (requires { now->job.keep(); }) now->job.keep();
      auto later = enter_or_park(lane, std::make_unique<JobOf<Job>>(*std::move(now)));
      if (later == nullptr) return;
      call(*later);
      later.reset();
    }
    leave(lane);
  }

  /// Jobs put aside at this moment.
  [[nodiscard]] std::size_t parked() const;

 private:
  struct AnyJob {
    virtual ~AnyJob() = default;
    virtual void run() = 0;
  };
  template <class Job>
  struct JobOf final : AnyJob {
    explicit JobOf(Job j) : job(std::move(j)) {}
    void run() override { job(); }
    Job job;
  };
  struct LaneState {
    int running = 0;
    std::deque<std::unique_ptr<AnyJob>> parked;
  };
  struct Parked {
    Lane lane = 0;
    std::unique_ptr<AnyJob> job;
  };

  static void call(AnyJob& job);
  [[nodiscard]] bool enter(Lane lane);
  // Gives the job back when there is room after all.
  [[nodiscard]] std::unique_ptr<AnyJob> enter_or_park(Lane lane, std::unique_ptr<AnyJob> job);
  // Runs what may run now that a job of this lane has ended.
  void leave(Lane lane);
  [[nodiscard]] Parked leave_and_take_next(Lane lane);
  [[nodiscard]] bool enter_locked(Lane lane);

  const int lane_limit_;
  const int total_limit_;
  mutable std::mutex mutex_;
  int running_ = 0;
  std::unordered_map<Lane, LaneState> lanes_;  // those with a job
  std::deque<Parked> parked_for_total_;        // their lanes had room when they came
};

}  // namespace ndcat
