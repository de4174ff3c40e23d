"""Every rival must deliver what NumPy does, before it is timed; and what is written through it must be in the sources."""

import functools

import numpy as np

from bench import isolated
from bench.contender import Cannot
from bench.opened import Mapped, Parts

BLOCK = 1 << 23  # bytes


def check(contender, array, site):
    """Compares all of the array with the native file, which NumPy wrote. Raises Cannot."""
    mode = "r+" if site.is_writable else "r"
    opener = contender.open or functools.partial(Mapped, contender.path, array.dtype, array.shape, mode)
    try:
        isolated.run(compare, opener, array.native, array.dtype, array.shape, seconds=site.seconds)
        if site.is_writable:
            directly = (opener if contender.path == array.native else
                        functools.partial(Parts, array.grid, array.dtype, "r+"))
            isolated.run(compare_written, opener, directly, seconds=site.seconds)
    except Cannot as why:
        raise Cannot(f"while its data were checked: {why}") from None


def compare(opener, native, dtype, shape):
    found, expected = opener(), np.memmap(native, dtype, "r", shape=shape)
    height, width = shape
    rows = max(1, BLOCK // (width * expected.itemsize))
    for begin in range(0, height, rows):
        end = min(begin + rows, height)
        if not np.array_equal(found.rows(begin, end), expected[begin:end]):
            raise Cannot(f"other data than NumPy's in the rows from {begin} to {end}")
    # The other ways of touching it, once each.
    row, number, end = height // 2, width // 2, min(width // 2 + 512, width)
    same = (np.array_equal(found.run(row, number, end), expected[row, number:end]) and
            np.array_equal(found.column(number), expected[:, number]) and
            np.isclose(found.total(), float(expected.sum())))
    if not same:
        raise Cannot("other data than NumPy's in a row, in a column or in the sum")


def compare_written(opener, directly):
    """Rows about the middle, where parts meet, a piece of a row and a column are written; nothing else may change. At the end
    everything is as it was. `directly` opens the sources themselves."""
    height, width = directly().shape
    original = directly().rows(0, height)
    expected, begin, middle = original.copy(), height // 2 - 1, width // 2
    expected[begin:begin + 2] *= -1
    expected[0, 1:-1] = -2
    expected[:, middle] = -3
    try:
        array = opener()
        array.put_rows(begin, expected[begin:begin + 2])
        array.put_run(0, 1, expected[0, 1:-1])
        array.put_column(middle, expected[:, middle])
        array.flush()
        if not np.array_equal(directly().rows(0, height), expected):
            raise Cannot("what was written is not what the sources hold")
    finally:
        directly().put_rows(0, original)
