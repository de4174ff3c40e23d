"""Random programs that write, two at a time, through virtual files that share sources, and past them.

Each process owns about half of all elements, in runs that interleave, and changes only those, by any means; so what
must be there at the end is known exactly: every byte of every source is compared, and every view.

Usage: python3 tests/mount/writing_program.py --operations 100000 [--seed S] [--world OPERATIONS]

That is the long run, some minutes; test_writing_random.py is the short one. The program is build/ndcat, or NDCAT_BINARY.
A failure says the seed of its world, which --seed replays with --operations no more than --world.
"""

import argparse
import errno
import mmap
import os
import pathlib
import shutil
import sys
import tempfile
import time

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import ndcat  # noqa: E402
import writing_world  # noqa: E402


class Opened:
    """One virtual file, open for reading and writing, with a map that is made when it is first needed."""

    def __init__(self, mount, view, suffix, flags=0):
        self.view = view
        self.path = pathlib.Path(mount, view.name + suffix)
        self.descriptor = os.open(self.path, os.O_RDWR | flags)
        self.header = os.fstat(self.descriptor).st_size - view.numbers.size * view.dtype.itemsize
        self.map = None
        self.is_dirty = False  # stored to, and not flushed
        self.is_stale = False  # another way has changed what pages of this one may show

    def at(self, position):
        return self.header + position * self.view.dtype.itemsize

    def store(self, position, data):
        if self.map is None:
            self.map = mmap.mmap(self.descriptor, 0)
        self.map[self.at(position):self.at(position) + len(data)] = data
        self.is_dirty = True

    def flush(self):
        if self.is_dirty:
            self.despite_refusals(self.map.flush)
        self.is_dirty = False

    def sync(self):
        self.despite_refusals(lambda: os.fsync(self.descriptor))
        self.is_dirty = False

    @staticmethod
    def despite_refusals(flush):
        """The other process may just be writing what is refused into the same page, and whoever has the page flushed is
        told, too; what he has stored himself is written all the same."""
        for _ in range(20):
            try:
                return flush()
            except OSError as error:
                if error.errno != errno.EDOM:
                    raise
        raise AssertionError("every flush is refused")

    def close(self):
        if self.map is not None:
            self.map.close()
        try:
            os.close(self.descriptor)
        except OSError as error:  # as in despite_refusals(); the kernel says EIO here for it
            if error.errno != errno.EIO:
                raise


