"""What is in the page cache when an operation begins.

    cold          nothing. Whatever serves the array is started anew, with an empty cache, behind a throttle
    source-warm   the sources' pages, but none of the virtual file's: each open() starts with an empty cache
    writable      as source-warm, and what is done is a write; what it left to be written to the disk is written before the next
    growing       as writable, for what is appended: it is taken away again
    warm          the virtual file's pages too: the operation is done twice in one open(), and the second time counts
"""

import contextlib
import dataclasses
import os
import subprocess

from bench.contender import Cannot

MEGABYTE = 1e6
WRITE_OUT_SECONDS = 120


class Standing:
    """The rivals serve for as long as the array exists."""

    is_alone = False

    def __init__(self, name, is_repeated):
        self.name, self.is_repeated = name, is_repeated

    @contextlib.contextmanager
    def serving(self, rival, run):
        """Gives the contender, and a dictionary for the figures."""
        yield run.standing(rival), {}


class Writable(Standing):
    is_alone = True

    @contextlib.contextmanager
    def serving(self, rival, run):
        with super().serving(rival, run) as given:
            yield given
        write_out(run.array.folder, run.scale)


class Growing(Writable):
    @contextlib.contextmanager
    def serving(self, rival, run):
        with super().serving(rival, run) as given, shortened_again([*run.array.sources, run.array.native]):
            yield given


@contextlib.contextmanager
def shortened_again(paths):
    """Afterwards the files are as long as they were, and begin as they did: the header of a .npy file tells its length."""
    before = [(path.stat().st_size, beginning(path)) for path in paths]
    try:
        yield
    finally:
        for path, (size, head) in zip(paths, before):
            os.truncate(path, size)
            with open(path, "r+b") as file:
                file.write(head)


def beginning(path):
    with open(path, "rb") as file:
        return file.read(4096)


class Cold:
    name, is_repeated, is_alone = "cold", False, True

    @contextlib.contextmanager
    def serving(self, rival, run):
        if run.throttle is None:
            raise Cannot("there is no disk behind the folder of the benchmark")
        if rival.name == "constant":
            raise Cannot("reads no disk")
        figures = {}
        with rival.serve(run.array, dataclasses.replace(run.site, prefix=run.throttle.prefix)) as contender:
            drop([*contender.reads, *run.array.sources, run.array.native])
            before = run.throttle.bytes_read()
            yield contender, figures
            figures["disk"] = (run.throttle.bytes_read() - before) / MEGABYTE
        if figures["disk"] == 0:
            raise Cannot("nothing came from the disk: its pages could not be dropped")


def write_out(folder, scale):
    """What waits to be written would go to the disk while something else is measured. Only the folder's own file system is
    waited for: os.sync() would wait for all there are, and among them may be one that hangs."""
    if scale.waits_for_disk:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(["sync", "--file-system", folder], timeout=WRITE_OUT_SECONDS, check=False)


def drop(paths):
    """Takes the files' pages out of the cache. They have been written out (making.py) and nobody maps them."""
    for path in paths:
        if path.exists():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fdatasync(descriptor)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)


def keep(paths):
    """Sees to it that the files' pages are in the cache."""
    buffer = bytearray(1 << 22)
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            while file.readinto(buffer):
                pass


COLD, SOURCE_WARM, WARM = Cold(), Standing("source-warm", False), Standing("warm", True)
WRITABLE, GROWING = Writable("writable", False), Growing("growing", False)
