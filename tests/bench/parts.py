"""The parts of which a two-dimensional array is put together."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


MAPS = 50_000  # the kernel allows a process 65 530


@dataclass(frozen=True)
class Part:
    """One source file: `shape` is the array in the file, `view` what of it belongs to the result."""

    path: Path
    dtype: str
    shape: tuple[int, int]
    order: str = "C"
    view: tuple[slice, slice] = (slice(None), slice(None))
    has_header: bool = False  # a .npy file, else the bytes alone

    @property
    def is_whole(self):
        return self.view == (slice(None), slice(None))

    @property
    def view_shape(self):
        return tuple(len(range(*one.indices(extent))) for one, extent in zip(self.view, self.shape))

    def load(self, mode="r"):
        """As a map, the way every NumPy user would."""
        if self.has_header:
            return np.load(self.path, mmap_mode=mode)[self.view]
        return np.memmap(self.path, self.dtype, mode, shape=self.shape, order=self.order)[self.view]


    def read(self):
        """Into memory: what is left where there are more parts than a process may have maps."""
        return np.array(self.load())


# Parts beside each other make a row of the grid, rows below each other the array.
Grid = list[list[Part]]


def grid_shape(grid: Grid):
    return sum(row[0].view_shape[0] for row in grid), sum(part.view_shape[1] for part in grid[0])


def placed(grid: Grid):
    """Every part with the rows and the columns of the array that it fills."""
    top = 0
    for row in grid:
        height = row[0].view_shape[0]
        left = 0
        for part in row:
            width = part.view_shape[1]
            yield part, slice(top, top + height), slice(left, left + width)
            left += width
        top += height


def files(grid: Grid):
    return list(dict.fromkeys(part.path for row in grid for part in row))


def concatenated(grid: Grid, out=None):
    """np.concatenate of all parts, as one would write it for this grid, in C order."""
    load = Part.load if len(grid) * len(grid[0]) < MAPS else Part.read
    if len(grid) == 1:
        return np.concatenate([load(part) for part in grid[0]], axis=1, out=out)
    if all(len(row) == 1 for row in grid):
        return np.concatenate([load(row[0]) for row in grid], axis=0, out=out)
    return np.concatenate([np.concatenate([load(part) for part in row], axis=1) for row in grid], axis=0, out=out)
