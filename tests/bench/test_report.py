"""The tables of RESULTS.md, and figures as they go to the file and come back."""

import pytest

from bench import results
from bench.figures import P50, SPEED, Cell, Row
from bench.goal_table import NO_REASON, goal_table
from bench.markdown import number, table
from bench.report import group_table, report

ABOUT = {"command": "scripts/bench", "date": "2026-01-01", "minutes": 30.0, "machine": {"machine": "2 cores"}}


def a_row(case="sequential/read-1m/source-warm", quantity=SPEED, **cells):
    return Row(case, case.split("/")[0], "read 1 MiB", quantity, cells)


@pytest.mark.parametrize("value, text", [
    (0.12345, "0.123"), (1.2345, "1.23"), (12.345, "12.3"), (99.96, "100"), (123.45, "123"), (12345.6, "12 346"), (0, "0"), (0.0123, "0.012"), (0.00123, "0.0012"), (0.0000123, "0.000012"),
    (0.5, "0.500"), (1, "1.00"), (-1.5, "-1.50"), (None, "–"),
])
def test_numbers_have_three_digits(value, text):
    assert number(value) == text


def test_columns_are_as_wide_as_their_widest_cell():
    assert table(["a", "b"], [["long", "1"]]).splitlines() == ["| a    | b |", "|------|--:|", "| long | 1 |"]


def test_a_cell_shows_its_median_and_its_spread():
    text = group_table([a_row(ndcat=Cell([1.0, 2.0, 3.0]), constant=Cell([2.0, 4.0, 6.0]))])
    assert "2.00 ±50 %" in text
    assert text.splitlines()[2].split("|")[-3].strip() == "0.500"


def test_a_cell_without_figures_says_why_below_the_table():
    text = group_table([a_row(ndcat=Cell([1.0]), dask=Cell([None], "not today"), h5py=Cell([None], "not today"))])
    assert text.endswith("\n\n1. not today")
    assert text.count("(1)") == 2


def test_a_missed_goal_without_a_reason_is_told():
    row = a_row(ndcat=Cell([1.0]), constant=Cell([2.0]))
    assert NO_REASON in goal_table([row], {})
    with_reason = goal_table([row], {"source-warm": "a slow disk"})
    assert NO_REASON not in with_reason
    assert "missed (1)" in with_reason and "1. a slow disk" in with_reason
    assert with_reason.startswith("0 of 1 goal rows met, 1 missed, 0 not measured.")


def test_the_report_shows_the_groups_that_were_measured():
    text = report(ABOUT, [a_row(ndcat=Cell([1.0]))], {}, {"sequential": "sequential.svg"})
    assert "(sequential.svg)" in text
    assert "# What was measured" in text and "- machine: 2 cores" in text
    assert "From the disk" not in text


def test_results_come_back_as_they_were():
    rows = [a_row(ndcat=Cell([1.25, 2.5]), dask=Cell([1.0, None], "gave up")), a_row(quantity=P50, native=Cell([7.0]))]
    assert results.from_text(results.to_text(ABOUT, rows)) == (ABOUT, rows)


def test_results_keep_five_digits():
    _, [row] = results.from_text(results.to_text(ABOUT, [a_row(ndcat=Cell([1.23456789]))]))
    assert row.cells["ndcat"].figures == [1.2346]


def test_rows_that_are_measured_again_take_their_places_and_say_so():
    old = [a_row("first/mount", ndcat=Cell([1.0])), a_row("write/write", ndcat=Cell([2.0])), a_row("write/fill", ndcat=Cell([3.0]))]
    new = [a_row("write/append", ndcat=Cell([4.0])), a_row("write/write", ndcat=Cell([5.0]))]
    later = ABOUT | {"command": "scripts/bench --rows 'write/*' --again", "date": "2026-02-02", "machine": {"ndcat": "ndcat 2"}}
    order = ["first/mount", "write/write", "write/append", "write/fill"]
    about, rows = results.measured_again((ABOUT, old), (later, new), order)
    assert [(row.case, row.cells["ndcat"].median) for row in rows] == list(zip(order, [1.0, 5.0, 4.0, 3.0]))
    assert about | {"again": None} == ABOUT | {"again": None} and about["again"] == [later]
    once_more = results.measured_again((about, rows), (later | {"date": "2026-03-03"}, new), order)[0]
    assert [run["date"] for run in once_more["again"]] == ["2026-03-03"]
    text = report(about, rows, {}, {})
    assert "- measured again later: `scripts/bench --rows 'write/*' --again`, 2026-02-02, 30.0 minutes; ndcat 2" in text
