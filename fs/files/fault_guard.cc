#include "fs/files/fault_guard.h"

#include <ucontext.h>

#include <csetjmp>
#include <csignal>
#include <mutex>

namespace ndcat {
namespace {

struct Guard {
  sigjmp_buf environment;
  Guard* outer;
  const void* volatile address;
};

thread_local constinit Guard* innermost = nullptr;
struct sigaction previous_action;

void on_fault(int number, siginfo_t* info, void* context) {
  if (innermost != nullptr) {
    innermost->address = info->si_addr;
    // The jump leaves the mask of signals alone (saving it would cost every request a system call), and a
    // sanitizer may have blocked them all for the time of this handler.
    ::pthread_sigmask(SIG_SETMASK, &static_cast<ucontext_t*>(context)->uc_sigmask, nullptr);
    siglongjmp(innermost->environment, 1);
  }
  if ((previous_action.sa_flags & SA_SIGINFO) != 0) {
    previous_action.sa_sigaction(number, info, context);
  } else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN) {
    previous_action.sa_handler(number);
  } else {
    // Not ours: the access is tried again, and then ends the process as if we were not here.
    ::sigaction(number, &previous_action, nullptr);
  }
}

void install_handler() {
  struct sigaction action = {};
  action.sa_sigaction = on_fault;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigaction(SIGBUS, &action, &previous_action);
}

}  // namespace

const void* run_guarded(void (*body)(void* context), void* context) {
  static std::once_flag installed;
  std::call_once(installed, install_handler);
  Guard guard;
  guard.outer = innermost;
  guard.address = nullptr;
  if (sigsetjmp(guard.environment, 0) == 0) {
    innermost = &guard;
    body(context);
  }
  innermost = guard.outer;
  return guard.address;
}

}  // namespace ndcat
