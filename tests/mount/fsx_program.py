"""Random operations on one virtual file at a time, byte for byte, each read compared with what must be there.

In the tradition of fsx: reads and writes of every kind, through maps and past the page cache, in vectors and by
splices, between them the calls that must change nothing. Where sources are shown through casts, whole elements are
written that the sources can hold, and parts of single elements, which may be refused. (For two processes at a time and
many files see writing_program.py.)

Usage: python3 tests/mount/fsx_program.py --operations 200000 [--seed S] [--world OPERATIONS]

That is a long run, some minutes; test_fsx.py is the short one. The program is build/ndcat, or NDCAT_BINARY.
A failure tells the last operations and the seed of its world, which --seed replays with --operations no more than
--world.
"""

import argparse
import collections
import ctypes
import errno
import mmap
import os
import shutil
import sys
import tempfile
import time

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import arrays  # noqa: E402
import fsx_file  # noqa: E402
import ndcat  # noqa: E402
import writing_world  # noqa: E402

PAGE = mmap.PAGESIZE
# Of linux/falloc.h: nothing, to keep the size, to punch a hole, to collapse, to zero (and keep the size), to insert.
FALLOCATE_MODES = [0, 1, 2 | 1, 8, 0x10, 0x10 | 1, 0x20]
OPERATIONS_A_FILE = 150

libc = ctypes.CDLL(None, use_errno=True)


