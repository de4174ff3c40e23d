"""An HDF5 virtual dataset: the parts as external datasets, joined by a layout. Nothing is copied here either."""

import contextlib
import functools
import importlib.util
import os

import numpy as np

from bench import isolated
from bench.contender import Cannot, Contender
from bench.opened import Indexed
from bench.parts import placed

BLOCK = 1 << 23  # bytes


class H5pyVirtual:
    name, title = "h5py", "h5py virtual dataset"

    @contextlib.contextmanager
    def serve(self, array, site):
        if importlib.util.find_spec("h5py") is None:
            raise Cannot("h5py is not installed")
        if any(part.order == "F" for row in array.grid for part in row):
            raise Cannot("HDF5 knows no F order")
        path = site.new_folder(self.name) / "virtual.h5"
        try:
            isolated.run(write, path, array.grid, array.shape, array.dtype, seconds=site.seconds)
        except Cannot as why:
            raise Cannot(f"writing the virtual dataset: {why}") from None
        yield Contender(open=functools.partial(Dataset, path, array.sources if site.is_writable else ()), reads=(*array.sources, path))


def write(path, grid, shape, dtype):
    import h5py

    with h5py.File(path, "w", libver="latest") as file:
        layout = h5py.VirtualLayout(shape, dtype)
        for number, (part, rows, columns) in enumerate(placed(grid)):
            size = int(np.prod(part.shape)) * np.dtype(part.dtype).itemsize
            name = f"part{number}"
            file.create_dataset(name, part.shape, part.dtype, external=[(str(part.path), part.load().offset, size)])
            layout[rows, columns] = h5py.VirtualSource(".", name, part.shape, part.dtype)[part.view]
        file.create_virtual_dataset("joined", layout)


class Dataset(Indexed):
    def __init__(self, path, written=()):
        import h5py

        self.file, self.written = h5py.File(path, "r+" if written else "r"), written
        super().__init__(self.file["joined"])

    def rows(self, begin, end):
        return self.array[begin:end]

    def total(self):
        """In blocks, as HDF5 has no sum; into one buffer, as memory that is new each time is slow."""
        rows = max(1, BLOCK // (self.shape[1] * self.array.dtype.itemsize))
        buffer = np.empty((rows, self.shape[1]), self.array.dtype)
        sum_of_all = 0.0
        for begin in range(0, self.shape[0], rows):
            count = min(rows, self.shape[0] - begin)
            self.array.read_direct(buffer, np.s_[begin:begin + count], np.s_[:count])
            sum_of_all += float(buffer[:count].sum())
        return sum_of_all

    def flush(self):
        """HDF5 flushes its own file alone."""
        self.file.flush()
        for path in self.written:
            with open(path, "rb") as file:
                os.fsync(file.fileno())
