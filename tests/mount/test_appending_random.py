"""Random programs that append, overwrite, map and reopen, against an array of NumPy's that does the same."""

import mmap
import os

import numpy as np
import pytest

import arrays
import ndcat

SEED = int(os.environ.get("NDCAT_SEED") or int.from_bytes(os.urandom(4), "little"))
OPERATIONS = 150
DTYPES = ["<f8", ">i4", "u1", "S3", [("a", "<i2"), ("b", "<f4")]]


class Program:
    """`values` is what the array must be, `waiting` the bytes of the row that is not complete."""

    def __init__(self, rng, folder):
        self.rng, self.folder = rng, folder
        self.dtype = np.dtype(DTYPES[rng.integers(len(DTYPES))])
        self.columns = int(rng.integers(1, 30))
        self.order = "CF"[rng.integers(2)] if self.columns > 1 else "C"
        self.tail = ("tail.npy", "tail.raw")[rng.integers(2)]
        self.row_size = self.columns * self.dtype.itemsize
        self.values = self.random_rows(int(rng.integers(20)) + 3)
        self.waiting = b""
        self.files, self.maps = [], []
        # Of a single row in F order np.save says C, which is the same until there are two.
        self.tail_begins = int(rng.integers(len(self.values) + (1 if self.order == "C" else -1)))
        self.write_sources()

    def random_rows(self, count):
        return np.frombuffer(self.rng.integers(65, 91, count * self.columns * self.dtype.itemsize, "u1").tobytes(),
                             self.dtype).reshape(count, self.columns).copy()

    def shown(self, rows):
        """As the array has them: in F order its rows are columns."""
        return rows if self.order == "C" else rows.T

    def write_sources(self):
        head, last = (self.shown(rows) for rows in np.split(self.values, [self.tail_begins]))
        np.save(self.folder / "head.npy", head)
        expression = self.tail
        if self.tail == "tail.npy":
            np.save(self.folder / self.tail, last)
        else:
            offset = int(self.rng.integers(100))
            (self.folder / self.tail).write_bytes(bytes(offset) + last.tobytes("A"))
            dtype = [list(field[:2]) for field in self.dtype.descr] if self.dtype.names else self.dtype.str
            shape = [-1, self.columns] if self.order == "C" else [self.columns, -1]
            expression = {"path": self.tail, "dtype": dtype, "shape": shape, "order": self.order, "offset": offset}
        manifest = {"concatenate": ["head.npy", expression], "axis": "CF".index(self.order), "order": self.order,
                    "mode": "r+", "append": self.tail, "astype": None}
        manifest["astype"] = [list(f[:2]) for f in self.dtype.descr] if self.dtype.names else self.dtype.str
        arrays.write_manifest(self.folder / "all.json", manifest)

    @property
    def size(self):
        return self.values.nbytes

    def grow(self, data):
        data = self.waiting + data
        whole = len(data) // self.row_size * self.row_size
        more = np.frombuffer(data[:whole], self.dtype).reshape(-1, self.columns)
        self.values = np.concatenate([self.values, more]).astype(self.dtype)  # NumPy's is in native byte order
        self.waiting = data[whole:]

    def data(self):
        return self.random_rows(1 + int(self.rng.integers(30))).tobytes()[:int(self.rng.integers(1, 30 * self.row_size))]

    def append(self):
        data = self.data()
        with open(self.raw, "ab", buffering=0) as file:
            assert file.write(data) == len(data)
        self.grow(data)

    def append_to_one_that_is_open(self):
        if len(self.files) < 3:
            self.files.append(os.open(self.raw, os.O_WRONLY | os.O_APPEND))
        descriptor, data = self.files[self.rng.integers(len(self.files))], self.data()
        assert os.write(descriptor, data) == len(data)
        self.grow(data)
        if self.rng.integers(3) == 0:
            os.fsync(descriptor)

    def close(self):
        if self.files:
            os.close(self.files.pop(int(self.rng.integers(len(self.files)))))

    def write_at_the_end(self):
        """Where nothing waits; perhaps over what was there."""
        if self.waiting:
            return
        data = self.data()
        descriptor = os.open(self.raw, (os.O_RDWR, os.O_WRONLY)[self.rng.integers(2)])
        before = min(int(self.rng.integers(100)), self.size, len(data) - 1)
        assert os.pwrite(descriptor, data, self.size - before) == len(data)
        os.close(descriptor)
        whole = self.values.tobytes()
        self.values = np.frombuffer(whole[:len(whole) - before] + data[:before], self.dtype).reshape(-1, self.columns)
        self.grow(data[before:])

    def overwrite(self):
        data = self.random_rows(len(self.values)).tobytes()
        begin = int(self.rng.integers(self.size))
        end = int(self.rng.integers(begin, self.size)) + 1
        with open(self.raw, "r+b", buffering=0) as file:
            if self.rng.integers(2):
                os.pwrite(file.fileno(), data[begin:end], begin)
            else:
                with mmap.mmap(file.fileno(), 0) as mapped:
                    assert len(mapped) == self.size
                    mapped[begin:end] = data[begin:end]
                    mapped.flush()
        whole = self.values.tobytes()
        self.values = np.frombuffer(whole[:begin] + data[begin:end] + whole[end:], self.dtype).reshape(-1, self.columns)

    def hold(self):
        """A map keeps its shape, whatever happens."""
        if len(self.maps) < 3:
            self.maps.append((np.load(self.mount / "all.npy", mmap_mode="r"), self.values.shape))
        array, shape = self.maps[self.rng.integers(len(self.maps))]
        assert self.shown(array).shape == shape
        assert np.array_equal(array, array)  # every page of it can be read

    def check(self):
        found = np.load(self.mount / "all.npy")
        assert found.dtype == self.dtype and found.flags.f_contiguous >= (self.order == "F")
        assert found.shape == self.shown(self.values).shape and found.tobytes() == self.shown(self.values).tobytes()
        assert self.raw.read_bytes() == self.values.tobytes()

    def run(self, mount):
        self.mount, self.raw = mount, mount / "all.raw"
        steps = [self.append, self.append, self.append_to_one_that_is_open, self.append_to_one_that_is_open, self.close,
                 self.write_at_the_end, self.write_at_the_end, self.overwrite, self.hold, self.check]
        for _ in range(OPERATIONS):
            steps[self.rng.integers(len(steps))]()
        while self.files:
            self.close()
        self.check()

    def check_sources(self):
        last = self.shown(self.values[self.tail_begins:])
        if self.tail == "tail.npy":
            assert np.array_equal(np.load(self.folder / self.tail), last)
        assert (self.folder / self.tail).read_bytes().endswith(last.tobytes("A") + self.waiting)
        assert np.array_equal(np.load(self.folder / "head.npy"), self.shown(self.values[:self.tail_begins]))


@pytest.mark.deadline(120)
@pytest.mark.parametrize("number", range(3 if os.environ.get("NDCAT_SLOW") else 10))
def test_every_row_is_as_it_must_be(folder, number):
    print(f"NDCAT_SEED={SEED}")
    program = Program(np.random.default_rng(SEED + number), folder)
    for _ in range(2):  # what is there survives the mount
        with ndcat.Mount(folder, "-o", "rw", *(["-s"] if number == 1 else [])) as mount:
            program.run(mount)
        program.maps.clear()
        program.check_sources()
