"""How the arrays of the benchmark are cut into source files.

A recipe is a function of a size in bytes and of the folder in which the files are to lie; it says what the parts are, and
writes nothing. The rows are wide enough for everything that the cases do, except where the point is that they are not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.parts import Grid, Part

COLUMNS = 4096  # 32 KiB of float64
WIDE_COLUMNS = 65536  # 512 KiB of float64: beyond every read-ahead


@dataclass(frozen=True)
class Recipe:
    name: str
    title: str
    grid: Callable[..., Grid]  # of the folder and the number of rows
    columns: int = COLUMNS  # of the result
    dtype: str = "<f8"  # of the result
    glob: str | None = None  # for the manifest, instead of a list of the parts
    grows: bool = False  # the last part can be appended to

    def rows(self, size):
        # A multiple of 4, so that everything can be halved twice.
        return max(4, size // (self.columns * np.dtype(self.dtype).itemsize) // 4 * 4)


def halves(folder, rows, columns=COLUMNS, dtype="<f8", order="C"):
    """Two sources, one below the other."""
    return [[Part(folder / f"{name}.raw", dtype, (rows // 2, columns), order)] for name in ("top", "bottom")]


def beside(*widths):
    return lambda folder, rows: [[Part(folder / f"{i}.raw", "<f8", (rows, width)) for i, width in enumerate(widths)]]


def quarters(folder, rows):
    return [[Part(folder / f"{y}{x}.raw", "<f8", (rows // 2, COLUMNS // 2)) for x in "ab"] for y in "ab"]


def mixed(folder, rows):
    return [[Part(folder / "float.raw", "<f4", (rows // 2, COLUMNS))], [Part(folder / "int.raw", "<i4", (rows // 2, COLUMNS))]]


def every_other_row(folder, rows):
    return [[Part(folder / f"{name}.raw", "<f8", (rows, COLUMNS), view=(slice(None, None, 2), slice(None)))]
            for name in ("top", "bottom")]


def every_other_column(folder, rows):
    return [[Part(folder / f"{name}.raw", "<f8", (rows // 2, 2 * COLUMNS), view=(slice(None), slice(None, None, 2)))]
            for name in ("top", "bottom")]


def many(count):
    """`count` .npy files along axis 0, as even as can be."""
    def grid(folder, rows):
        borders = np.linspace(0, rows, count + 1).astype(int)
        return [[Part(folder / "parts" / f"part-{i:06}.npy", "<f8", (int(b - a), 64), has_header=True)]
                for i, (a, b) in enumerate(zip(borders, borders[1:]))]
    return grid


def npy_halves(folder, rows):
    return [[Part(folder / f"{name}.npy", "<f8", (rows // 2, COLUMNS), has_header=True)] for name in ("top", "bottom")]


def of_many(count):
    return Recipe(f"sources-{count}", f"{count:,}".replace(",", " ") + (" source" if count == 1 else " sources"), many(count),
                  columns=64, glob="parts/part-*.npy")


AXIS_0 = Recipe("axis-0", "axis 0, 2 sources", halves)
AXIS_1_NARROW = Recipe("axis-1-8+8", "axis 1, 8 + 8 bytes a row", beside(1, 1), columns=2)
AXIS_1_WIDE = Recipe("axis-1-24000+8000", "axis 1, 24 000 + 8 000 bytes a row", beside(3000, 1000), columns=4000)
BLOCK = Recipe("block-2x2", "2×2 block", quarters)
TRANSPOSED = Recipe("f-in-c", "F sources in C order", lambda folder, rows: halves(folder, rows, order="F"))
MIXED = Recipe("mixed-dtypes", "float32 and int32 as float64", mixed)
SWAPPED = Recipe("big-endian", "big-endian float64", lambda folder, rows: halves(folder, rows, dtype=">f8"))
SWAPPED_CAST = Recipe("big-endian-cast", "big-endian float32 as float64", lambda folder, rows: halves(folder, rows, dtype=">f4"))
ROW_STEP = Recipe("select-rows", "every other row", every_other_row)
COLUMN_STEP = Recipe("select-columns", "every other column", every_other_column)
WIDE = Recipe("wide-rows", "axis 0, rows of 512 KiB", lambda folder, rows: halves(folder, rows, WIDE_COLUMNS), columns=WIDE_COLUMNS)
GROWING = Recipe("growing", "axis 0, 2 .npy sources", npy_halves, grows=True)
