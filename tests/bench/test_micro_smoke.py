"""Each micro-benchmark once, for as short as it goes: all of them run, and are in the tables.

Environment: NDCAT_BUILD, the build folder.
"""

import os
import pathlib
import subprocess
import sys

import pytest

TESTS = pathlib.Path(__file__).parents[1]
BUILD = pathlib.Path(os.environ.get("NDCAT_BUILD", TESTS.parent / "build"))
PROGRAM = BUILD / "tests/bench/micro/micro"


@pytest.fixture(autouse=True)
def needs_google_benchmark():
    if not PROGRAM.exists():
        pytest.skip("needs Google Benchmark, for the micro-benchmarks")


def run(*command):
    return subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False, timeout=60)


def test_all_of_them_have_a_ratio_in_the_table(tmp_path):
    done = run(sys.executable, "-B", "-m", "bench", "--build", BUILD, "--micro", "--smoke", "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [line for line in (tmp_path / "MICRO.md").read_text().splitlines() if line.startswith("|")]
    cells = [cell.strip() for line in lines for cell in line.strip("|").split("|")[1:]]
    ratios = [float(figure.replace(" ", "")) for cell in cells if " · " in cell for figure in cell.split(" · ")]
    listed = run(PROGRAM, "--benchmark_list_tests").stdout.splitlines()
    assert len(ratios) == sum(not name.startswith("layout/") for name in listed)
    assert min(ratios) > 0


def test_an_unknown_instruction_set_is_refused():
    done = run(PROGRAM, "--target=abacus")
    assert done.returncode == 2
    assert done.stderr.startswith("--target=abacus: no such option; targets here: ") and "portable" in done.stderr
