"""Adds up what Meson's test runs recorded, each test on its own, and closes with one plain line.

Usage: count_results.py NAME=BUILD_FOLDER... [--failed=WHAT...]     (reads meson-logs of each; WHAT failed beside them)
Exit status: 0 when something passed, nothing failed and (with CI=true) nothing was skipped; else 1.

GoogleTest's and TAP's tests come one by one from Meson's JUnit report. A program that fails without naming a test (a
crash, a leak at its end, a time-out) counts as one failure more, and so does one that ran no test at all.
"""

import json
import os
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

MOST_NAMES = 40  # of failures and skips that are listed, so that output stays bounded


class Tally:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def line(self):
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        return f"{self.passed} passed, {len(self.failed)} failed{skipped}"


def cases_by_program(report):
    """Program name -> [(name, outcome)] for programs whose tests Meson knows one by one, None for the others."""
    programs = {}
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        project, _, rest = suite.get("name").partition(".")
        program = rest.partition(".")[0]
        for case in suite.findall("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                outcome = "failed"
            elif case.find("skipped") is not None or case.get("status") == "notrun":
                outcome = "skipped"
            else:
                outcome = "passed"
            name = f"{suite.get('name').removeprefix(project + '.')}.{case.get('name')}"
            programs.setdefault(program, []).append((name, outcome))
    return programs


def tally(folder):
    logs = pathlib.Path(folder) / "meson-logs"
    result = Tally()
    programs = cases_by_program(logs / "testlog.junit.xml")
    for line in (logs / "testlog.json").read_text().splitlines():
        program = json.loads(line)
        name = program["name"].rpartition(" / ")[2].rpartition(":")[2]
        is_good = program["result"] in ("OK", "EXPECTEDFAIL")
        cases = programs.get(name)
        if cases is None:  # a program that is one test by itself
            if program["result"] == "SKIP":
                result.skipped.append(name)
            elif is_good and "gtest_output" not in " ".join(program["command"]):
                result.passed += 1
            else:
                result.failed.append(f"{name} ({program['result'] if not is_good else 'ran no test'})")
            continue
        result.passed += sum(outcome == "passed" for _, outcome in cases)
        result.skipped += [case for case, outcome in cases if outcome == "skipped"]
        failed = [case for case, outcome in cases if outcome == "failed"]
        if not is_good and not failed and program["result"] != "SKIP":
            failed = [f"{name} (as a whole: {program['result']}, exit code {program['returncode']})"]
        result.failed += failed
    return result


def print_names(title, names):
    if not names:
        return
    print(f"{title}:")
    for name in names[:MOST_NAMES]:
        print(f"  {name}")
    if len(names) > MOST_NAMES:
        print(f"  ... and {len(names) - MOST_NAMES} more")


def main(arguments):
    total = Tally()
    for argument in arguments:
        if argument.startswith("--failed="):
            total.failed.append(argument.removeprefix("--failed="))
            continue
        name, _, folder = argument.partition("=")
        part = tally(folder)
        print(f"{name}: {part.line()}")
        total.add(part)
    print_names("failed", total.failed)
    print_names("SKIPPED, so not tested", total.skipped)
    print(total.line())
    skips_count = bool(total.skipped) and os.environ.get("CI") == "true"
    return 0 if total.passed > 0 and not total.failed and not skips_count else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
