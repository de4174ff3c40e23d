#include "fs/commands/help_text.h"

#include <algorithm>

namespace ndcat {
namespace {

constexpr std::size_t kWidth = 80;

std::string heading(std::string_view words, Styling styling) {
  const bool coloured = styling == Styling::coloured;
  return (coloured ? "\033[1m" : "") + std::string(words) + (coloured ? "\033[0m" : "") + "\n";
}

/// `words` broken at spaces, every line but the first indented; a word longer than a line stays whole.
std::string wrapped(std::string_view words, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  while (!words.empty()) {
    const std::size_t length = std::min(words.find(' '), words.size());
    if (column > indent && column + 1 + length > kWidth) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += words.substr(0, length);
    column += length;
    words.remove_prefix(std::min(length + 1, words.size()));
  }
  return result;
}

/// A term and its meaning, side by side, or below each other when the term is long.
std::string entry(std::string_view term, std::string_view words, std::size_t indent) {
  std::string line = "  " + std::string(term);
  if (line.size() + 2 <= indent) {
    line.resize(indent, ' ');
  } else {
    line += "\n" + std::string(indent, ' ');
  }
  return line + wrapped(words, indent) + "\n";
}

std::string paragraphs(std::span<const std::string_view> texts) {
  std::string result;
  for (const auto& text : texts) result += "\n" + wrapped(text, 0) + "\n";
  return result;
}

std::string options_part(std::span<const OptionText> options, std::string_view title, Styling styling) {
  if (options.empty()) return "";
  std::string result = "\n" + heading(title, styling);
  for (const auto& option : options) result += entry(shown_option(option), option.words, 26);
  return result;
}

std::string usage_line(const CommandText& command) {
  return "  ndcat " + wrapped(command.synopsis, 12) + "\n";
}

constexpr std::string_view kFirstExample = R"(
  $ cat runs/all.json
  {"concatenate": ["monday.npy", "tuesday.npy"], "axis": 0}
  $ ndcat runs mnt
  $ ls mnt
  all.json  all.npy  all.raw
  $ python3 -c 'import numpy as np; print(np.load("mnt/all.npy", mmap_mode="r").shape)'
  (20000, 1000)
  $ fusermount3 -u mnt
)";

}  // namespace

std::string shown_option(const OptionText& option) {
  std::string shown;
  for (const char c : option.names) shown += c == ',' ? std::string(", ") : std::string(1, c);
  return option.value.empty() ? shown : shown + " " + std::string(option.value);
}

std::string general_help(Styling styling) {
  std::string text = "ndcat: " + std::string(kTagline) + "\n\n" + heading("Usage:", styling);
  for (const auto& command : command_texts()) text += usage_line(command);
  text += "\n" +
          wrapped(
              "A manifest is a short JSON file that says how arrays are put together, in NumPy's words. A "
              "mount shows each "
              "as the file that NumPy would have saved, byte for byte, without making a copy:",
              0) +
          "\n";
  text += kFirstExample;
  text += "\n" + heading("Commands (ndcat help COMMAND says more):", styling);
  for (const auto& command : command_texts()) text += entry(command.name, command.summary, 10);
  text += options_part(general_options(), "Options:", styling);
  text += "\n" + heading("Exit status:", styling);
  for (const auto& exit : kExitCodes) text += entry(std::to_string(to_int(exit.code)), exit.meaning, 7);
  return text + "\n" + "`man ndcat` has all of it, mount options and fstab included.\n";
}

std::string command_help(const CommandText& command, std::span<const MountOptionHelp> mount_options,
                         Styling styling) {
  std::string text = "ndcat " + std::string(command.name) + ": " + std::string(command.summary) + "\n\n" +
                     heading("Usage:", styling);
  text += usage_line(command) + paragraphs(command.paragraphs);
  text += "\n" + heading("Arguments:", styling);
  for (const auto& argument : command.arguments) text += entry(argument.name, argument.words, 26);
  text += options_part(command.options, "Options:", styling);
  if (command.name == "mount") {
    text += "\n" + heading("Mount options (-o):", styling);
    for (const auto& option : mount_options) text += entry(option.name, option.text, 26);
  }
  text += options_part(general_options(), "General options:", styling);
  text += "\n" + heading("Examples:", styling);
  for (const auto& example : command.examples) {
    text += "  # " + std::string(example.words) + "\n  " + std::string(example.command) + "\n";
  }
  return text;
}

}  // namespace ndcat
