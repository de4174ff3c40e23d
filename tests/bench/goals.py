"""The goals, and what the figures say of each."""

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass

from bench.contender import Cannot
from bench.figures import DISK, OWN, RESIDENT

MIB = 1 << 20


@dataclass(frozen=True)
class Goal:
    """A bound on a value that can be had of every row that one of the patterns matches."""

    key: str
    text: str
    rows: tuple[str, ...]  # patterns of row keys
    value: Callable  # of a row; raises Cannot
    bound: Callable  # of a row
    at_least: bool
    unit: str = ""  # of the value; none if it is a ratio


@dataclass(frozen=True)
class Verdict:
    goal: Goal
    row: object
    value: float | None
    why_not_measured: str = ""
    reason: str = ""  # of a missed goal: from reasons.json

    @property
    def bound(self):
        return self.goal.bound(self.row)

    @property
    def is_met(self):
        return self.value is not None and (self.value >= self.bound if self.goal.at_least else self.value <= self.bound)

    @property
    def is_missed(self):
        return self.value is not None and not self.is_met


def verdicts(goals, rows, reasons):
    """One for each goal and row. Reasons are told for a goal and a row ("goal: row"), or for a goal in all its rows."""
    found = []
    for goal in goals:
        for row in rows:
            if not any(fnmatch.fnmatchcase(row.key, pattern) for pattern in goal.rows):
                continue
            reason = reasons.get(f"{goal.key}: {row.key}", reasons.get(goal.key, ""))
            try:
                found.append(Verdict(goal, row, goal.value(row), reason=reason))
            except Cannot as why:
                found.append(Verdict(goal, row, None, str(why)))
    return found


def advantage_over(*rivals):
    """How many times as good ndcat is as the best of the rivals, whichever direction is good."""
    def value(row):
        known = [ratio for rival in rivals if (ratio := row.advantage("ndcat", rival)) is not None]
        return min(known) if known else missing(row, "ndcat", *rivals)
    return value


def times(rival):
    """ndcat's figure as a multiple of the rival's."""
    def value(row):
        ratio = row.ratio("ndcat", rival)
        return missing(row, "ndcat", rival) if ratio is None else ratio
    return value


def itself(row):
    return missing(row, "ndcat") if row.cells["ndcat"].median is None else row.cells["ndcat"].median


def missing(row, *rivals):
    cells = [(rival, row.cells[rival]) for rival in rivals if rival in row.cells]
    raise Cannot("; ".join(f"{rival}: {cell.reason}" for rival, cell in cells if cell.reason) or "not measured")


def least(key, text, rows, value, bound, **more):
    return Goal(key, text, rows, value, lambda row: bound, True, **more)


def most(key, text, rows, value, bound, **more):
    return Goal(key, text, rows, value, bound if callable(bound) else lambda row: bound, False, **more)


def memory_bound(row):
    """64 MiB, and 200 bytes for each source."""
    return 64 + 200 * int(row.key.split("/")[1]) / MIB


JOINED = ("sequential/read-*/source-warm", "sequential/mmap/source-warm", "layouts/axis-1-*", "layouts/block-*",
          "sources/1/read", "sources/1/mmap", "sources/90/read", "sources/90/mmap", "sources/9000/read", "sources/9000/mmap")
CONVERTED = ("layouts/mixed-*", "layouts/big-endian*")
NUMPY = ("memmaps", "concatenate")

GOALS = [
    least("source-warm", "source-warm in order, C order: of the constant FUSE file", JOINED, advantage_over("constant"), 0.9),
    least("warm", "warm: of the constant FUSE file", ("*/warm", "*/warm/p50"), advantage_over("constant"), 0.95),
    least("cold", "cold in order: of native", ("cold/read", "cold/mmap"), advantage_over("native"), 0.95),
    most("cold-bytes", "cold in order: bytes from the disk, times native", ("cold/read/disk", "cold/mmap/disk"), times("native"),
         1.05),
    least("cold-scattered", "cold wide column and random mmap: times as fast as native", ("cold/column", "cold/map/p50"),
          advantage_over("native"), 2),
    most("column", "source-warm column, wide stride", ("columns/wide/source-warm",), itself, 10, unit="µs a row"),
    least("column-pushed", "source-warm column, wide stride: times as fast as without its predictor",
          ("columns/wide/source-warm",), advantage_over("ndcat-unpredicted"), 5),
    least("column-slower", "source-warm column: never slower (by more than the noise) than without its predictor",
          ("columns/*/source-warm",), advantage_over("ndcat-unpredicted"), 0.95),
    most("random-median", "random 4 KiB, source-warm, median: times the constant FUSE file", ("random/*/source-warm/p50",),
         times("constant"), 1.3),
    most("random-tail", "random 4 KiB, source-warm, 99th percentile: times the constant FUSE file",
         ("random/*/source-warm/p99",), times("constant"), 3),
    least("transposed", "F sources in C order: times as fast as NumPy's own transposed copy", ("layouts/f-in-c/read",),
          advantage_over(*NUMPY), 2),
    least("converted", "promotion and byte swap on the way: of the same read without", CONVERTED, advantage_over("ndcat-plain"),
          0.9),
    most("many-first", "mount and first read, 100 000 sources", ("sources/100000/first",), itself, 1000, unit="ms"),
    most("memory", "resident memory: 64 MiB + 200 bytes a source", ("sources/*/memory/own",), itself, memory_bound, unit="MiB"),
    least("first", "from a manifest to the first element of 2 GiB: times as soon as materialising", ("first/*",),
          advantage_over("materialise"), 500),
]

RIVALS = ("h5py", "dask", "nbdfuse", "memmaps")


def lost_rows(rows):
    """(row, rival, advantage of ndcat) wherever ndcat is slower than a rival that FUSE's own limit outruns; and how many such
    comparisons there are."""
    lost, count = [], 0
    for row in rows:
        if row.quantity in (OWN, RESIDENT, DISK):
            continue
        for rival in RIVALS:
            limit, ours = (row.advantage(name, rival) for name in ("constant", "ndcat"))
            if limit is not None and limit > 1 and ours is not None:
                count += 1
                if ours < 1:
                    lost.append((row, rival, ours))
    return lost, count
