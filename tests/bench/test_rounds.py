"""Rounds: everybody in turn, and whoever fails is a reason in the table, not the end of the run."""

import contextlib
import re

import pytest

from bench import recipes, rivals, rounds, serving
from bench.cache_states import SOURCE_WARM
from bench.cases import Case
from bench.contender import Cannot, Contender, Site
from bench.figures import DISK, SPEED
from bench.scale import MIB, SMOKE


class FakeRival:
    def __init__(self, name, figures):
        self.name = self.title = name
        self.figures = iter(figures)

    def serve(self, array, site):
        return contextlib.nullcontext(Contender(path=array.native))

    def next_figure(self):
        figure = next(self.figures)
        if isinstance(figure, Exception):
            raise figure
        return figure


class FakeOperation:
    def __init__(self):
        self.measured = []

    def measure(self, rival, run):
        self.measured.append(rival.name)
        return {"speed": rival.next_figure()}


@pytest.fixture
def measure(monkeypatch, tmp_path):
    """Measures one case with rivals that give these figures in turn; gives the row, and who was measured when."""
    def run(seconds=60.0, number=3, quantities=(SPEED,), **figures):
        names = {"native": [1.0] * 9, "constant": [1.0] * 9, "ndcat": [1.0] * 9} | figures
        fakes = {name: FakeRival(name, list(values)) for name, values in names.items()}
        monkeypatch.setattr(rivals, "RIVALS", list(fakes.values()))
        for constant, name in (("NATIVE", "native"), ("LIMIT", "constant"), ("NDCAT", "ndcat")):
            monkeypatch.setattr(rivals, constant, fakes[name])
        scale = SMOKE.__class__(**(vars(SMOKE) | {"rounds": number, "seconds": seconds}))
        operation = FakeOperation()
        case = Case("group", "case", "title", recipes.AXIS_0, operation, quantities, MIB // 4, SOURCE_WARM)
        return rounds.measure_all([case], scale, Site(tmp_path, tmp_path), None), operation.measured
    return run


def test_all_take_turns_in_every_round(measure):
    [row], measured = measure(number=2)
    assert measured == ["native", "constant", "ndcat"] * 2
    assert row.cells["ndcat"].figures == [1.0, 1.0]


@pytest.mark.parametrize("error, reason", [(Cannot("has no time"), "has no time"), (OSError(5, "broken"), "OSError: .*broken")])
def test_who_fails_is_not_tried_again_and_the_others_go_on(measure, error, reason):
    [row], measured = measure(loser=[1.0, error])
    assert measured.count("loser") == 2 and measured.count("ndcat") == 3
    assert row.cells["loser"].figures == [1.0, None, None]
    assert re.fullmatch(reason, row.cells["loser"].reason)


def test_without_time_only_those_who_matter_most_are_measured_once(measure):
    [row], measured = measure(seconds=0.0, other=[1.0])
    assert measured == ["native", "constant", "ndcat"]
    assert row.cells["other"].reason == "the time for the whole run was up"


def test_a_quantity_that_an_operation_does_not_give_has_a_reason(measure):
    rows, _ = measure(quantities=(SPEED, DISK))
    assert [row.cells["ndcat"].reason for row in rows] == [None, "has no read from the disk here"]


def test_an_array_that_cannot_be_made_is_a_reason(measure, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left")

    monkeypatch.setattr(serving, "make", full)
    [row], measured = measure()
    assert measured == []
    assert all("No space left" in cell.reason for cell in row.cells.values())


def test_nothing_stays_of_the_arrays(measure, tmp_path):
    measure()
    assert [path for path in tmp_path.iterdir() if any(path.iterdir())] == []
