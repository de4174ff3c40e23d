"""The micro-benchmarks (micro/): runs them, and writes MICRO.md.

Each compares with memcpy by itself. Google Benchmark repeats each in rounds, which it shuffles, so that the machine's moods
meet all alike; a cell is the median of the rounds' ratios.
"""

import datetime
import json
import statistics
import subprocess
from dataclasses import dataclass

from bench import machine
from bench.figures import Cell
from bench.markdown import number, table

GROUPS = {
    "request": "Whole requests, read in order",
    "layout": "Planning (to a memcpy of the pieces) and finding the pieces of a request (to a memcpy of the request)",
    "gather": "Joins and cuts, by size of the elements",
    "transpose": "Rows across the columns of the source, by size of the elements",
    "convert": "Byte swaps and casts",
}

INTRODUCTION = """# Micro-benchmarks: ratios to memcpy

`{command}`, {date}. A cell is how fast the work is, as a ratio to a `memcpy` of as many bytes that takes turns with it: 1 where it is as
fast, 0.5 where it takes twice as long. Of two figures in a cell, the first is of sources that stay in the caches and the second of sources in
memory. Medians of {rounds} rounds of many turns. [How it is measured](README.md#micro-benchmarks). Written by `scripts/bench --micro`.
"""


@dataclass(frozen=True)
class Effort:
    rounds: int
    seconds: float  # for one benchmark in one round


EFFORTS = {"whole": Effort(3, 0.05), "quick": Effort(3, 0.01), "smoke": Effort(1, 0)}


def measure(program, effort):
    """What Google Benchmark says, as it says it."""
    done = subprocess.run([program, f"--benchmark_min_time={effort.seconds}", f"--benchmark_repetitions={effort.rounds}",
                           "--benchmark_enable_random_interleaving=true", "--benchmark_format=json"],
                          stdout=subprocess.PIPE, text=True, check=True, timeout=1800)
    return json.loads(done.stdout)


def cells_of(found):
    """Cells by group, row, column and warmth, each in the order in which it is met: {group: {row: {column: {warmth: Cell}}}}."""
    groups = {}
    for one in in_order(found["benchmarks"]):
        group, row, column, warmth, _manual_time = one["run_name"].split("/")
        row_cells = groups.setdefault(group, {}).setdefault(row, {})
        row_cells.setdefault(column, {}).setdefault(warmth, Cell()).figures.append(one["memcpy"])
    return groups


def in_order(benchmarks):
    """Without Google Benchmark's own aggregates, and no longer shuffled."""
    rounds = [one for one in benchmarks if one["run_type"] == "iteration"]
    return sorted(rounds, key=lambda one: (one["family_index"], one["repetition_index"]))


def report(found, command, effort):
    groups = cells_of(found)
    about = machine.host() | {"ndcat": f"{machine.revision()}; kernels: {found['context']['kernels']}"}
    parts = [INTRODUCTION.format(command=command, date=datetime.date.today().isoformat(), rounds=effort.rounds),
             "\n".join(f"- {key}: {value}" for key, value in about.items())]
    for group, title in GROUPS.items():
        parts += [f"## {title}", group_table(groups[group]), spread(groups[group])]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def group_table(rows):
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    lines = [[title, *(cell_text(row.get(column, {})) for column in columns)] for title, row in rows.items()]
    return table(["", *columns], lines)


def cell_text(by_warmth):
    return " · ".join(number(cell.median) for cell in by_warmth.values())


def spread(rows):
    spreads = [cell.spread for row in rows.values() for by_warmth in row.values() for cell in by_warmth.values()]
    return f"The rounds of a cell lie within ±{100 * statistics.median(spreads):.0f} % (median), ±{100 * max(spreads):.0f} % at most."


def write_report(program, scale, command, output):
    effort = EFFORTS[scale]
    text = report(measure(program, effort), command, effort)
    (output / "MICRO.md").write_text(text)
    return text
