// What of newer kernels and libfuses a mount asks for, and what it is told when there is none of it.
//
// Not asked for: requests through io_uring, which libfuse has from 3.18 on. Each processor then has one queue
// with one thread, and with 8 places for requests under way (lib/fuse_uring.c of libfuse 3.18.2). That leaves
// two ways, and a disk that does not answer stops the mount in both:
//  - The thread of a queue does what it is asked. Then one read that waits for a disk stops all requests of
//    its processor, and libfuse interrupts none of them. Of hanging_disk_test.cc, run that way on two
//    processors, "a hanging name does not stop other names", "reads that hang do not count among threads" and
//    "processes that wait for a dead disk can be killed" hung for good.
//  - Other threads do it, as a Bulkhead's jobs may. Then they answer, too: fuse_uring_commit_sqe() puts their
//    answers into the ring under a lock that the queue's own thread does not hold while it submits from the
//    same ring, in io_uring_submit_and_wait(); and fuse_free_req() ends the use of a place that the kernel
//    may have filled again. Eight readers of two healthy disks (-o direct,max_threads=4, so that jobs were
//    handed over) stood still for good with all threads idle, where /dev/fuse served 500 000 reads in six
//    seconds. Places would run out even so: the ninth request of a processor waits for one of the eight.
// Up to twice as many small reads a second, and nothing for cached sequential ones, are not worth that.
#pragma once

#include "fs/mount/fuse.h"
#include "fs/mount/options.h"

namespace ndcat {

/// Of what was asked for, what is there.
struct KernelFeatures {
  bool passthrough = false;
};

/// To be called within init(): wants what `options` ask for as far as kernel and libfuse have it, and logs
/// what they lack. The mount goes on without.
KernelFeatures want_features(const MountOptions& options, fuse_conn_info& info);

}  // namespace ndcat
