#include "fs/files/patient_open.h"

#include <fcntl.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace ndcat {

Descriptor patient_open(int folder, const char* name, int flags, const std::function<void()>& make_room) {
  constexpr int kTries = 100;
  for (int tries = 0;;) {
    Descriptor fd(::openat(folder, name, flags | O_CLOEXEC));
    if (fd.is_open()) return fd;
    if (errno == EINTR) continue;
    if ((errno != EMFILE && errno != ENFILE) || ++tries == kTries) return fd;
    if (make_room) make_room();
    std::this_thread::sleep_for(std::chrono::milliseconds(tries));
  }
}

}  // namespace ndcat
