// Console: where a command writes, and what it may assume of who reads there.
//
// main.cc makes one of the process's descriptors, tests of string streams. Used by one thread.
#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>

#include "fs/commands/help_text.h"

namespace ndcat {

struct Console {
  std::ostream& out;
  std::ostream& err;
  int out_descriptor;  // the one behind `out`, for bytes in bulk; `out` is empty then
  bool out_is_terminal = false, err_is_terminal = false;
  Styling out_styling = Styling::plain, err_styling = Styling::plain;
};

/// What of `text` a terminal may be given: control characters but tab and newline, of which names of files
/// can be full, become '?'.
[[nodiscard]] std::string printable(std::string_view text);

/// "ndcat: MESSAGE" on standard error.
void print_error(const std::string& message, Console& console);

/// Says that standard output took no more; nothing for EPIPE: the reader has gone, and a pipe says that by
/// itself.
void print_write_failure(int error_number, Console& console);

/// A line on a terminal's standard error that says how far long work has come; nothing elsewhere, nothing in
/// the first second. Whoever prints there meanwhile calls clear() before.
class Progress {
 public:
  explicit Progress(Console& console) : console_(console) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// True when the line is due; only then is its text worth making.
  [[nodiscard]] bool is_due();
  void show(const std::string& line);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  Console& console_;
  Clock::time_point next_ = Clock::now() + std::chrono::seconds(1);
  bool shown_ = false;
};

}  // namespace ndcat
