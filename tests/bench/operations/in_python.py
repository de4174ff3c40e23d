"""Touches of an open array (opened.py), each timed by the process that does them."""

import time

import numpy as np

PAGE = 4096


def timed(throttle, opener, is_repeated, touch):
    """Runs in a process of its own: opens the array, and touches it; twice if only the second time counts."""
    if throttle is not None:
        throttle.enter()
    array = opener()
    if is_repeated:
        touch(array)
    return touch(array)


def in_blocks(array, size, dtype, seconds):
    """A copy of the rows in order, `size` bytes at a time."""
    row_size = array.shape[1] * np.dtype(dtype).itemsize
    rows = max(1, size // row_size)
    begin, done = time.perf_counter(), 0
    while done < array.shape[0] and time.perf_counter() - begin < seconds:
        done += len(array.rows(done, min(done + rows, array.shape[0])))
    return {"speed": done * row_size / (time.perf_counter() - begin) / 1e9}


def pages(array, count, dtype, seconds):
    """4 KiB at random places: a part of a row, or several rows where they are short."""
    height, width = array.shape
    elements = PAGE // np.dtype(dtype).itemsize
    rows = max(1, elements // width)
    random = np.random.default_rng(1)
    tops, lefts = random.integers(max(1, height // rows), size=count), random.integers(max(1, width // elements), size=count)
    times, end = [], time.perf_counter() + seconds
    for top, left in zip((tops * rows).tolist(), (lefts * elements).tolist()):
        begin = time.perf_counter()
        if begin > end:
            break
        if rows > 1:
            array.rows(top, min(top + rows, height))
        else:
            array.run(top, left, left + elements)
        times.append((time.perf_counter() - begin) * 1e6)
    return {"p50": float(np.percentile(times, 50)), "p99": float(np.percentile(times, 99))}


def column(array, number):
    begin = time.perf_counter()
    array.column(number)
    return {"per_touch": (time.perf_counter() - begin) * 1e6 / array.shape[0]}


def total(array, size):
    begin = time.perf_counter()
    array.total()
    return {"speed": size / (time.perf_counter() - begin) / 1e9}
