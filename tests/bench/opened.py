"""An array as a Python program has it open: one class for each way to touch it, the same for all libraries.

    rows(begin, end)              a copy of whole rows
    run(row, begin, end)          a copy of a few elements of one row
    column(number)                a copy of a column
    total()                       the sum of all elements, the fastest way that the library has
and, where the sources can be written through it,
    put_rows(begin, values), put_run(row, begin, values), put_column(number, values)
    flush()                       all the way to the disk
    growing()                     a context manager, at whose end all is on the disk; what it gives has append(values)
"""

import bisect
import contextlib
import functools
import os

import numpy as np

from bench.contender import Cannot
from bench.parts import concatenated, grid_shape, placed


class Indexed:
    """Anything that takes NumPy's indices: arrays, maps, HDF5 datasets, Dask arrays."""

    def __init__(self, array):
        self.array = array

    @property
    def shape(self):
        return self.array.shape

    @property
    def dtype(self):
        return self.array.dtype

    def rows(self, begin, end):
        return np.array(self.array[begin:end])

    def run(self, row, begin, end):
        return np.array(self.array[row, begin:end])

    def column(self, number):
        return np.array(self.array[:, number])

    def total(self):
        return float(self.array.sum())

    def put_rows(self, begin, values):
        self.array[begin:begin + len(values)] = values

    def put_run(self, row, begin, values):
        self.array[row, begin:begin + len(values)] = values

    def put_column(self, number, values):
        self.array[:, number] = values

    def flush(self):
        self.array.flush()

    def growing(self):
        raise Cannot("cannot be made longer")


class Mapped(Indexed):
    """A file of the array's bytes alone."""

    def __init__(self, path, dtype, shape, mode="r"):
        super().__init__(np.memmap(path, dtype, mode, shape=shape))


class Parts:
    """One map for each part, and a loop over those that are met: what one writes by hand."""

    def __init__(self, grid, dtype, mode="r"):
        self.shape, self.dtype = grid_shape(grid), np.dtype(dtype)
        self.parts = [(part.load(mode), rows, columns) for part, rows, columns in placed(grid)]
        self.bottoms = [rows.stop for _, rows, _ in self.parts]
        self.last = grid[-1][0].path

    def met(self, begin, end):
        """The parts that have some of these rows, each with the first and the last of them."""
        for number in range(bisect.bisect_right(self.bottoms, begin), len(self.parts)):
            part, rows, columns = self.parts[number]
            if rows.start >= end:
                return
            yield part, rows.start, columns, max(begin, rows.start), min(end, rows.stop)

    def rows(self, begin, end):
        result = np.empty((end - begin, self.shape[1]), self.dtype)
        for part, top, columns, first, last in self.met(begin, end):
            result[first - begin:last - begin, columns] = part[first - top:last - top]
        return result

    def run(self, row, begin, end):
        result = np.empty(end - begin, self.dtype)
        for part, top, columns, _, _ in self.met(row, row + 1):
            first, last = max(begin, columns.start), min(end, columns.stop)
            if first < last:
                result[first - begin:last - begin] = part[row - top, first - columns.start:last - columns.start]
        return result

    def column(self, number):
        result = np.empty(self.shape[0], self.dtype)
        for part, rows, columns in self.parts:
            if columns.start <= number < columns.stop:
                result[rows] = part[:, number - columns.start]
        return result

    def total(self):
        return float(sum(part.sum(dtype=self.dtype) for part, _, _ in self.parts))

    def put_rows(self, begin, values):
        for part, top, columns, first, last in self.met(begin, begin + len(values)):
            part[first - top:last - top] = values[first - begin:last - begin, columns]

    def put_run(self, row, begin, values):
        for part, top, columns, _, _ in self.met(row, row + 1):
            first, last = max(begin, columns.start), min(begin + len(values), columns.stop)
            if first < last:
                part[row - top, first - columns.start:last - columns.start] = values[first - begin:last - begin]

    def put_column(self, number, values):
        for part, rows, columns in self.parts:
            if columns.start <= number < columns.stop:
                part[:, number - columns.start] = values[rows]

    def flush(self):
        for part, _, _ in self.parts:
            part.flush()

    @contextlib.contextmanager
    def growing(self):
        """Of a .npy file: its bytes first, then a header that tells of them."""
        with open(self.last, "r+b", buffering=0) as file:
            tail = Tail(file)
            yield tail
            tail.settle()


class Tail:
    """A .npy file in C order to which rows are added by hand."""

    def __init__(self, file):
        self.file = file
        version = np.lib.format.read_magic(file)
        assert version == (1, 0), version
        self.shape, is_fortran, self.dtype = np.lib.format.read_array_header_1_0(file)
        assert not is_fortran
        self.header = file.tell()
        file.seek(0, os.SEEK_END)

    def append(self, values):
        self.file.write(values.data)
        self.shape = (self.shape[0] + len(values), *self.shape[1:])

    def settle(self):
        os.fsync(self.file.fileno())
        self.file.seek(0)
        told = {"descr": np.lib.format.dtype_to_descr(self.dtype), "fortran_order": False, "shape": self.shape}
        np.lib.format.write_array_header_1_0(self.file, told)
        assert self.file.tell() == self.header, "NumPy leaves room for it"
        os.fsync(self.file.fileno())


class Copied:
    """np.concatenate on the first touch, plain memory from then on."""

    def __init__(self, grid, dtype):
        self.grid, self.shape, self.dtype = grid, grid_shape(grid), np.dtype(dtype)

    def in_memory(self):
        return concatenated(self.grid, out=np.empty(self.shape, self.dtype))

    @functools.cached_property
    def copy(self):
        return Indexed(self.in_memory())

    def rows(self, begin, end):
        return self.copy.rows(begin, end)

    def run(self, row, begin, end):
        return self.copy.run(row, begin, end)

    def column(self, number):
        return self.copy.column(number)

    def total(self):
        return self.copy.total()


class Saved(Copied):
    """np.save of what np.concatenate gives on the first touch, a plain file from then on."""

    def __init__(self, grid, dtype, path):
        super().__init__(grid, dtype)
        self.path = path

    @functools.cached_property
    def copy(self):
        np.save(self.path, self.in_memory())
        return Indexed(np.load(self.path, mmap_mode="r"))
