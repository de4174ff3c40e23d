#include "fs/commands/manual/manual_page.h"

#include <map>

#include "fs/commands/help_text.h"

namespace ndcat {
namespace {

/// Plain words as roff prints them unchanged. Every '-' becomes a minus, so that options can be copied from
/// the page.
std::string roff(std::string_view words) {
  std::string result;
  if (words.starts_with('.') || words.starts_with('\'')) result = "\\&";
  for (const char c : words) {
    switch (c) {
      case '\\':
        result += "\\(rs";
        break;
      case '-':
        result += "\\-";
        break;
      case '~':
        result += "\\(ti";
        break;
      case '^':
        result += "\\(ha";
        break;
      case '`':
        result += "\\(ga";
        break;
      case '\'':
        result += "\\(aq";
        break;
      case '"':
        result += "\\(dq";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string tagged(std::string_view tag, std::string_view words) {
  return ".TP\n.B \"" + roff(tag) + "\"\n" + roff(words) + "\n";
}

std::string options_part(std::span<const OptionText> options) {
  std::string text;
  for (const auto& option : options) text += tagged(shown_option(option), option.words);
  return text;
}

std::string synopsis() {
  std::string text;
  for (const auto& command : command_texts()) text += ".B ndcat\n" + roff(command.synopsis) + "\n.br\n";
  return text;
}

std::string commands_part() {
  std::string text;
  for (const auto& command : command_texts()) {
    text += ".SS \"ndcat " + roff(command.synopsis) + "\"\n";
    for (const auto& paragraph : command.paragraphs) text += ".PP\n" + roff(paragraph) + "\n";
    for (const auto& argument : command.arguments) text += tagged(argument.name, argument.words);
    text += options_part(command.options);
  }
  return text;
}

std::string mount_options_part(std::span<const MountOptionHelp> options) {
  std::string text;
  for (const auto& option : options) text += tagged(option.name, option.text);
  return text;
}

std::string exit_status_part() {
  std::string text;
  for (const auto& exit : kExitCodes) text += tagged(std::to_string(to_int(exit.code)), exit.meaning);
  return text;
}

std::string examples_part() {
  std::string text;
  for (const auto& command : command_texts()) {
    for (const auto& example : command.examples) {
      text += ".PP\n" + roff(example.words) + "\n.PP\n.RS\n.EX\n" + roff(example.command) + "\n.EE\n.RE\n";
    }
  }
  return text;
}

}  // namespace

Result<std::string> manual_page(std::string_view page_template, std::string_view version,
                                std::span<const MountOptionHelp> mount_options) {
  const std::map<std::string_view, std::string> parts = {
      {"VERSION", std::string(version)},
      {"TAGLINE", roff(kTagline)},
      {"SYNOPSIS", synopsis()},
      {"COMMANDS", commands_part()},
      {"GENERAL_OPTIONS", options_part(general_options())},
      {"MOUNT_OPTIONS", mount_options_part(mount_options)},
      {"EXIT_STATUS", exit_status_part()},
      {"EXAMPLES", examples_part()},
  };
  std::string page;
  for (;;) {
    const std::size_t begin = page_template.find('@');
    page += page_template.substr(0, begin);
    if (begin == std::string_view::npos) return page;
    page_template.remove_prefix(begin + 1);
    const std::size_t end = page_template.find('@');
    const auto part = parts.find(page_template.substr(0, end));
    if (end == std::string_view::npos || part == parts.end()) {
      return Error{"the template has no such part: @" + std::string(page_template.substr(0, 20))};
    }
    page += part->second;
    page_template.remove_prefix(end + 1);
    const bool ends_line = part->second.ends_with('\n') && page_template.starts_with('\n');
    if (ends_line) page_template.remove_prefix(1);
  }
}

}  // namespace ndcat
