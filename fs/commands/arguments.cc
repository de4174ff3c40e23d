#include "fs/commands/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "fs/commands/command_texts.h"
#include "manifests/texts/suggestion.h"

namespace ndcat {
namespace {

using Words = std::span<const std::string>;

std::vector<std::string> split_folders(const std::string& list) {
  std::vector<std::string> folders;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(':', begin), list.size());
    if (end > begin) folders.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return folders;
}

/// CLI11 takes a word like "[a,b]" for a list; as a path, the same with "./" before it is not.
std::vector<std::string> without_lists(Words words) {
  std::vector<std::string> result(words.begin(), words.end());
  for (auto& word : result) {
    if (word.starts_with('[') && word.ends_with(']')) word.insert(0, "./");
  }
  return result;
}

/// A parser of one command. Every name comes from the command's table, and every row of the table must be
/// bound: what the help says and what is understood are the same.
class CommandParser {
 public:
  explicit CommandParser(std::string_view name) : command_(*find_command(name)) {
    app_.set_help_flag(std::string(general_options()[0].names));
    app_.set_version_flag(std::string(general_options()[1].names), std::string());
  }

  void flag(std::string_view name, bool& target) { app_.add_flag(names(name), target); }

  void repeated_option(std::string_view name, std::vector<std::string>& target) {
    app_.add_option(names(name), target)->allow_extra_args(false);
  }

  void folders(std::string_view name, SourceFolders& target) {
    app_.add_option_function<std::string>(names(name),
                                          [&](const auto& list) { target = split_folders(list); });
  }

  void view(std::string_view name, ViewKind& target) {
    const auto set = [&](const std::string& word) { target = word == "raw" ? ViewKind::raw : ViewKind::npy; };
    app_.add_option_function<std::string>(names(name), set)->check(CLI::IsMember({"npy", "raw"}));
  }

  void argument(std::string& target) { app_.add_option(next_argument(), target)->required(); }
  void optional_argument(std::string& target) { app_.add_option(next_argument(), target); }
  void arguments(std::vector<std::string>& target) { app_.add_option(next_argument(), target)->required(); }

  /// The request, whose members have been bound to; or the help or version that the words ask for instead.
  template <class T>
  Result<Request> parse(Words words, const T& request) {
    std::vector<std::string> rest = without_lists(words);
    std::reverse(rest.begin(), rest.end());  // CLI11 takes them from the back
    try {
      app_.parse(rest);
    } catch (const CLI::CallForHelp&) {
      return Request(HelpRequest{std::string(command_.name)});
    } catch (const CLI::CallForVersion&) {
      return Request(VersionRequest{});
    } catch (const CLI::ExtrasError&) {
      return usage_error(unexpected(app_.remaining().front()));
    } catch (const CLI::ParseError& failure) {
      return usage_error(failure.what());
    }
    return Request(request);
  }

 private:
  [[nodiscard]] std::string names(std::string_view name) const {
    const auto is_named = [&](const OptionText& option) {
      return option.names == name || option.names.starts_with(std::string(name) + ",");
    };
    return std::string(std::find_if(command_.options.begin(), command_.options.end(), is_named)->names);
  }

  [[nodiscard]] Error usage_error(const std::string& reason) const {
    const std::string name(command_.name);
    return Error{"ndcat " + name + ": " + reason + "\nTry `ndcat help " + name + "`."};
  }

  [[nodiscard]] std::string unexpected(const std::string& word) const {
    if (!word.starts_with('-') || word == "-") return "one argument too many: " + word;
    std::vector<std::string_view> known;
    for (const auto& option : command_.options) known.push_back(option.names.substr(option.names.find("--")));
    for (const auto& option : general_options())
      known.push_back(option.names.substr(option.names.find("--")));
    return word + ": unknown option" + did_you_mean(word.substr(0, word.find('=')), known);
  }

  std::string next_argument() { return std::string(command_.arguments[bound_++].name); }

  CLI::App app_;
  const CommandText& command_;
  std::size_t bound_ = 0;
};

Result<Request> parse_mount(Words words) {
  CommandParser parser("mount");
  MountRequest request;
  parser.argument(request.manifests);
  parser.argument(request.mountpoint);
  parser.repeated_option("-o", request.options);
  parser.flag("-f", request.foreground);
  parser.flag("-d", request.debug);
  parser.flag("-s", request.single_threaded);
  return parser.parse(words, request);
}

Result<Request> parse_check(Words words) {
  CommandParser parser("check");
  CheckRequest request;
  parser.arguments(request.paths);
  parser.folders("--sources", request.sources);
  return parser.parse(words, request);
}

Result<Request> parse_show(Words words) {
  CommandParser parser("show");
  ShowRequest request;
  parser.argument(request.path);
  parser.flag("--json", request.json);
  parser.folders("--sources", request.sources);
  return parser.parse(words, request);
}

Result<Request> parse_cat(Words words) {
  CommandParser parser("cat");
  CatRequest request;
  parser.argument(request.path);
  parser.view("--view", request.view);
  parser.folders("--sources", request.sources);
  return parser.parse(words, request);
}

Result<Request> parse_help(Words words) {
  CommandParser parser("help");
  HelpRequest request;
  parser.optional_argument(request.command);
  Result<Request> result = parser.parse(words, request);
  const auto* help = result ? std::get_if<HelpRequest>(&*result) : nullptr;
  if (help == nullptr || help->command.empty() || find_command(help->command) != nullptr) return result;
  return Error{"ndcat help: there is no command \"" + help->command + '"' +
               did_you_mean(help->command, command_names()) + "\nTry `ndcat help`."};
}

}  // namespace

Result<Request> parse_arguments(std::span<const std::string> words) {
  if (words.empty()) return Error{"ndcat: MANIFESTS and MOUNTPOINT are missing\nTry `ndcat help`."};
  const std::string& first = words.front();
  if (first == "mount") return parse_mount(words.subspan(1));
  if (first == "check") return parse_check(words.subspan(1));
  if (first == "show") return parse_show(words.subspan(1));
  if (first == "cat") return parse_cat(words.subspan(1));
  if (first == "help") return parse_help(words.subspan(1));
  if (first == "-h" || first == "--help") return Request(HelpRequest{});
  return parse_mount(words);
}

}  // namespace ndcat
