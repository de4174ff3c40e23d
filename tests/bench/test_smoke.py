"""The whole benchmark, with arrays so small that it takes seconds: every row has a figure or a reason, and nothing stays.

Environment: NDCAT_BUILD, the build folder.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

from bench import results
from bench.cases import all_cases
from bench.figures import Row
from bench.scale import SMOKE
from support.ndcat import mountpoints

TESTS = pathlib.Path(__file__).parents[1]
BUILD = os.environ.get("NDCAT_BUILD", TESTS.parent / "build")

# Where the limit and ndcat itself may have no figure, and why.
NO_FIGURE = {("constant", "cold/"): "reads no disk", ("constant", "first/manifest"): "knows no manifests"}


def start(folder, *arguments):
    (folder / "arrays").mkdir()
    return subprocess.Popen([sys.executable, "-B", "-m", "bench", "--build", BUILD, "--smoke", "--folder", folder / "arrays",
                             "--output", folder / "report", *arguments], cwd=TESTS, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def nothing_stays(folder):
    assert list((folder / "arrays").iterdir()) == []
    assert not [path for path in mountpoints() if os.fsencode(folder) in path]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    process = start(folder)
    try:
        output, _ = process.communicate(timeout=200)
    finally:
        process.kill()
    assert process.returncode == 0, output
    return folder


@pytest.fixture
def rows(measured):
    return results.from_text((measured / "report/results.json").read_text())[1]


def test_every_case_has_its_rows(rows):
    assert [row.key for row in rows] == [Row(case.key, case.group, "", quantity, {}).key
                                         for case in all_cases(SMOKE) for quantity in case.quantities]


def test_every_cell_has_a_figure_or_a_reason(rows):
    for row in rows:
        for name, cell in row.cells.items():
            assert bool(cell.known) != bool(cell.reason), (row.key, name, cell)


def test_ndcat_and_its_limit_are_measured_in_every_row(rows):
    for row in rows:
        for name in ("ndcat", "constant"):
            excuse = next((text for (rival, key), text in NO_FIGURE.items() if rival == name and row.key.startswith(key)), None)
            reason = row.cells[name].reason
            assert reason is None if excuse is None else re.fullmatch(excuse, reason), (row.key, reason)


def test_a_report_is_written(measured):
    text = (measured / "report/RESULTS.md").read_text()
    assert "## Goals" in text and "| ndcat / constant |" in text


def test_nothing_stays_behind(measured):
    nothing_stays(measured)


def test_nothing_stays_behind_an_interrupted_run(tmp_path):
    process = start(tmp_path, "--rows", "sequential/*")
    for line in process.stdout:
        if line.startswith("[2/"):
            process.send_signal(signal.SIGINT)
            break
    try:
        process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 128 + signal.SIGINT
    nothing_stays(tmp_path)
