"""Medians, spreads and ratios."""

import pytest

from bench.figures import P50, SPEED, Cell, Row


def row(quantity=SPEED, **cells):
    return Row("group/case", "group", "title", quantity,
               {name: Cell(list(figures)) for name, figures in cells.items()})


def test_a_cell_is_the_median_of_the_rounds_that_gave_a_figure():
    cell = Cell([3.0, None, 1.0, 2.0])
    assert cell.median == 2.0
    assert cell.spread == 0.5  # from 1 to 3 about 2


def test_a_cell_without_figures_has_no_median():
    assert Cell([None, None]).median is None
    assert Cell([]).spread == 0.0


def test_ratios_compare_figures_of_one_round_only():
    moody = row(ndcat=[1.0, 10.0, 100.0], constant=[2.0, 20.0, 200.0])
    assert moody.ratios("ndcat", "constant") == [0.5, 0.5, 0.5]
    assert moody.ratio("ndcat", "constant") == 0.5


def test_rounds_without_one_of_the_figures_do_not_count():
    gaps = row(ndcat=[1.0, None, 3.0], constant=[None, 2.0, 4.0])
    assert gaps.ratios("ndcat", "constant") == [0.75]


def test_there_is_no_ratio_to_who_is_not_there():
    assert row(ndcat=[1.0]).ratio("ndcat", "constant") is None
    assert row(ndcat=[1.0], constant=[None]).ratio("ndcat", "constant") is None
    assert row(ndcat=[1.0], constant=[0.0]).ratio("ndcat", "constant") is None


@pytest.mark.parametrize("quantity, advantage", [(SPEED, 2.0), (P50, 0.5)])
def test_an_advantage_knows_which_direction_is_good(quantity, advantage):
    assert row(quantity, ndcat=[4.0], native=[2.0]).advantage("ndcat", "native") == advantage


def test_rows_of_a_case_with_several_quantities_have_keys_of_their_own():
    assert row(SPEED).key == "group/case"
    assert row(P50).key == "group/case/p50"
