#include "fs/mount/option_table.h"

#include <array>
#include <vector>

#include "fs/mount/mount.h"

namespace ndcat {
namespace {

using Use = OptionUse;

constexpr std::array kOptions = {
    KnownOption{
        "sources=", Use::sources, "sources=DIR[:DIR...]",
        "sources may also lie in these folders; everything outside them and the manifest folder is refused. "
        "As root, or with allow_other, only the manifest folder is allowed without it; else any path is"},
    KnownOption{
        "settle=", Use::settle, "settle=SECONDS",
        "pages of a file changed more recently than this are not kept in the cache from one open to the next "
        "(60)"},
    KnownOption{
        "rw", Use::read_write, "rw",
        "arrays whose manifest says \"mode\": \"r+\" can be written through to their sources; all others "
        "stay read-only"},
    KnownOption{"ro", Use::read_only, "ro", "nothing can be written; so it is unless rw is said later"},
    KnownOption{
        "direct", Use::direct, "direct",
        "read() goes past the page cache, which keeps nothing: faster for a program that reads once and "
        "128 KiB or more at a time, slower for one that reads less. Maps go through the cache as always, and "
        "need Linux 6.6 and libfuse 3.17"},
    KnownOption{
        "passthrough", Use::passthrough, "passthrough",
        "a file that is one source byte for byte, header included, is read from it by the kernel itself, as "
        "fast as the source. Nobody looks on then: when the source is cut short or grows while the file is "
        "open, its readers see that, without an error or a line in the log, as if they had opened the "
        "source. Needs root, Linux 6.9 and libfuse 3.17"},
    KnownOption{
        "cache=", Use::cache, "cache=SIZE",
        "memory that may be kept from one read to the next, in bytes or with K, M or G behind the "
        "number: for answers, and for panels, bands of rows turned at once where the order of a source "
        "is not the file's. 0 means none, and no panels (48M)"},
    KnownOption{"allow_other", Use::allow_others, "allow_other",
                "other users may use the mount, as far as the permissions of the sources let them"},
    KnownOption{"allow_root", Use::allow_others, "allow_root", "root may use the mount"},
    KnownOption{"auto_unmount", Use::auto_unmount, "auto_unmount", "unmount also when ndcat is killed"},
    KnownOption{"default_permissions", Use::default_permissions, "default_permissions",
                "the kernel checks permissions; always on with allow_other and allow_root"},
    KnownOption{"fsname=", Use::file_system_name, "fsname=NAME",
                "the name in the table of mounts (the path of the manifests)"},
    KnownOption{"subtype=", Use::subtype, "subtype=NAME",
                "the type in the table of mounts, after \"fuse.\" (ndcat)"},
    KnownOption{"threads=", Use::threads, "threads=N",
                "reads that are worked on at once, those not counted that wait for a disk (no limit but "
                "max_threads)"},
    KnownOption{"max_threads=", Use::max_threads, "max_threads=N",
                "at most so many threads, among them those that wait for a disk (256)"},
    KnownOption{"max_idle_threads=", Use::max_idle_threads, "max_idle_threads=N",
                "threads with nothing to do beyond so many end (16)"},
    KnownOption{"clone_fd", Use::clone_fd, "clone_fd", "each thread has its own descriptor of /dev/fuse"},
    KnownOption{"max_read=", Use::max_read, "max_read=N", "bytes in one request, at most (1048576)"},
    KnownOption{"max_readahead=", Use::libfuse, "max_readahead=N",
                "bytes that the kernel reads ahead, at most"},
    KnownOption{
        "readahead=", Use::read_ahead, "readahead=SIZE",
        "bytes that the kernel reads ahead, also more than the usual 128K; K, M or G may stand behind the "
        "number. 512K takes up to a tenth off sequential reads, and makes isolated touches of a map "
        "3 times slower. Only root may set it (as it is)"},
    KnownOption{"max_background=", Use::libfuse, "max_background=N",
                "requests of read-ahead under way, at most (1024)"},
    KnownOption{"congestion_threshold=", Use::libfuse, "congestion_threshold=N",
                "requests of read-ahead from which on the kernel holds back (768)"},
    KnownOption{"debug", Use::debug, "debug", "as -d"},
    KnownOption{"suid", Use::libfuse, "[no]suid, [no]dev, [no]exec", "as for every file system"},
    KnownOption{"nosuid", Use::libfuse, nullptr, nullptr},
    KnownOption{"dev", Use::libfuse, nullptr, nullptr},
    KnownOption{"nodev", Use::libfuse, nullptr, nullptr},
    KnownOption{"exec", Use::libfuse, nullptr, nullptr},
    KnownOption{"noexec", Use::libfuse, nullptr, nullptr},
    KnownOption{"context=", Use::libfuse,
                "context=, fscontext=, defcontext=, rootcontext=", "SELinux labels"},
    KnownOption{"fscontext=", Use::libfuse, nullptr, nullptr},
    KnownOption{"defcontext=", Use::libfuse, nullptr, nullptr},
    KnownOption{"rootcontext=", Use::libfuse, nullptr, nullptr},
    KnownOption{
        "force=", Use::force_mechanisms, "force=NAME[:NAME...]",
        "for tests and measurements: these ways of reading, otherwise chosen by what is seen of sources and "
        "readers, are always taken: maps, prefetch, drop_behind, panels, index, predictor"},
    KnownOption{"without=", Use::forbid_mechanisms, "without=NAME[:NAME...]",
                "for tests and measurements: these ways of reading are never taken"},
    KnownOption{"sync", Use::ignored, "[a]sync, dirsync, [no]atime, ...", "accepted, without effect"},
    KnownOption{"async", Use::ignored, nullptr, nullptr},
    KnownOption{"dirsync", Use::ignored, nullptr, nullptr},
    KnownOption{"atime", Use::ignored, nullptr, nullptr},
    KnownOption{"noatime", Use::ignored, nullptr, nullptr},
    KnownOption{"diratime", Use::ignored, nullptr, nullptr},
    KnownOption{"nodiratime", Use::ignored, nullptr, nullptr},
    KnownOption{"relatime", Use::ignored, nullptr, nullptr},
    KnownOption{"norelatime", Use::ignored, nullptr, nullptr},
    KnownOption{"strictatime", Use::ignored, nullptr, nullptr},
    KnownOption{"nostrictatime", Use::ignored, nullptr, nullptr},
    KnownOption{"lazytime", Use::ignored, nullptr, nullptr},
    KnownOption{"nolazytime", Use::ignored, nullptr, nullptr},
    KnownOption{"mand", Use::ignored, nullptr, nullptr},
    KnownOption{"nomand", Use::ignored, nullptr, nullptr},
    KnownOption{"iversion", Use::ignored, nullptr, nullptr},
    KnownOption{"noiversion", Use::ignored, nullptr, nullptr},
    KnownOption{"silent", Use::ignored, nullptr, nullptr},
    KnownOption{"loud", Use::ignored, nullptr, nullptr},
    KnownOption{"symfollow", Use::ignored, nullptr, nullptr},  // a mount shows no links
    KnownOption{"nosymfollow", Use::ignored, nullptr, nullptr},
    KnownOption{"defaults", Use::ignored, "x-*, comment=, defaults, [no]auto, [no]user, nofail, ...",
                "accepted, because fstab carries them: they speak to mount(8) and systemd"},
    KnownOption{"auto", Use::ignored, nullptr, nullptr},
    KnownOption{"noauto", Use::ignored, nullptr, nullptr},
    KnownOption{"user", Use::ignored, nullptr, nullptr},
    KnownOption{"user=", Use::ignored, nullptr, nullptr},
    KnownOption{"nouser", Use::ignored, nullptr, nullptr},
    KnownOption{"users", Use::ignored, nullptr, nullptr},
    KnownOption{"nousers", Use::ignored, nullptr, nullptr},
    KnownOption{"owner", Use::ignored, nullptr, nullptr},
    KnownOption{"noowner", Use::ignored, nullptr, nullptr},
    KnownOption{"group", Use::ignored, nullptr, nullptr},
    KnownOption{"nogroup", Use::ignored, nullptr, nullptr},
    KnownOption{"nofail", Use::ignored, nullptr, nullptr},
    KnownOption{"_netdev", Use::ignored, nullptr, nullptr},
    KnownOption{"comment=", Use::ignored, nullptr, nullptr},
};

}  // namespace

std::span<const KnownOption> known_options() { return kOptions; }

std::span<const MountOptionHelp> mount_option_help() {
  static const std::vector<MountOptionHelp> help = [] {
    std::vector<MountOptionHelp> lines;
    for (const KnownOption& option : kOptions) {
      if (option.shown_as != nullptr) lines.push_back({option.shown_as, option.help});
    }
    return lines;
  }();
  return help;
}

}  // namespace ndcat
