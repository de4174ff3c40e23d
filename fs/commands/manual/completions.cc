#include "fs/commands/manual/completions.h"

#include <algorithm>
#include <vector>

#include "fs/commands/command_texts.h"

namespace ndcat {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return parts;
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : std::string(separator)) + word;
  return text;
}

std::string joined_commands(std::string_view separator) {
  std::vector<std::string> names;
  for (const auto name : command_names()) names.emplace_back(name);
  return joined(names, separator);
}

/// The words before the first full stop, for the one line that shells show.
std::string first_sentence(std::string_view words) {
  words = words.substr(0, words.find(". "));
  return std::string(words.substr(0, words.size() - (words.ends_with('.') ? 1 : 0)));
}

std::string single_quoted(std::string_view text, std::string_view quote_inside) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string(quote_inside) : std::string(1, c);
  return quoted + "'";
}

/// What mount's -o offers: the names before '=' of options that are single words.
std::string mount_option_names(std::span<const MountOptionHelp> options) {
  std::vector<std::string> names;
  for (const auto& option : options) {
    const std::string name = option.name;
    if (name.find_first_of(" ,*") == std::string::npos) names.push_back(name.substr(0, name.find('=') + 1));
    if (!names.empty() && names.back().empty()) names.back() = name;
  }
  return joined(names, " ");
}

bool is_manifest(const ArgumentText& argument) { return argument.name.starts_with("MANIFEST"); }

std::string bash_values(const CommandText& command, const OptionText& option,
                        const std::string& mount_options) {
  const std::string pattern = std::string(command.name) + ":" +
                              joined(split(option.names, ','), "|" + std::string(command.name) + ":");
  if (option.completion == "folder")
    return "    " + pattern + ") mapfile -t COMPREPLY < <(compgen -d -- \"$current\"); return ;;\n";
  if (!option.completion.empty()) {
    return "    " + pattern + ") COMPREPLY=($(compgen -W \"" + joined(split(option.completion, '|'), " ") +
           "\" -- \"$current\")); return ;;\n";
  }
  return "    " + pattern +
         ")\n      # the part after the last comma\n      COMPREPLY=($(compgen -P "
         "\"${current%\"${current##*,}\"}\" -W \"" +
         mount_options + "\" -- \"${current##*,}\"))\n      compopt -o nospace; return ;;\n";
}

/// One specification of zsh's _arguments: '(-f --foreground)'{-f,--foreground}'[words]:DIR:_directories'.
std::string zsh_option(const OptionText& option) {
  const auto names = split(option.names, ',');
  std::string words = first_sentence(option.words), escaped;
  for (const char c : words)
    escaped += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
  std::string tail = "[" + escaped + "]";
  if (!option.value.empty()) {
    tail += ":value:";
    if (option.completion == "folder")
      tail += "_directories";
    else if (!option.completion.empty())
      tail += "(" + joined(split(option.completion, '|'), " ") + ")";
  }
  const std::string name =
      names.size() > 1 ? "'(" + joined(names, " ") + ")'{" + joined(names, ",") + "}" : names.front();
  return "      " + name + single_quoted(tail, "'\\''") + " \\\n";
}

std::string zsh_command(const CommandText& command) {
  std::string text = "    " + std::string(command.name) + ")\n      _arguments -s \\\n";
  for (const auto& option : general_options()) text += zsh_option(option);
  for (const auto& option : command.options) text += zsh_option(option);
  for (const auto& argument : command.arguments) {
    const std::string completer = is_manifest(argument)        ? "_files"
                                  : argument.name == "COMMAND" ? "(" + joined_commands(" ") + ")"
                                                               : "_directories";
    text += "      '" + std::string(argument.repeats ? "*" : "") + ":" + std::string(argument.name) + ":" +
            completer + "' \\\n";
  }
  text.resize(text.size() - 3);
  return text + " ;;\n";
}

