"""A disk that is slow and always equally slow: processes in a control group get so many bytes a second from it.

Where there is no such group (not root, no controller), reads are not throttled, and the bytes are those of the whole disk.
"""

import errno
import os
from pathlib import Path

from support.ndcat import wait_until

GROUPS = Path("/sys/fs/cgroup")
SECTOR = 512


class Throttle:
    """The counting is all that a disk without control groups has; the others say how they do it."""

    how = "not throttled: there is no control group for disks here"
    prefix = ()

    def __init__(self, device):
        self.device = device

    def bytes_read(self):
        return int(Path(f"/sys/dev/block/{self.device}/stat").read_text().split()[2]) * SECTOR

    def enter(self):
        pass

    def close(self):
        pass


class GroupThrottle(Throttle):
    """A control group, which processes enter by writing their id."""

    def __init__(self, device, parent, limit_file, limit, how):
        super().__init__(device)
        self.how = how
        self.group = parent / f"ndcat-bench-{os.getpid()}"
        self.group.mkdir()
        try:
            (self.group / limit_file).write_text(limit)
        except OSError:
            self.close()
            raise
        self.prefix = ("sh", "-c", f'echo $$ >"{self.group}/cgroup.procs" && exec "$@"', "throttled")

    def enter(self):
        (self.group / "cgroup.procs").write_text(str(os.getpid()))

    def close(self):
        """The last process may need a moment to be gone."""
        wait_until(self.is_removed, what="the end of the processes in the control group")

    def is_removed(self):
        try:
            self.group.rmdir()
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
            return False
        return True


class FirstVersion(GroupThrottle):
    def __init__(self, device, rate):
        super().__init__(device, GROUPS / "blkio", "blkio.throttle.read_bps_device", f"{device} {rate}",
                         f"throttled to {rate / 1e6:.0f} MB/s by blkio")

    def bytes_read(self):
        for line in (self.group / "blkio.throttle.io_service_bytes").read_text().splitlines():
            if line.startswith(f"{self.device} Read "):
                return int(line.split()[2])
        return 0


class SecondVersion(GroupThrottle):
    def __init__(self, device, rate):
        (GROUPS / "cgroup.subtree_control").write_text("+io")
        super().__init__(device, GROUPS, "io.max", f"{device} rbps={rate}", f"throttled to {rate / 1e6:.0f} MB/s by io.max")

    def bytes_read(self):
        for line in (self.group / "io.stat").read_text().splitlines():
            device, *fields = line.split()
            if device == self.device:
                return int(dict(field.split("=") for field in fields)["rbytes"])
        return 0


def device_of(folder):
    """MAJOR:MINOR of the whole disk (limits are not for partitions), or None where no disk is behind the folder."""
    number = os.stat(folder).st_dev
    node = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    if not node.exists():
        return None
    whole = node.resolve().parent if (node / "partition").exists() else node
    return (whole / "dev").read_text().strip()


def throttle(device, rate):
    """The best that can be had here; close() it."""
    for kind in (FirstVersion, SecondVersion):
        try:
            return kind(device, rate)
        except OSError:
            continue
    return Throttle(device)
