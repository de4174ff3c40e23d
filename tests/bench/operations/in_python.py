"""Touches of an open array (opened.py), each timed by the process that does them, and cut short after so many seconds where
that still gives a figure."""

import time

import numpy as np

PAGE = 4096


def timed(throttle, opener, is_repeated, touch, seconds):
    """Runs in a process of its own: opens the array, and touches it; twice if only the second time counts."""
    if throttle is not None:
        throttle.enter()
    array = opener()
    if is_repeated:
        touch(array, seconds)
    return touch(array, seconds)


def row_size(array):
    return array.shape[1] * array.dtype.itemsize


def in_blocks(array, seconds, size):
    """A copy of the rows in order, `size` bytes at a time."""
    rows = max(1, size // row_size(array))
    begin, done = time.perf_counter(), 0
    while done < array.shape[0] and time.perf_counter() - begin < seconds:
        done += len(array.rows(done, min(done + rows, array.shape[0])))
    return {"speed": done * row_size(array) / (time.perf_counter() - begin) / 1e9}


def at_random(array, seconds, count, touch):
    """Times touch(top, bottom, left, right) of 4 KiB at random places: a part of a row, or several rows where they are short."""
    height, width = array.shape
    elements = PAGE // array.dtype.itemsize
    rows, columns = max(1, elements // width), min(width, elements)
    random = np.random.default_rng(1)
    tops, lefts = random.integers(max(1, height // rows), size=count), random.integers(width // columns, size=count)
    times, end = [], time.perf_counter() + seconds
    for top, left in zip((tops * rows).tolist(), (lefts * columns).tolist()):
        begin = time.perf_counter()
        if begin > end:
            break
        touch(top, min(top + rows, height), left, left + columns)
        times.append((time.perf_counter() - begin) * 1e6)
    return {"p50": float(np.percentile(times, 50)), "p99": float(np.percentile(times, 99))}


def pages(array, seconds, count):
    def touch(top, bottom, left, right):
        return array.rows(top, bottom) if bottom > top + 1 else array.run(top, left, right)
    return at_random(array, seconds, count, touch)


def column(array, _seconds, number):
    begin = time.perf_counter()
    array.column(number)
    return {"per_touch": (time.perf_counter() - begin) * 1e6 / array.shape[0]}


def total(array, _seconds):
    begin = time.perf_counter()
    array.total()
    return {"speed": array.shape[0] * row_size(array) / (time.perf_counter() - begin) / 1e9}


def put_in_blocks(array, seconds, size, is_flushed):
    """The rows in order, `size` bytes at a time."""
    rows = max(1, size // row_size(array))
    values = np.ones((rows, array.shape[1]), array.dtype)
    begin, done = time.perf_counter(), 0
    while done < array.shape[0] and time.perf_counter() - begin < seconds:
        count = min(rows, array.shape[0] - done)
        array.put_rows(done, values[:count])
        done += count
    if is_flushed:
        array.flush()
    return {"speed": done * row_size(array) / (time.perf_counter() - begin) / 1e9}


def put_pages(array, seconds, count):
    values = np.ones((PAGE // array.dtype.itemsize, array.shape[1]), array.dtype)

    def touch(top, bottom, left, right):
        if bottom > top + 1:
            array.put_rows(top, values[:bottom - top])
        else:
            array.put_run(top, left, values[0, left:right])
    return at_random(array, seconds, count, touch)


def put_column(array, _seconds, number):
    """And flushes it."""
    values = np.ones(array.shape[0], array.dtype)
    begin = time.perf_counter()
    array.put_column(number, values)
    array.flush()
    return {"per_touch": (time.perf_counter() - begin) * 1e6 / array.shape[0]}


def append(array, seconds, size, count):
    """Rows of `size` bytes together, and all of them to the disk."""
    values = np.ones((max(1, size // row_size(array)), array.shape[1]), array.dtype)
    begin, done = time.perf_counter(), 0
    with array.growing() as tail:
        while done < count and time.perf_counter() - begin < seconds:
            tail.append(values)
            done += 1
    return {"speed": done * values.nbytes / (time.perf_counter() - begin) / 1e9}
