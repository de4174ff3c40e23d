#include "fs/commands/commands.h"

#include <cerrno>
#include <filesystem>

#include "fs/commands/arguments.h"
#include "fs/commands/cat.h"
#include "fs/commands/check.h"
#include "fs/commands/descriptor_stream.h"
#include "fs/commands/show.h"
#include "manifests/texts/suggestion.h"

namespace ndcat {
namespace {

/// One overload for each kind of request.
struct Runner {
  const Mounting& mounting;
  Console& console;

  ExitCode operator()(const MountRequest& request) const {
    const ExitCode code = mounting.mount(request, console.err);
    // A first word that is no command is what to mount; if there is no such thing, perhaps it was to be a
    // command.
    const auto command = nearest_word(request.manifests, command_names());
    std::error_code ignored;
    if (code == ExitCode::input_output && command && !std::filesystem::exists(request.manifests, ignored)) {
      console.err << "Did you mean `ndcat " << *command << "`?\n";
    }
    return code;
  }
  ExitCode operator()(const CheckRequest& request) const { return check(request, console); }
  ExitCode operator()(const ShowRequest& request) const { return show(request, console); }
  ExitCode operator()(const CatRequest& request) const { return cat(request, console); }

  ExitCode operator()(const HelpRequest& request) const {
    const CommandText* command = find_command(request.command);
    console.out << (command == nullptr ? general_help(console.out_styling)
                                       : command_help(*command, mounting.options, console.out_styling));
    return ExitCode::ok;
  }

  ExitCode operator()(const VersionRequest&) const {
    console.out << "ndcat " NDCAT_VERSION "\n" << mounting.fuse_version << '\n';
    return ExitCode::ok;
  }
};

}  // namespace

ExitCode run(std::span<const std::string> words, const Mounting& mounting, Console& console) {
  const Result<Request> request = parse_arguments(words);
  if (!request) {
    console.err << request.error().message << '\n';
    return ExitCode::usage;
  }
  const ExitCode code = std::visit(Runner{mounting, console}, *request);
  console.out.flush();
  if (console.out) return code;
  const auto* buffer = dynamic_cast<const DescriptorBuffer*>(console.out.rdbuf());
  print_write_failure(buffer == nullptr ? EIO : buffer->error_number(), console);
  return ExitCode::input_output;
}

}  // namespace ndcat
