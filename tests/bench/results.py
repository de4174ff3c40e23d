"""The figures of a run as a file, from which the report can be written again, with new reasons beside missed goals."""

import json

from bench import figures
from bench.figures import Cell, Row

QUANTITIES = {(one.key, one.unit): one for one in vars(figures).values() if isinstance(one, figures.Quantity)}
DIGITS = 5


def to_text(about, rows):
    """One row a line, so that a difference can be read."""
    lines = ",\n  ".join(json.dumps(row_to_json(row), ensure_ascii=False) for row in rows)
    return f'{{"about": {json.dumps(about, ensure_ascii=False, indent=1)},\n "rows": [\n  {lines}\n]}}\n'


def row_to_json(row):
    return {"case": row.case, "group": row.group, "title": row.title, "quantity": [row.quantity.key, row.quantity.unit],
            "cells": {name: cell_to_json(cell) for name, cell in row.cells.items()}}


def cell_to_json(cell):
    rounded = [figure and float(f"{figure:.{DIGITS}g}") for figure in cell.figures]
    return {"figures": rounded if cell.known else []} | ({"reason": cell.reason} if cell.reason else {})


def from_text(text):
    found = json.loads(text)
    return found["about"], [row_from_json(row) for row in found["rows"]]


def row_from_json(row):
    cells = {name: Cell(cell["figures"], cell.get("reason")) for name, cell in row["cells"].items()}
    return Row(row["case"], row["group"], row["title"], QUANTITIES[tuple(row["quantity"])], cells)


def measured_again(old, new, order):
    """Both are (about, rows). Rows of cases that the new ones have are replaced, and what they were measured on is said
    beside what the others were. `order`: the keys of all cases."""
    (about, rows), (new_about, new_rows) = old, new
    replaced = {row.case for row in new_rows}
    together = [row for row in rows if row.case not in replaced] + new_rows
    together.sort(key=lambda row: order.index(row.case) if row.case in order else len(order))
    before = [run for run in about.get("again", []) if run["command"] != new_about["command"]]
    return about | {"again": [*before, new_about]}, together
