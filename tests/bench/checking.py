"""Every rival must deliver what NumPy does, before it is timed."""

import functools

import numpy as np

from bench import isolated
from bench.contender import Cannot
from bench.opened import Mapped

BLOCK = 1 << 23  # bytes


def check(contender, array, seconds):
    """Compares all of the array with the native file, which NumPy wrote. Raises Cannot."""
    opener = contender.open or functools.partial(Mapped, contender.path, array.dtype, array.shape)
    try:
        isolated.run(compare, opener, array.native, array.dtype, array.shape, seconds=seconds)
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
