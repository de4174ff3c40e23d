"""Runs pytest on the given files and reports each test in TAP, which Meson counts one by one.

Usage: run_pytest.py FILE_OR_OPTION...   (with a Python that has NumPy and pytest)
Everything pytest prints of failures goes to standard error, so `meson test --print-errorlogs` shows it.
Running no test at all is a failure: a test that is silently not run is no test.
"""

import contextlib
import os
import sys

import pytest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


class Tap:
    """A pytest plugin: one TAP line for each test, its worst phase (setup, call, teardown) deciding."""

    def __init__(self, stream):
        self.stream = stream
        self.outcomes = {}
        self.count = 0

    def pytest_runtest_logreport(self, report):
        worst = self.outcomes.get(report.nodeid, ("passed", ""))
        if report.failed:
            worst = ("failed", report.when)
        elif report.skipped and worst[0] == "passed":
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            worst = ("skipped", reason.removeprefix("Skipped: "))
        self.outcomes[report.nodeid] = worst
        if report.when == "teardown":
            self.print_line(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.outcomes[report.nodeid] = ("failed", "collection")
            self.print_line(report.nodeid)

    def print_line(self, nodeid):
        self.count += 1
        outcome, detail = self.outcomes[nodeid]
        name = nodeid.replace("#", "\\#").replace("\n", " ")
        line = f"{'not ok' if outcome == 'failed' else 'ok'} {self.count} - {name}"
        if outcome == "skipped":
            line += " # SKIP " + detail.replace("\n", " ")
        print(line, file=self.stream, flush=True)


def main(arguments):
    tap = Tap(sys.stdout)
    with contextlib.redirect_stdout(sys.stderr):
        code = pytest.main(["-q", "-p", "no:cacheprovider", "--color=no", "-rfE", *arguments], plugins=[tap])
    if tap.count == 0:
        tap.count = 1
        print(f"not ok 1 - pytest ran no test (its exit code is {int(code)})")
    print(f"1..{tap.count}", flush=True)
    # Failed tests are told by their lines; any other trouble (an interrupt, an internal error) by the exit code.
    return 0 if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
