"""Rows and cells: the figures of all rounds, and what is said of them."""

import statistics
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Quantity:
    """What a figure measures; `key` is its name in what operations return."""

    key: str
    unit: str
    more_is_better: bool
    label: str = ""  # goes behind the title of the case where a case has several


SPEED = Quantity("speed", "GB/s", True)
P50 = Quantity("p50", "µs", False, "median")
P99 = Quantity("p99", "µs", False, "99th percentile")
PER_ROW = Quantity("per_touch", "µs a row", False)
DISK = Quantity("disk", "MB", False, "read from the disk")
WAIT = Quantity("ms", "ms", False)
OWN = Quantity("own", "MiB", False, "its own")
RESIDENT = Quantity("resident", "MiB", False, "with the mapped pages of files")


@dataclass
class Cell:
    """The figures of one rival in one row, by round; None where that round failed. A reason tells why some are missing."""

    figures: list[float | None] = field(default_factory=list)
    reason: str | None = None

    @property
    def known(self):
        return [figure for figure in self.figures if figure is not None]

    @property
    def median(self):
        return statistics.median(self.known) if self.known else None

    @property
    def spread(self):
        """Half of the range, as a share of the median: all figures lie about so far to either side."""
        return (max(self.known) - min(self.known)) / 2 / self.median if self.known and self.median else 0.0


@dataclass
class Row:
    """One line of a table: the cells of one quantity of one case, by the rivals' names."""

    case: str  # the case's key
    group: str
    title: str
    quantity: Quantity
    cells: dict[str, Cell]

    @property
    def key(self):
        return self.case if not self.quantity.label else f"{self.case}/{self.quantity.key}"

    def ratios(self, one, other):
        """one / other of each round in which both have a figure: only figures of the same round are compared."""
        pairs = zip(self.cells[one].figures, self.cells[other].figures) if {one, other} <= self.cells.keys() else ()
        return [a / b for a, b in pairs if a is not None and b]

    def ratio(self, one, other):
        """The median of the rounds' ratios, or None."""
        ratios = self.ratios(one, other)
        return statistics.median(ratios) if ratios else None

    def advantage(self, one, other):
        """How many times as good `one` is, whichever direction is good."""
        return self.ratio(one, other) if self.quantity.more_is_better else self.ratio(other, one)
