"""RESULTS.md."""

from bench.cases import GROUPS
from bench.goal_table import goal_table, note
from bench.markdown import number, table
from bench.rivals import TITLES

INTRODUCTION = """# What was measured

`{command}`, {date}, {minutes} minutes. All columns of a row were measured in turn in every round of one run; a cell is the median, ± half of the
range. [How it is measured](README.md) says what the rows and columns are. Written by `scripts/bench`; `scripts/bench --report` writes it again after a
change of `reasons.json`.
"""


def report(about, rows, reasons, plots):
    """`plots` are the names of the files that lie beside the report, by group."""
    parts = [INTRODUCTION.format(**about),
             "\n".join([*(f"- {key}: {value}" for key, value in about["machine"].items()), *map(again, about.get("again", []))]),
             "## Goals", goal_table(rows, reasons)]
    for group, title in GROUPS.items():
        of_group = [row for row in rows if row.group == group]
        if of_group:
            parts += [f"## {title}", group_table(of_group)]
            if group in plots:
                parts.append(f"![{title}]({plots[group]})")
    return "\n\n".join(part.strip() for part in parts) + "\n"


def again(about):
    return f"- measured again later: `{about['command']}`, {about['date']}, {about['minutes']} minutes; {about['machine']['ndcat']}"


def group_table(rows):
    names = [name for name in TITLES if any(name in row.cells for row in rows)]
    notes = []
    header = ["", "unit", *(TITLES[name] for name in names), "ndcat / constant", "ndcat / native"]
    lines = [[row.title, row.quantity.unit, *(cell_text(row.cells.get(name), notes) for name in names),
              number(row.ratio("ndcat", "constant")), number(row.ratio("ndcat", "native"))] for row in rows]
    return "\n\n".join([table(header, lines), "\n".join(f"{i}. {text}" for i, text in enumerate(notes, 1))]).rstrip()


def cell_text(cell, notes):
    if cell is None:
        return ""
    if cell.median is None:
        return note(notes, cell.reason or "not measured")
    text = f"{number(cell.median)} ±{100 * cell.spread:.0f} %" if len(cell.known) > 1 else number(cell.median)
    return f"{text} {note(notes, 'later rounds: ' + cell.reason)}" if cell.reason else text
