"""A disk whose power can be cut at any moment, as often as one likes: each cut leaves a copy, and the disk goes on.

The disk is ext4 in a loop device. A cut must catch all that the device was given up to one instant, and nothing that
the kernel still holds back. To copy the device's backing file takes longer than an instant, and the kernel writes to
it meanwhile (ext4's journal and writeback do not stop with the processes): a block that is copied late could be newer
than one copied early that had to be on the disk before it, which no disk without power ever shows. So the backing file
lies on XFS, and a cut is a clone of it (FICLONE): atomic with regard to writes, as ioctl_ficlonerange(2) promises, and
done in a fifth of a millisecond, so that nobody need stand still. It makes XFS write out what it holds of the backing
file, which the loop device was given already; ext4 above it is not asked for anything. XFS is in a loop device too, in
memory.

Such a disk has no volatile cache: all that it was given in whatever order lasts. That fsync also tells a disk with a
cache to empty it is for the kernel's ext4 to see to.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess

import pytest

FICLONE = 0x40049409
SIZE = 64 << 20
XFS_SIZE = 320 << 20  # mkfs.xfs makes none below 300 MiB


@contextlib.contextmanager
def mounted(path, *words):
    path.mkdir()
    subprocess.run(["mount", *words, path], check=True, capture_output=True, text=True)
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)
        path.rmdir()


def new_file(path, size, *mkfs):
    with open(path, "wb") as file:
        file.truncate(size)
    subprocess.run([*mkfs, path], check=True)


class Disk:
    """For the time of a `with` block; `path` is where it is mounted. Root only."""

    def __init__(self, folder):
        self.folder = folder
        self.cuts = 0

    def __enter__(self):
        if shutil.which("mkfs.xfs") is None:
            message = "no mkfs.xfs, so no power is cut: scripts/install-packages test installs it"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        with contextlib.ExitStack() as stack:
            memory = stack.enter_context(mounted(self.folder / "memory", "-t", "tmpfs", "-o", "size=1g", "tmpfs"))
            new_file(memory / "xfs", XFS_SIZE, "mkfs.xfs", "-q", "-m", "reflink=1")
            try:
                self.host = stack.enter_context(mounted(self.folder / "host", "-o", "loop", memory / "xfs"))
            except subprocess.CalledProcessError as error:
                pytest.skip(f"no loop device or no XFS, so no power is cut: {error.stderr}")
            new_file(self.host / "disk", SIZE, "mkfs.ext4", "-q", "-F", "-b", "4096")
            # Its journal is written each second, not each five: more of what is not yet written out becomes known.
            self.path = stack.enter_context(mounted(self.folder / "disk", "-o", "loop,commit=1", self.host / "disk"))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error):
        self.stack.close()

    def cut(self):
        """Now. Returns what left() takes, once."""
        self.cuts += 1
        copy = self.host / f"cut-{self.cuts}"
        with open(self.host / "disk", "rb") as source, open(copy, "wb") as target:
            fcntl.ioctl(target.fileno(), FICLONE, source.fileno())
        return copy

    @contextlib.contextmanager
    def left(self, copy):
        """What a machine finds there that starts again, with ext4's journal replayed; gone at the end."""
        with mounted(self.folder / copy.name, "-o", "loop", copy) as path:
            yield path
        copy.unlink()
