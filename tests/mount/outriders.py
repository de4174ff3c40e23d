"""The processes called ndcat-outrider, and connections that do not end."""

import contextlib
import glob
import os
import re

import ndcat


def outriders(mount):
    """The processes that open files of this mount for the daemon's sake."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        with contextlib.suppress(OSError), open(path, "rb") as file:
            if file.read().split(b"\0")[:2] == [b"ndcat-outrider", os.fsencode(mount.path)]:
                found.append(int(path.split("/")[2]))
    return found


@contextlib.contextmanager
def nothing_hangs(mount):
    """After a failure, what still hangs on the mount's connection is let go, whatever has become of its daemon."""
    control = f"/sys/fs/fuse/connections/{os.minor(os.stat(mount.path).st_dev)}/abort"
    # Opened now: later the number may be that of another mount.
    abort = open(control, "wb", buffering=0) if os.access(control, os.W_OK) else None
    try:
        yield
    except BaseException:
        if abort:
            abort.write(b"1")
        raise
    finally:
        if abort:
            abort.close()


def wait_until_idle(outrider):
    """It is started, and has nothing open but what its errands come by."""
    def has_only_its_socket():
        with contextlib.suppress(FileNotFoundError):
            targets = [os.readlink(path) for path in glob.glob(f"/proc/{outrider}/fd/*")]
            return sorted(re.sub(r":.*", "", target) for target in targets) == ["/dev/null", "/dev/null", "socket"]
    ndcat.wait_until(has_only_its_socket, what="an outrider without descriptors of its own")
