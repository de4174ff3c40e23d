#include "fs/commands/command_texts.h"

#include <algorithm>
#include <array>

namespace ndcat {
namespace {

// std::to_array keeps each table's length out of the source.
using Words = std::string_view;

constexpr auto kGeneralOptions = std::to_array<OptionText>({
    {"-h,--help", "", "Print help, on the command that goes before it or on all, and exit.", ""},
    {"-V,--version", "", "Print the versions of ndcat and of the FUSE library, and exit.", ""},
});

constexpr OptionText kSourcesOption = {
    "--sources", "DIR[:DIR...]",
    "Refuse sources outside the manifest's folder and these folders, links resolved, as a mount with -o "
    "sources=DIR does. "
    "Without it any path is read, as when an ordinary user mounts for himself.",
    "folder"};

constexpr ArgumentText kManifestArgument = {"MANIFEST", "A manifest, a JSON file."};

constexpr auto kMountParagraphs = std::to_array<Words>({
    "Shows every manifest below the folder MANIFESTS at MOUNTPOINT: all.json becomes all.npy (as np.save "
    "writes it), all.raw "
    "(the bytes alone) and all.json (dtype, shape and order of all.raw). A manifest that cannot be served "
    "becomes all.error, a "
    "text that says why. MANIFESTS may also be one manifest.",
    "The word mount may be left out unless MANIFESTS is named like a command. Nothing is copied: sources are "
    "read when the "
    "virtual file is. ndcat goes to the background once the mount answers; `fusermount3 -u MOUNTPOINT` ends "
    "it.",
});
constexpr auto kMountArguments = std::to_array<ArgumentText>({
    {"MANIFESTS", "A folder of manifests, or one manifest."},
    {"MOUNTPOINT", "An existing folder, where the virtual files appear."},
});
constexpr auto kMountOptions = std::to_array<OptionText>({
    {"-o,--options", "OPTION[,OPTION...]",
     "Mount options, ndcat's own and FUSE's; may be given more than once. See MOUNT OPTIONS in the manual "
     "page.",
     ""},
    {"-f,--foreground", "", "Stay in the foreground, and log to the terminal.", ""},
    {"-d,--debug", "", "Stay in the foreground, and print every request of the kernel.", ""},
    {"-s,--single-threaded", "", "Answer one request at a time.", ""},
});
constexpr auto kMountExamples = std::to_array<ExampleText>({
    {"ndcat runs mnt", "Show the manifests of the folder runs at mnt."},
    {"python3 -c 'import numpy; print(numpy.load(\"mnt/all.npy\", mmap_mode=\"r\").shape)'",
     "Use a virtual file as any file."},
    {"ndcat runs mnt -o allow_other,sources=/data:/archive",
     "Let other users read, and sources lie in two more folders."},
    {"fusermount3 -u mnt", "Unmount."},
});

constexpr auto kCheckParagraphs = std::to_array<Words>({
    "Finds everything that is wrong with manifests, not the first thing only, by reading them and the "
    "headers of their "
    "sources. Each problem is a line on standard error: file, line, column, JSON pointer, what was found and "
    "what was "
    "expected. Of each good manifest a line on standard output says what array it makes.",
    "Of a manifest with \"mode\": \"r+\" it says whether a mount with -o rw could write to the sources, and "
    "else "
    "what forbids it.",
    "A folder stands for every manifest in it and its sub-folders, as a mount of that folder would show "
    "them.",
});
constexpr auto kCheckArguments = std::to_array<ArgumentText>({
    {"MANIFEST|DIR", "Manifests, and folders of manifests.", true},
});
constexpr auto kCheckOptions = std::to_array<OptionText>({kSourcesOption});
constexpr auto kCheckExamples = std::to_array<ExampleText>({
    {"ndcat check runs/all.json", "Look at one manifest."},
    {"ndcat check --sources /data runs",
     "Look at a folder with the rules of a mount that other users share."},
});

constexpr auto kShowParagraphs = std::to_array<Words>({
    "Prints what a manifest comes to: dtype, shape, memory order and size of the array, a table that says "
    "which part of it "
    "comes from which source, and how long the runs of bytes are that lie together both in the array and in "
    "a source. Long "
    "runs are copied at full speed; short ones mean that the sources lie in another order than the array.",
});
constexpr auto kShowArguments = std::to_array<ArgumentText>({kManifestArgument});
constexpr auto kShowOptions = std::to_array<OptionText>({
    {"--json", "", "Print one JSON object for programs instead, with every part of the table.", ""},
    kSourcesOption,
});
constexpr auto kShowExamples = std::to_array<ExampleText>({
    {"ndcat show runs/all.json", "Where does each row come from?"},
    {"ndcat show --json runs/all.json | jq .shape", "The shape, for a script."},
});

constexpr auto kCatParagraphs = std::to_array<Words>({
    "Writes the whole array to standard output, byte for byte the file that a mount shows, without a mount. "
    "It does not "
    "write to a terminal. If a source fails midway, the message names it, the output is cut short, and the "
    "exit status says so.",
});
constexpr auto kCatArguments = std::to_array<ArgumentText>({kManifestArgument});
constexpr auto kCatOptions = std::to_array<OptionText>({
    {"--view", "npy|raw",
     "npy (the default) writes a NumPy file with its header, raw the array's bytes alone.", "npy|raw"},
    kSourcesOption,
});
constexpr auto kCatExamples = std::to_array<ExampleText>({
    {"ndcat cat runs/all.json > all.npy", "Make a plain copy."},
    {"ndcat cat --view raw runs/all.json | zstd > all.raw.zst", "Feed a pipe."},
});

constexpr auto kHelpParagraphs =
    std::to_array<Words>({"Prints what a command does, its options and examples."});
constexpr auto kHelpArguments =
    std::to_array<ArgumentText>({{"COMMAND", "The name of a command; without it, all of them in short."}});
constexpr auto kHelpExamples = std::to_array<ExampleText>({{"ndcat help mount", "How to mount."}});

constexpr auto kCommands = std::to_array<CommandText>({
    {"mount", "[mount] MANIFESTS MOUNTPOINT [-f] [-d] [-s] [-o OPTION[,OPTION...]]",
     "show the arrays of a folder of manifests as files", kMountParagraphs, kMountArguments, kMountOptions,
     kMountExamples},
    {"check", "check [--sources DIR[:DIR...]] MANIFEST|DIR...",
     "find everything that is wrong with manifests", kCheckParagraphs, kCheckArguments, kCheckOptions,
     kCheckExamples},
    {"show", "show [--json] [--sources DIR[:DIR...]] MANIFEST",
     "print what a manifest comes to, and where its parts lie", kShowParagraphs, kShowArguments, kShowOptions,
     kShowExamples},
    {"cat", "cat [--view npy|raw] [--sources DIR[:DIR...]] MANIFEST",
     "write the array to standard output, without a mount", kCatParagraphs, kCatArguments, kCatOptions,
     kCatExamples},
    {"help", "help [COMMAND]", "explain a command", kHelpParagraphs, kHelpArguments, {}, kHelpExamples},
});

}  // namespace

std::span<const CommandText> command_texts() { return kCommands; }

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  for (const auto& command : kCommands) names.push_back(command.name);
  return names;
}

const CommandText* find_command(std::string_view name) {
  const auto* found = std::find_if(kCommands.begin(), kCommands.end(),
                                   [&](const CommandText& command) { return command.name == name; });
  return found == kCommands.end() ? nullptr : found;
}

std::span<const OptionText> general_options() { return kGeneralOptions; }

}  // namespace ndcat