std::string fish_option(std::string_view condition, const OptionText& option) {
  std::string line = "complete -c ndcat" + std::string(condition);
  for (const auto& name : split(option.names, ','))
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.value.empty()) line += " -x";
  if (option.completion == "folder")
    line += " -a '(__fish_complete_directories)'";
  else if (!option.completion.empty())
    line += " -a '" + joined(split(option.completion, '|'), " ") + "'";
  return line + " -d " + single_quoted(first_sentence(option.words), "\\'") + "\n";
}

}  // namespace

std::string bash_completion(std::span<const MountOptionHelp> mount_options) {
  std::string values, options;
  for (const auto& command : command_texts()) {
    std::string names;
    for (const auto& option : general_options()) names += joined(split(option.names, ','), " ") + " ";
    for (const auto& option : command.options) {
      names += joined(split(option.names, ','), " ") + " ";
      if (!option.value.empty()) values += bash_values(command, option, mount_option_names(mount_options));
    }
    names.pop_back();
    options += "      " + std::string(command.name) + ") COMPREPLY=($(compgen -W \"" + names +
               "\" -- \"$current\")) ;;\n";
  }
  return "# bash completion for ndcat\n"
         "_ndcat() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=mount\n"
         "  COMPREPLY=()\n"
         "  if ((COMP_CWORD > 1)); then\n"
         "    case ${COMP_WORDS[1]} in " +
         joined_commands("|") +
         ") command=${COMP_WORDS[1]} ;; esac\n"
         "  fi\n"
         "  case $command:$previous in\n" +
         values +
         "  esac\n"
         "  if [[ $current == -* ]]; then\n"
         "    case $command in\n" +
         options +
         "    esac\n"
         "    return\n"
         "  fi\n"
         "  if ((COMP_CWORD == 1)) || [[ $command == help ]]; then\n"
         "    COMPREPLY=($(compgen -W \"" +
         joined_commands(" ") +
         "\" -- \"$current\"))\n"
         "  fi\n"
         "  if [[ $command != help ]]; then\n"
         "    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- \"$current\"; compgen -f -X "
         "'!*.json' -- \"$current\")\n"
         "    compopt -o filenames\n"
         "  fi\n"
         "}\n"
         "complete -F _ndcat ndcat\n";
}

std::string zsh_completion() {
  std::string text =
      "#compdef ndcat\n"
      "_ndcat() {\n"
      "  local command=mount\n"
      "  local -a commands=(\n";
  for (const auto& command : command_texts()) {
    text += "    " + single_quoted(std::string(command.name) + ":" + std::string(command.summary), "'\\''") +
            "\n";
  }
  text +=
      "  )\n"
      "  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then\n"
      "    _describe command commands\n"
      "    _files\n"
      "    return\n"
      "  fi\n"
      "  case $words[2] in\n"
      "    " +
      joined_commands("|") +
      ") command=$words[2]; shift words; ((CURRENT--)) ;;\n"
      "  esac\n"
      "  case $command in\n";
  for (const auto& command : command_texts()) text += zsh_command(command);
  return text + "  esac\n}\n_ndcat \"$@\"\n";
}

std::string fish_completion() {
  std::string text = "# fish completion for ndcat\n";
  for (const auto& option : general_options()) text += fish_option("", option);
  for (const auto& command : command_texts()) {
    const std::string name(command.name);
    text += "complete -c ndcat -n __fish_use_subcommand -a " + name + " -d " +
            single_quoted(command.summary, "\\'") + "\n";
    // mount is also what a line without any command means
    const std::string condition = name == "mount"
                                      ? " -n 'not __fish_seen_subcommand_from check show cat help'"
                                      : " -n '__fish_seen_subcommand_from " + name + "'";
    for (const auto& option : command.options) text += fish_option(condition, option);
  }
  return text + "complete -c ndcat -n '__fish_seen_subcommand_from help' -x -a '" + joined_commands(" ") +
         "'\n";
}

}  // namespace ndcat
