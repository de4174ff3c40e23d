"""Arrays on a disk, a record of what is written to them, and what the disk may hold when the power fails meanwhile.

The record says of every element how often a write of it has begun, and which of these a completed fsync has covered.
The values say which of the writes they are of. What is appended is a stream of bytes that says where each belongs.
"""

import mmap
import os

import numpy as np

import arrays

ROWS, COLUMNS = 4000, 8
OFFSET = 3  # of the raw source, so that some of its elements lie in two blocks of the disk
VERSIONS = 8192
BLOCK = 4096  # of the disk
STREAM = 1_000_000


def values(numbers, versions):
    """What elements hold when they were written so often: float32 holds it exactly, and no neighbour ever does."""
    return numbers % 1024 * float(VERSIONS) + versions


class Source:
    """A file of a fixed size; `numbers` are those of its elements in the array."""

    def __init__(self, name, dtype, numbers):
        self.name, self.dtype, self.numbers = name, np.dtype(dtype), numbers.ravel()
        array = values(numbers, 0).astype(dtype)
        saved = arrays.saved(array) if name.endswith(".npy") else bytes(range(OFFSET)) + array.tobytes()
        self.content = saved
        self.head = saved[:len(saved) - array.nbytes]

    def check(self, folder, covered, begun):
        """Each element is of a write that had begun, and none older than what was covered; or each byte of it is."""
        content = (folder / self.name).read_bytes()
        assert len(content) == len(self.content), f"{self.name}: {len(content)} bytes, not {len(self.content)}"
        assert content.startswith(self.head), f"{self.name}: its header has changed"
        found = np.frombuffer(content, self.dtype, offset=len(self.head))
        least, most = covered[self.numbers], begun[self.numbers]
        with np.errstate(invalid="ignore"):
            version = found.astype("f8") - values(self.numbers, 0)
        is_whole = (version >= least) & (version <= most) & (version % 1 == 0)
        for i in np.flatnonzero(~is_whole):
            possible = values(self.numbers[i], np.arange(least[i], most[i] + 1)).astype(self.dtype)
            bytes_of = possible.view("u1").reshape(-1, self.dtype.itemsize)
            assert (bytes_of == found[i:i + 1].view("u1")).any(0).all(), (
                f"{self.name}: element {i} is {found[i]}, that is version {version[i]}; {least[i]} was covered, "
                f"{most[i]} had begun")


class Tail:
    """A file that grows; `stream` is all that it may ever hold behind its header.

    ext4 may add zeros, to the end of the block in which the bytes end that it has written out: it makes a file longer
    at once where that needs no other block, and may write that down before it writes the bytes. Nobody who appends can
    keep it from that, and it never concerns what fsync covered.
    """

    def __init__(self, name, view, dtype, columns, head=b""):
        self.name, self.view, self.head = name, view, head
        self.stream = np.arange(1, STREAM, dtype=dtype).tobytes()
        self.row = np.dtype(dtype).itemsize * columns
        self.begins_with = 3 * self.row

    @property
    def content(self):
        """At first."""
        return self.head + self.stream[:self.begins_with]

    def check(self, folder, covered, begun):
        content = (folder / self.name).read_bytes()
        if self.head:
            with open(folder / self.name, "rb") as file:
                told = np.load(file).nbytes  # fails where there are fewer rows than the header says
                content = content[file.tell() - told:]
            assert told >= covered // self.row * self.row, f"{self.name}: the header says less than fsync has covered"
        assert covered <= len(content) <= begun, f"{self.name}: {len(content)} bytes; {covered} covered, {begun} begun"
        length = prefix(content, self.stream)
        rest = content[max(covered, length):]
        assert length >= covered and not any(rest) and len(rest) < BLOCK, (
            f"{self.name}: has other bytes than were appended from {length} on, of {len(content)}; {covered} covered")


def prefix(content, stream):
    """How many bytes of it are as in the stream."""
    differs = np.frombuffer(content, "u1") != np.frombuffer(stream[:len(content)], "u1")
    return int(np.argmax(differs)) if differs.any() else len(content)


NUMBERS = np.arange(2 * ROWS * COLUMNS).reshape(2 * ROWS, COLUMNS)
HALF = COLUMNS // 2
SOURCES = [Source("a.npy", "<f8", NUMBERS[:ROWS, :HALF]), Source("b.npy", ">f8", NUMBERS[:ROWS, HALF:]),
           Source("c.raw", "<f4", NUMBERS[ROWS:])]
TAILS = [Tail("tail.npy", "all.raw", "<f8", COLUMNS, arrays.saved(np.zeros((3, COLUMNS)))[:-3 * COLUMNS * 8]),
         Tail("tail.raw", "log.raw", "<i4", 3)]
SIDES = np.concatenate([NUMBERS[:ROWS, HALF:], NUMBERS[:ROWS, :HALF]], 1)


def create(folder):
    """All files, on their disk."""
    for file in SOURCES + TAILS:
        (folder / file.name).write_bytes(file.content)
    c = {"path": "c.raw", "dtype": "<f4", "shape": [ROWS, COLUMNS], "offset": OFFSET}
    first = {"concatenate": ["a.npy", "b.npy"], "axis": 1}
    arrays.write_manifest(folder / "all.json", {"concatenate": [first, c, "tail.npy"], "mode": "r+",
                                                "append": "tail.npy"})
    arrays.write_manifest(folder / "sides.json", {"concatenate": ["b.npy", "a.npy"], "axis": 1, "mode": "r+"})
    arrays.write_manifest(folder / "log.json", {"path": "tail.raw", "dtype": "<i4", "shape": [-1, 3], "mode": "r+",
                                                "append": "tail.raw"})
    sync(folder)


def sync(folder):
    """All files in it, and their names."""
    for path in [*folder.iterdir(), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def shared(count, dtype):
    return np.frombuffer(mmap.mmap(-1, count * np.dtype(dtype).itemsize), dtype)


class Record:
    """In shared memory: one process writes it, another reads it."""

    def __init__(self):
        self.begun, self.covered = shared(NUMBERS.size, "u2"), shared(NUMBERS.size, "u2")
        self.appended, self.kept = shared(len(TAILS), "i8"), shared(len(TAILS), "i8")
        self.is_over = shared(1, "u1")
        self.appended[:] = self.kept[:] = [tail.begins_with for tail in TAILS]

    def must(self):
        """To be taken before a cut: what is there after it at the least."""
        return self.covered.copy(), self.kept.copy()

    def may(self):
        """To be taken after a cut: what is there at the most."""
        return self.begun.copy(), self.appended.copy()


def check(folder, must, may):
    for source in SOURCES:
        source.check(folder, must[0], may[0])
    for number, tail in enumerate(TAILS):
        tail.check(folder, int(must[1][number]), int(may[1][number]))


def check_mount(folder, mount):
    """What can be read through a mount of what was left is what is in the files."""
    a, b, c = (np.frombuffer((folder / s.name).read_bytes(), s.dtype, offset=len(s.head)) for s in SOURCES)
    a, b = a.reshape(ROWS, HALF), b.reshape(ROWS, HALF)
    tail, log = ((folder / t.name).read_bytes()[len(t.head):] for t in TAILS)
    wanted = np.concatenate([a, b], 1, dtype="f8").tobytes() + c.astype("f8").tobytes() + tail
    assert (mount / "all.raw").read_bytes() == wanted[:len(wanted) // 64 * 64]
    assert (mount / "log.raw").read_bytes() == log[:len(log) // 12 * 12]
