// A guard around code that reads from maps of files: a file that was truncated meanwhile, or a disk that
// fails, raises SIGBUS where a read() would have given an error.
#pragma once

namespace ndcat {

/// Calls body(context). Null when it returned; when a map faulted in this thread, the address, and body was
/// left in the middle: nothing between this call and the access may need a destructor. Costs a few
/// nanoseconds; may be nested. The first call installs the process's handler of SIGBUS, which passes on what
/// is not ours to the one before it.
[[nodiscard]] const void* run_guarded(void (*body)(void* context), void* context);

}  // namespace ndcat
