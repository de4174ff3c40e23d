// The words of the command line, once: every command and option with what is said of it.
//
// The parser (arguments.cc), --help (help_text.cc), the man page and the shell completions (manual/) are all
// made from these tables, so none can say something that another does not. What may follow -o stands in
// fs/mount/mount.h, the exit statuses in fs/exit_codes.h. Constant data, safe from any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ndcat {

struct OptionText {
  std::string_view names;  // as CLI11 takes them: "-f,--foreground"
  std::string_view value;  // what stands for its argument, "DIR[:DIR...]"; empty: a flag
  std::string_view words;
  std::string_view
      completion;  // what completes the argument: "folder", or words with '|' between; empty: nothing
};

struct ArgumentText {
  std::string_view name;  // "MANIFEST|DIR"
  std::string_view words;
  bool repeats = false;  // one or more
};

struct ExampleText {
  std::string_view command;
  std::string_view words;
};

struct CommandText {
  std::string_view name;      // "check"
  std::string_view synopsis;  // what follows "ndcat " in the usage line
  std::string_view summary;   // one line, no full stop
  std::span<const std::string_view> paragraphs;
  std::span<const ArgumentText> arguments;
  std::span<const OptionText> options;
  std::span<const ExampleText> examples;
};

inline constexpr std::string_view kTagline = "many array files, shown as one ordinary file";

[[nodiscard]] std::span<const CommandText> command_texts();
[[nodiscard]] std::vector<std::string_view> command_names();
/// Null when there is no such command.
[[nodiscard]] const CommandText* find_command(std::string_view name);
/// -h and -V, which stand before or after any command.
[[nodiscard]] std::span<const OptionText> general_options();

}  // namespace ndcat
