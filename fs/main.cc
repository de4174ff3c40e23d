// main(): the process's descriptors, terminal and environment into a Console, then run().
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <new>
#include <ostream>
#include <string>
#include <vector>

#include "fs/commands/commands.h"
#include "fs/commands/descriptor_stream.h"
#include "fs/mount/outrider_process.h"

namespace ndcat {
namespace {

/// A program may be started with a standard descriptor closed; the next file opened would then take its
/// number, and messages would be written into it. The closed ones become such that reading or writing fails,
/// as it would have.
void occupy_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    const int opened = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened != descriptor) std::_Exit(to_int(ExitCode::internal));
  }
}

/// Colours only where a person looks at a terminal that has them (https://no-color.org).
Styling styling_of(bool is_terminal) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool wanted = no_colour == nullptr || *no_colour == '\0';
  const bool able = terminal != nullptr && std::string_view(terminal) != "dumb";
  return is_terminal && wanted && able ? Styling::coloured : Styling::plain;
}

ExitCode run_process(std::span<const std::string> words) {
  DescriptorBuffer out_buffer(STDOUT_FILENO), err_buffer(STDERR_FILENO);
  std::ostream out(&out_buffer), err(&err_buffer);
  const bool out_is_terminal = ::isatty(STDOUT_FILENO) == 1, err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  err << std::unitbuf;
  if (out_is_terminal) out << std::unitbuf;  // so that it keeps its place among the lines of standard error
  Console console{out,
                  err,
                  STDOUT_FILENO,
                  out_is_terminal,
                  err_is_terminal,
                  styling_of(out_is_terminal),
                  styling_of(err_is_terminal)};
  const Mounting mounting{mount, mount_option_help(), fuse_version()};
  try {
    return run(words, mounting, console);
  } catch (const std::bad_alloc&) {
    print_error("not enough memory", console);
  } catch (const std::exception& failure) {  // of the standard library: threads, say
    print_error(failure.what(), console);
  }
  return ExitCode::internal;
}

}  // namespace
}  // namespace ndcat

int main(int argc, char** argv) {
  ndcat::occupy_standard_descriptors();
  if (const auto code = ndcat::run_outrider({argv, static_cast<std::size_t>(argc)}))
    return ndcat::to_int(*code);
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  return ndcat::to_int(ndcat::run_process(words));
}