class Process:
    def __init__(self, rng, world, mount, owned):
        self.rng, self.world, self.mount, self.owned = rng, world, mount, owned
        self.files = []
        self.done = []  # what was done when, for who has to find out what went wrong

    def run(self, operations):
        choices = [self.write, self.write, self.write_vector, self.write_direct, self.write_part, self.store, self.store,
                   self.store, self.write_source, self.copy, self.flush, self.sync, self.reopen, self.check, self.stat]
        for _ in range(operations):
            choice = choices[self.rng.integers(len(choices))]
            self.note(choice.__name__)
            choice()
        self.check()
        while self.files:
            self.files.pop().close()

    def note(self, what, path="", numbers=(), data=b""):
        self.done.append((time.monotonic(), what, str(path), numbers, data))

    def history(self, number):
        """All that was done to one element, and the names of what was done between."""
        lines = []
        for when, what, path, numbers, data in self.done:
            at = np.flatnonzero(np.asarray(numbers) == number)
            size = len(data) // max(1, len(numbers))
            values = [data[i * size:(i + 1) * size].hex() for i in at]
            lines.append(f"{when:.6f} {what} {path} {' '.join(values)}{' <---' if values else ''}")
        return "\n".join(lines)

    def file(self):
        """One of up to three open files, or a new one."""
        if len(self.files) < 3 and (not self.files or self.rng.integers(4) == 0):
            views = [v for v in self.world.views if self.owned[v.numbers].any()]
            if not views:
                return None
            view = views[self.rng.integers(len(views))]
            self.open(view, (".raw", ".npy")[self.rng.integers(2)])
        return self.files[self.rng.integers(len(self.files))]

    def open(self, view, suffix):
        file = Opened(self.mount, view, suffix)
        # What is stored in others and not flushed is not seen here, and goes to the sources at any time.
        file.is_stale = any(other.is_dirty and other.path != file.path for other in self.files)
        self.files.append(file)
        return file

    def choose(self, file):
        """A run of elements that are ours: position and data that can be stored."""
        mine = np.flatnonzero(self.owned[file.view.numbers])
        begin = int(mine[self.rng.integers(mine.size)])
        longest = int(self.rng.integers(1, 200))
        rest = self.owned[file.view.numbers[begin:begin + longest]]
        count = int(np.argmin(rest)) if not rest.all() else rest.size
        data = self.world.random_data(self.rng, file.view, begin, count)
        self.note(f"  chosen, file {id(file):x}", file.path, file.view.numbers[begin:begin + count], data)
        return begin, data

    def goes_past(self, file):
        """Before a write that other files' pages do not see: what is stored in them goes first."""
        for other in self.files:
            if other is not file and (file is None or other.path != file.path):
                other.flush()
                other.is_stale = True

    def write(self, put=os.pwrite):
        file = self.file()
        if file is None:
            return
        begin, data = self.choose(file)
        self.goes_past(file)
        assert put(file.descriptor, data, file.at(begin)) == len(data)
        assert self.world.store(file.view, begin, data)

    def write_vector(self):
        def put(descriptor, data, offset):
            middle = len(data) // 2
            return os.pwritev(descriptor, [data[:middle], data[middle:]], offset) if middle else os.pwrite(
                descriptor, data, offset)
        self.write_whole_elements_or(put)

    def write_whole_elements_or(self, put):
        """writev comes as one request or two; the border of two may be one within an element, which only some casts
        can take."""
        self.write(lambda descriptor, data, offset: put(descriptor, data, offset) if self.all_bytes() else os.pwrite(
            descriptor, data, offset))

    def all_bytes(self):
        return all(s.dtype.newbyteorder("=") == self.world.dtype.newbyteorder("=") for s in self.world.sources)

    def write_direct(self):
        file = self.file()
        if file is None:
            return
        begin, data = self.choose(file)
        self.goes_past(None)
        descriptor = os.open(file.path, os.O_RDWR | os.O_DIRECT)
        assert os.pwrite(descriptor, data, file.at(begin)) == len(data)
        os.close(descriptor)
        assert self.world.store(file.view, begin, data)

    def write_part(self):
        """Some bytes of one element, whatever comes out; refused where it cannot be stored."""
        file = self.file()
        if file is None:
            return
        begin, other = self.choose(file)
        size = file.view.dtype.itemsize
        first = int(self.rng.integers(size))
        last = int(self.rng.integers(first, size)) + 1
        whole = bytearray(self.world.bytes_of(file.view, begin, begin + 1))
        whole[first:last] = other[first:last]
        self.goes_past(file)
        for same in self.files:
            if same.path == file.path:
                same.flush()  # the rest of the element comes from the source
        is_good = self.world.store(file.view, begin, bytes(whole))
        try:
            assert os.pwrite(file.descriptor, other[first:last], file.at(begin) + first) == last - first
            assert is_good, f"{whole} was stored in {self.world.source_of(file.view.numbers[begin]).dtype}"
        except OSError as error:
            assert error.errno == errno.EDOM and not is_good, (error, bytes(whole))
            # The kernel's page may hold what was refused, and give it again with the next store beside it.
            self.files.remove(file)
            file.close()

    def store(self):
        file = self.file()
        if file is None:
            return
        self.goes_past(file)
        if file.is_stale:  # a value that a page shows already would not be written
            file = self.reopen(file)
        begin, data = self.choose(file)
        file.store(begin, data)
        assert self.world.store(file.view, begin, data)

    def write_source(self):
        """By hand, past the mount."""
        mine = np.flatnonzero(self.owned)
        if mine.size == 0:
            return
        number = int(mine[self.rng.integers(mine.size)])
        source = self.world.source_of(number)
        self.goes_past(None)
        value = writing_world.random_values(self.rng, source.dtype, 1)
        self.note("  value", source.path, [number], value.tobytes())
        descriptor = os.open(source.path, os.O_WRONLY)
        os.pwrite(descriptor, value.tobytes(), source.position(number))
        os.close(descriptor)
        source.flat[number - source.first:number - source.first + 1] = value

    def copy(self):
        file = self.file()
        if file is None:
            return
        begin, data = self.choose(file)
        self.goes_past(file)
        with tempfile.TemporaryFile() as other:
            other.write(data)
            other.flush()
            copied = 0
            os.lseek(file.descriptor, file.at(begin), os.SEEK_SET)
            while copied < len(data):
                copied += os.sendfile(file.descriptor, other.fileno(), copied, len(data) - copied)
        assert self.world.store(file.view, begin, data)

    def flush(self):
        for file in self.files:
            file.flush()

    def sync(self):
        file = self.file()
        if file is not None:
            file.sync()

    def stat(self):
        file = self.file()
        if file is not None:
            os.ftruncate(file.descriptor, os.fstat(file.descriptor).st_size)

    def reopen(self, file=None):
        if file is None and not self.files:
            return None
        file = file or self.files[self.rng.integers(len(self.files))]
        self.note(f"  reopen, file {id(file):x}", file.path)
        self.files.remove(file)
        if self.rng.integers(2):
            file.flush()  # or else closing does it
        suffix = file.path.suffix
        file.close()
        return self.open(file.view, suffix)

    def check(self):
        """Whoever opens a file now sees all that we have done."""
        self.flush()
        if not self.world.views:
            return
        view = self.world.views[self.rng.integers(len(self.world.views))]
        found = pathlib.Path(self.mount, view.name + ".raw").read_bytes()
        wanted = self.world.bytes_of(view)
        mine = np.repeat(self.owned[view.numbers], view.dtype.itemsize)
        differs = (np.frombuffer(found, "u1") != np.frombuffer(wanted, "u1")) & mine
        if differs.any():
            first, size = int(np.argmax(differs)), view.dtype.itemsize
            number = view.numbers[first // size]
            element = slice(first // size * size, first // size * size + size)
            raise AssertionError(
                f"{view.name}.raw differs from byte {first} on ({np.count_nonzero(differs)} bytes), element {number} is "
                f"{found[element].hex()} and not {wanted[element].hex()}: {view.manifest}; done by {os.getpid()}:\n"
                f"{self.history(number)}")


def partition(rng, count):
    """Whose each element is: runs of random lengths."""
    owner = np.zeros(count, bool)
    position, mine = 0, bool(rng.integers(2))
    while position < count:
        length = int(rng.integers(1, 1 + int(rng.choice([2, 20, 300]))))
        owner[position:position + length] = mine
        position, mine = position + length, not mine
    return owner


def run_world(seed, operations, mount_arguments=()):
    """One world, two processes with half of the operations each. Returns nothing; raises what is wrong."""
    rng = np.random.default_rng(seed)
    folder = tempfile.mkdtemp(prefix="ndcat-writing-")
    world = writing_world.World(rng, folder)
    count = world.sources[-1].first + world.sources[-1].flat.size
    owner = partition(rng, count)
    with ndcat.Mount(folder, "-o", "rw", *mount_arguments) as mount:
        world.check_views(mount)
        children = []
        for number, owned in enumerate((owner, ~owner)):
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    Process(np.random.default_rng([seed, number]), world, mount, owned).run(operations // 2)
                    code = 0
                except BaseException:  # noqa: B902 - the child must end here, whatever it was
                    import traceback
                    traceback.print_exc()
                finally:
                    os._exit(code)
            children.append(child)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        assert codes == [0, 0], f"seed {seed}: the processes ended with {codes}; log:\n{mount.log()}"
        world.check_sources()
        world.check_views(mount)
        others = [line for line in mount.log().splitlines() if "cannot hold exactly" not in line]
        assert not others, f"seed {seed}: more failed than what is refused: {others}"
    shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--operations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "little"))
    parser.add_argument("--world", type=int, default=200, help="operations in one world")
    options = parser.parse_args()
    ndcat.guard().deadline(24 * 3600)
    began = time.monotonic()
    print(f"seed {options.seed}", flush=True)
    for i in range(0, options.operations, options.world):
        run_world(options.seed + i, options.world)
        if i % (options.world * 20) == 0:
            print(f"{i + options.world} operations, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{options.operations} operations: every byte as it must be")


if __name__ == "__main__":
    main()
