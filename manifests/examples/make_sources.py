#!/usr/bin/env python3
"""Writes the small source files that the example manifests name, next to them or into the folder given.

    python3 make_sources.py [FOLDER]

Every value is distinct, so that a wrong byte shows.
"""

import pathlib
import sys

import numpy as np


def values(shape, dtype="<f8", start=0):
    """An array of consecutive numbers from `start` on."""
    return (np.arange(np.prod(shape, dtype=int)) + start).reshape(shape).astype(dtype)


def write_sources(folder):
    """Writes all sources into `folder`, which exists."""
    folder = pathlib.Path(folder)
    np.save(folder / "january.npy", values((31, 4)))
    np.save(folder / "february.npy", values((28, 4), start=1000))
    np.save(folder / "left.npy", values((3, 4)))
    np.save(folder / "right.npy", values((3, 2), start=100))
    np.save(folder / "below.npy", values((2, 6), start=200))
    np.save(folder / "counts.npy", values((5, 4), "<i2", start=7))
    np.save(folder / "columns.npy", np.asfortranarray(values((6, 4), start=300)))
    np.save(folder / "more-columns.npy", np.asfortranarray(values((6, 3), start=400)))
    np.save(folder / "old.npy", values((4, 4), ">f4", start=500))

    parts = folder / "parts"
    parts.mkdir(exist_ok=True)
    for number in (1, 2, 10):
        np.save(parts / f"part-{number}.npy", values((number, 2), start=number * 100))

    days = folder / "days"
    days.mkdir(exist_ok=True)
    for number in (0, 1, 2, 4, 5):  # day-003 never arrived
        np.save(days / f"day-{number:03}.npy", values((24, 2), "<f4", start=number * 100))

    raw = folder / "raw"
    raw.mkdir(exist_ok=True)
    for number in range(3):
        header = b"SENSOR 7"
        (raw / f"run-{number}.dat").write_bytes(header + values((10 + number, 3), ">i4", start=number * 50).tobytes())
    points = np.zeros(6, dtype=[("time", "<M8[s]"), ("position", "<f4", (3,)), ("good", "?")])
    points["time"] = np.datetime64("2026-07-21", "s") + np.arange(6)
    points["position"] = values((6, 3), "<f4")
    points["good"] = [True, False] * 3
    (raw / "points.dat").write_bytes(points.tobytes())


if __name__ == "__main__":
    write_sources(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
