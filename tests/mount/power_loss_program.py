"""A program that writes through a mount, in all ways and in random order, and keeps a record of what fsync covers.

Each way to write owns some of the elements, in runs that interleave, so that the writes of an element have one order.
"""

import mmap
import os
import pathlib

import numpy as np

from power_loss_world import NUMBERS, SIDES, TAILS, values


class Way:
    """A virtual file that is open for writing; `pending` is what was written since it was, and is not yet covered."""

    NAME, FLAGS, NUMBERS = "all.raw", os.O_RDWR, NUMBERS.ravel()

    def __init__(self, mount, rng, owned):
        self.rng, self.path = rng, pathlib.Path(mount, self.NAME)
        self.mine = np.flatnonzero(owned[self.NUMBERS])
        self.owned = owned
        self.open()

    def open(self):
        self.descriptor = os.open(self.path, self.FLAGS)
        self.pending = []

    def close(self):
        os.close(self.descriptor)

    def choose(self):
        """The first element of a run that this way owns, and the numbers of all of it."""
        begin = int(self.mine[self.rng.integers(self.mine.size)])
        numbers = self.NUMBERS[begin:begin + int(self.rng.integers(1, 400))]
        owned = self.owned[numbers]
        return begin, numbers[:owned.size if owned.all() else int(np.argmin(owned))]

    def write(self, record):
        begin, numbers = self.choose()
        record.begun[numbers] += 1
        versions = record.begun[numbers]
        self.put(begin * 8, values(numbers, versions).tobytes())
        self.pending.append((numbers, versions))

    def put(self, offset, data):
        assert os.pwrite(self.descriptor, data, offset) == len(data)

    def sync(self, record):
        (os.fsync if self.rng.integers(2) else os.fdatasync)(self.descriptor)
        self.cover(record)

    def cover(self, record):
        for numbers, versions in self.pending:
            record.covered[numbers] = versions
        self.pending = []


class Direct(Way):
    FLAGS = os.O_RDWR | os.O_DIRECT


class Synchronous(Way):
    """Each write is covered when it returns."""

    FLAGS = os.O_RDWR | os.O_DSYNC

    def write(self, record):
        super().write(record)
        self.cover(record)


class Sides(Way):
    NAME, NUMBERS = "sides.raw", SIDES.ravel()


class Map(Way):
    NAME = "all.npy"

    def open(self):
        super().open()
        self.map = mmap.mmap(self.descriptor, 0)
        self.header = int.from_bytes(self.map[8:10], "little") + 10

    def put(self, offset, data):
        self.map[self.header + offset:self.header + offset + len(data)] = data

    def sync(self, record):
        if self.rng.integers(3) == 0:
            super().sync(record)
        else:
            self.map.flush()
            self.cover(record)

    def close(self):
        self.map.close()
        super().close()


class Appending:
    """A raw view that is open to append; a tail has no other."""

    def __init__(self, mount, rng, number):
        self.rng, self.number, self.tail = rng, number, TAILS[number]
        self.path = pathlib.Path(mount, self.tail.view)
        self.open()

    def open(self):
        self.descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND)

    def close(self):
        os.close(self.descriptor)

    def write(self, record):
        begin = int(record.appended[self.number])
        data = self.tail.stream[begin:begin + int(self.rng.integers(1, int(self.rng.choice([50, 500, 5000]))))]
        record.appended[self.number] += len(data)
        assert os.write(self.descriptor, data) == len(data)

    def sync(self, record):
        end = int(record.appended[self.number])
        (os.fsync if self.rng.integers(2) else os.fdatasync)(self.descriptor)
        record.kept[self.number] = end


WAYS = [Way, Direct, Synchronous, Sides, Map]


def run(seed, mount, record, syncs):
    """Until the record says that it is over; `syncs` counts, of each file that is open, how many have completed."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(rng.integers(len(WAYS), size=NUMBERS.size // 50 + 1), 50)[:NUMBERS.size]
    files = [way(mount, rng, owner == number) for number, way in enumerate(WAYS)]
    files += [Appending(mount, rng, number) for number in range(len(TAILS))]
    while not record.is_over[0]:
        number = int(rng.integers(len(files)))
        for _ in range(int(rng.integers(1, 20))):
            files[number].write(record)
        if rng.integers(3) == 0:
            files[number].sync(record)
            syncs[number] += 1
        if rng.integers(20) == 0:
            files[number].close()
            files[number].open()
    for file in files:
        file.close()
