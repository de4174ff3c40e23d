"""Met, missed or not measured; which reason goes with which missed goal; the rows lost to rivals."""

import pytest

from bench.cases import all_cases
from bench.contender import Cannot
from bench.figures import OWN, P50, SPEED, Cell, Row
from bench.goals import GOALS, advantage_over, itself, least, lost_rows, memory_bound, most, times, verdicts
from bench.scale import WHOLE


def row(key="group/case", quantity=SPEED, **cells):
    cells = {name: cell if isinstance(cell, Cell) else Cell([cell]) for name, cell in cells.items()}
    return Row(key, key.split("/")[0], "title", quantity, cells)


def judge(goal, *rows, reasons=()):
    return verdicts([goal], rows, dict(reasons))


HALF = least("half", "half as fast", ("group/*",), advantage_over("constant"), 0.5)


@pytest.mark.parametrize("ndcat, met", [(0.6, True), (0.5, True), (0.4, False)])
def test_a_bound_from_below(ndcat, met):
    [verdict] = judge(HALF, row(ndcat=ndcat, constant=1.0))
    assert (verdict.is_met, verdict.is_missed) == (met, not met)


@pytest.mark.parametrize("ndcat, met", [(1.2, True), (1.3, True), (1.4, False)])
def test_a_bound_from_above(ndcat, met):
    [verdict] = judge(most("slow", "", ("*",), times("constant"), 1.3), row(quantity=P50, ndcat=ndcat, constant=1.0))
    assert (verdict.is_met, verdict.is_missed) == (met, not met)


def test_what_is_not_measured_is_neither_met_nor_missed_and_says_why():
    [verdict] = judge(HALF, row(ndcat=1.0, constant=Cell([None], "reads no disk")))
    assert (verdict.is_met, verdict.is_missed) == (False, False)
    assert verdict.why_not_measured == "constant: reads no disk"


def test_only_rows_that_a_pattern_matches_are_judged():
    assert judge(HALF, row("other/case", ndcat=1.0, constant=1.0)) == []


def test_the_reason_for_one_row_goes_before_that_for_all():
    reasons = {"half": "all", "half: group/b": "this one"}
    verdict_a, verdict_b = judge(HALF, row("group/a", ndcat=0.1, constant=1.0), row("group/b", ndcat=0.1, constant=1.0),
                                 reasons=reasons.items())
    assert (verdict_a.reason, verdict_b.reason) == ("all", "this one")


def test_of_several_rivals_the_best_counts():
    assert advantage_over("a", "b")(row(ndcat=6.0, a=3.0, b=2.0)) == 2.0
    assert advantage_over("a", "b")(row(ndcat=6.0, a=Cell([None], "why"), b=2.0)) == 3.0
    with pytest.raises(Cannot, match="a: why; b: also"):
        advantage_over("a", "b")(row(ndcat=6.0, a=Cell([None], "why"), b=Cell([None], "also")))


def test_the_figure_itself():
    assert itself(row(ndcat=6.0)) == 6.0
    with pytest.raises(Cannot, match="ndcat: broke"):
        itself(row(ndcat=Cell([None], "broke")))


def test_memory_grows_with_the_sources():
    assert memory_bound(row("sources/100000/memory", OWN)) == pytest.approx(64 + 200 * 100_000 / 2**20)


def test_a_row_is_lost_only_where_the_limit_is_ahead():
    rows = [row("a/lost", ndcat=1.0, constant=3.0, dask=2.0), row("a/won", ndcat=2.5, constant=3.0, dask=2.0),
            row("a/hopeless", ndcat=1.0, constant=1.0, dask=2.0), row("a/alone", ndcat=1.0, constant=3.0)]
    lost, count = lost_rows(rows)
    assert [(one.key, rival, advantage) for one, rival, advantage in lost] == [("a/lost", "dask", 0.5)]
    assert count == 2


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.key)
def test_every_pattern_of_a_goal_means_a_row(goal):
    import fnmatch

    keys = [Row(case.key, case.group, "", quantity, {}).key for case in all_cases(WHOLE) for quantity in case.quantities]
    for pattern in goal.rows:
        assert fnmatch.filter(keys, pattern), pattern