class Exerciser:
    def __init__(self, rng, world, mount):
        self.rng, self.world, self.mount = rng, world, mount
        self.log = collections.deque(maxlen=30)
        self.count = 0

    def run(self, operations):
        every_read = [self.read, self.read_vector, self.read_map, self.read_direct, self.send_from, self.copy_from]
        every_write = [self.write, self.write_vector, self.write_map, self.write_map, self.write_direct, self.send_to,
                       self.copy_within, self.write_part, self.write_past_the_end, self.write_header]
        others = [self.sync, self.flush, self.drop, self.reopen, self.unmap, self.truncate, self.allocate]
        for begin in range(0, operations, OPERATIONS_A_FILE):
            view = self.world.views[self.rng.integers(len(self.world.views))]
            self.file = fsx_file.File(self.world, view, self.mount, (".raw", ".npy")[self.rng.integers(2)])
            self.note("file", self.file.path.name, len(self.file.content), view.manifest)
            for _ in range(min(OPERATIONS_A_FILE, operations - begin)):
                group = (every_read, every_write, every_write, others)[self.rng.integers(4)]
                group[self.rng.integers(len(group))]()
            self.file.close()
            self.file.store_in(self.world)
            self.world.check_sources()

    def note(self, name, *details):
        self.count += 1
        self.log.append(f"{self.count:6} {name} {' '.join(map(str, details))}")

    # Where, and what.

    def place(self):
        """Any bytes of the file: first and last of them. Often about the border of a page."""
        size = len(self.file.content)
        begin = int(self.rng.integers(size))
        if self.rng.integers(3) == 0:
            begin = min(begin // PAGE * PAGE + int(self.rng.integers(-2, 3)) % PAGE, size - 1)
        longest = int(self.rng.choice([20, 3 * PAGE, size]))
        return begin, min(size, begin + int(self.rng.integers(1, longest + 1)))

    def elements(self):
        """A few whole ones: first byte and last."""
        file = self.file
        begin = int(self.rng.integers(file.view.numbers.size))
        end = min(begin + int(self.rng.integers(1, 60)), file.view.numbers.size)
        return file.header + begin * file.item, file.header + end * file.item

    def change(self, name):
        """Notes what is about to be written, and takes it for written: its first byte, and bytes that can be stored."""
        file = self.file
        begin, end = self.place() if file.is_exact else self.elements()
        if file.is_exact:
            data = bytes(file.content[begin:max(begin, min(end, file.header))])
            data += self.rng.bytes(end - begin - len(data))
        else:
            first = (begin - file.header) // file.item
            data = self.world.random_data(self.rng, file.view, first, (end - begin) // file.item)
        self.note(name, begin, len(data))
        file.content[begin:end] = data
        return begin, data

    def compare(self, begin, found, wanted=None):
        wanted = self.file.content[begin:begin + len(found)] if wanted is None else wanted
        if found != wanted:
            differs = [i for i, (a, b) in enumerate(zip(found, wanted)) if a != b] or [min(len(found), len(wanted))]
            raise AssertionError(f"{len(differs)} bytes differ, the first at {begin + differs[0]}, the last at "
                                 f"{begin + differs[-1]}; read {len(found)} bytes, not {len(wanted)}")

    # Operations that read.

    def read(self):
        begin, end = self.place()
        more = int(self.rng.integers(3)) * 1000  # perhaps over the end
        self.note("read", begin, end + more - begin)
        found = os.pread(self.file.descriptor, end + more - begin, begin)
        self.compare(begin, found, self.file.content[begin:end + more])

    def read_vector(self):
        begin, end = self.place()
        middle = int(self.rng.integers(begin, end + 1))
        self.note("read_vector", begin, middle, end)
        buffers = [bytearray(middle - begin), bytearray(end - middle)]
        assert os.preadv(self.file.descriptor, buffers, begin) == end - begin
        self.compare(begin, buffers[0] + buffers[1])

    def read_map(self):
        begin, end = self.place()
        self.note("read_map", begin, end - begin)
        self.compare(begin, self.file.mapped()[begin:end])

    def read_direct(self):
        begin, end = self.place()
        self.note("read_direct", begin, end - begin)
        descriptor = os.open(self.file.path, os.O_RDONLY | os.O_DIRECT)
        found = os.pread(descriptor, end - begin, begin)
        os.close(descriptor)
        self.compare(begin, found, self.file.content[begin:end])

    def send_from(self):
        begin, end = self.place()
        self.note("send_from", begin, end - begin)
        with tempfile.TemporaryFile() as other:
            at = begin
            while at < end:
                at += os.sendfile(other.fileno(), self.file.descriptor, at, end - at)
            self.compare(begin, os.pread(other.fileno(), end - begin + 1, 0))

    def copy_from(self):
        """The other view of the same array, opened now, sees all that was written."""
        self.flush()
        begin, end = self.place()
        begin, end = max(begin, self.file.header), max(end, self.file.header)
        self.note("copy_from", begin, end - begin)
        descriptor = os.open(self.file.twin, os.O_RDONLY)
        other_header = os.fstat(descriptor).st_size - (len(self.file.content) - self.file.header)
        found = os.pread(descriptor, end - begin, begin - self.file.header + other_header)
        os.close(descriptor)
        self.compare(begin, found)

    # Operations that write.

    def write(self):
        begin, data = self.change("write")
        assert os.pwrite(self.file.descriptor, data, begin) == len(data)

    def write_vector(self):
        """It may come as two requests, and one may end within an element."""
        if not self.file.is_exact:
            return self.write()
        begin, data = self.change("write_vector")
        middle = int(self.rng.integers(len(data) + 1))
        assert os.pwritev(self.file.descriptor, [data[:middle], data[middle:]], begin) == len(data)

    def write_map(self):
        begin, data = self.change("write_map")
        self.file.mapped()[begin:begin + len(data)] = data

    def write_direct(self):
        begin, data = self.change("write_direct")
        descriptor = os.open(self.file.path, os.O_WRONLY | os.O_DIRECT)
        assert os.pwrite(descriptor, data, begin) == len(data)
        os.close(descriptor)

    def send_to(self):
        begin, data = self.change("send_to")
        with tempfile.TemporaryFile() as other:
            other.write(data)
            other.flush()
            os.lseek(self.file.descriptor, begin, os.SEEK_SET)
            sent = 0
            while sent < len(data):
                sent += os.sendfile(self.file.descriptor, other.fileno(), sent, len(data) - sent)

    def copy_within(self):
        """From one place of the file to another; they must not overlap."""
        file = self.file
        begin, end = self.place()
        to = int(self.rng.integers(file.header, len(file.content)))
        length = min(end - begin, abs(to - begin), len(file.content) - to)
        if not file.is_exact or length == 0:
            return
        self.note("copy_within", begin, length, "to", to)
        done = 0
        while done < length:
            done += os.copy_file_range(file.descriptor, file.descriptor, length - done, begin + done, to + done)
        file.content[to:to + length] = file.content[begin:begin + length]

    def write_part(self):
        """Some bytes of one element, whatever comes out; refused where it cannot be stored."""
        file = self.file
        number = int(self.rng.integers(file.view.numbers.size))
        first = int(self.rng.integers(file.item))
        last = int(self.rng.integers(first, file.item)) + 1
        begin = file.header + number * file.item
        element = bytearray(file.content[begin:begin + file.item])
        other = self.world.random_data(self.rng, file.view, number, 1)
        element[first:last] = other[first:last]
        self.flush()  # the rest of the element comes from the source
        self.note("write_part", begin + first, last - first)
        if not self.world.store(file.view, number, bytes(element)):
            return self.is_refused(begin + first, other[first:last], errno.EDOM)
        assert os.pwrite(file.descriptor, other[first:last], begin + first) == last - first
        file.content[begin:begin + file.item] = file.known[begin:begin + file.item] = element

    def write_past_the_end(self):
        """From the last page: at the border of one that is not in its cache the kernel may cut a write in two."""
        size = len(self.file.content)
        begin = size - int(self.rng.integers(min(size % PAGE + 1, 50)))
        self.note("write_past_the_end", begin)
        self.is_refused(begin, self.rng.bytes(size - begin + 1), errno.EFBIG)

    def write_header(self):
        if self.file.header == 0:
            return
        begin = int(self.rng.integers(self.file.header))
        data = bytearray(self.file.content[begin:self.file.header])
        self.note("write_header", begin)
        assert os.pwrite(self.file.descriptor, data, begin) == len(data)
        data[self.rng.integers(len(data))] ^= 1
        self.is_refused(begin, data, errno.EPERM)

    def is_refused(self, begin, data, expected):
        """And leaves no trace but one: what a map has stored to the very same elements is gone."""
        file = self.file
        if file.map is not None:
            file.map.flush()
        error = arrays.error_of(os.pwrite, file.descriptor, data, begin)
        assert error == expected, f"{os.strerror(error)}: {bytes(data)}"
        if file.map is not None:
            end = min(begin + len(data), len(file.content))
            assert file.map[begin:end] == file.content[begin:end], "the map shows what was refused"

    # Operations that change nothing.

    def sync(self):
        call = (os.fsync, os.fdatasync)[self.rng.integers(2)]
        self.note(call.__name__)
        call(self.file.descriptor)

    def flush(self):
        self.note("flush")
        if self.file.map is not None:
            self.file.map.flush()

    def drop(self):
        begin, end = self.place()
        self.note("drop", begin, end - begin)
        os.posix_fadvise(self.file.descriptor, begin, end - begin, os.POSIX_FADV_DONTNEED)

    def reopen(self):
        self.note("reopen")
        self.file.close()
        self.file.open()

    def unmap(self):
        self.note("unmap")
        self.file.unmap()

    def truncate(self):
        size = len(self.file.content)
        self.note("truncate")
        os.ftruncate(self.file.descriptor, size)
        other = int(self.rng.choice([0, size - 1, size + 1, self.rng.integers(2 * size)]))
        if other != size:
            assert arrays.error_of(os.ftruncate, self.file.descriptor, other) == errno.EPERM
            assert arrays.error_of(os.truncate, self.file.path, other) == errno.EPERM
        assert os.fstat(self.file.descriptor).st_size == size

    def allocate(self):
        begin, end = self.place()
        mode = FALLOCATE_MODES[self.rng.integers(len(FALLOCATE_MODES))]
        self.note("allocate", mode, begin, end - begin)
        result = libc.fallocate(self.file.descriptor, mode, ctypes.c_long(begin), ctypes.c_long(end - begin))
        assert result == -1 and ctypes.get_errno() in (errno.EPERM, errno.EOPNOTSUPP, errno.EINVAL), os.strerror(
            ctypes.get_errno())


def run_world(seed, operations, mount_arguments=()):
    """One world. Returns nothing; raises what is wrong."""
    rng = np.random.default_rng(seed)
    folder = tempfile.mkdtemp(prefix="ndcat-fsx-")
    world = writing_world.World(rng, folder)
    with ndcat.Mount(folder, "-o", "rw", *mount_arguments) as mount:
        exerciser = Exerciser(rng, world, mount)
        try:
            exerciser.run(operations)
            world.check_views(mount)
        except BaseException:
            print(f"seed {seed}, the last operations:", *exerciser.log, sep="\n", file=sys.stderr)
            raise
    world.check_sources()
    shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--operations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "little"))
    parser.add_argument("--world", type=int, default=600, help="operations in one world")
    options = parser.parse_args()
    ndcat.guard().deadline(24 * 3600)
    began = time.monotonic()
    print(f"seed {options.seed}", flush=True)
    for i in range(0, options.operations, options.world):
        run_world(options.seed + i, min(options.world, options.operations - i))
        if i % (options.world * 20) == 0:
            print(f"{i + options.world} operations, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{options.operations} operations: every byte as it must be")


if __name__ == "__main__":
    main()
