#include "fs/commands/console.h"

#include <cerrno>
#include <cstring>

namespace ndcat {

std::string printable(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F) c = '?';
  }
  return result;
}

void print_error(const std::string& message, Console& console) {
  console.err << "ndcat: " + (console.err_is_terminal ? printable(message) : message) + '\n';
}

void print_write_failure(int error_number, Console& console) {
  if (error_number != EPIPE)
    print_error(std::string("cannot write to standard output: ") + std::strerror(error_number), console);
}

bool Progress::is_due() { return console_.err_is_terminal && Clock::now() >= next_; }

void Progress::show(const std::string& line) {
  clear();
  console_.err << printable(line) << std::flush;
  shown_ = true;
  next_ = Clock::now() + std::chrono::milliseconds(200);
}

void Progress::clear() {
  if (shown_) console_.err << "\r\033[K" << std::flush;
  shown_ = false;
}

}  // namespace ndcat
