"""Adds up what Meson's test runs recorded, each test on its own, and closes with one plain line.

Usage: count_results.py NAME=BUILD_FOLDER... [--failed=WHAT...]     (reads meson-logs of each; WHAT failed beside them)
Exit status: 0 when something passed, nothing failed and (with CI=true) nothing was skipped that had to run; else 1.

GoogleTest's and TAP's tests come one by one from Meson's JUnit report. A program that fails without naming a test (a
crash, a leak at its end, a time-out) counts as one failure more, and so does one that ran no test at all.

A skip is never silent: each is named with its reason. With CI=true what a test needs has to be there (/dev/fuse, NumPy,
/dev/shm, holes in files), so that a skip is a failure; but the reason "needs a newer libfuse..." is the release's own and
is none.
"""

import json
import os
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

MOST_NAMES = 40  # of failures and skips that are listed, so that output stays bounded
ALLOWED_REASON = "needs a newer libfuse"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


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


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None or case.get("status") == "notrun" else "passed"


def skip_reason(case):
    """GoogleTest writes "FILE:LINE", then the reason, into an attribute; Meson writes a TAP line's into <system-out>."""
    skipped = case.find("skipped")
    text = (skipped.get("message") or "") if skipped is not None else "disabled"
    return last_line(text or case.findtext("system-out") or "")


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""


def read_report(path, programs):
    """Cases of programs that name them, {program: [(name, outcome, why it was skipped)]}, and the names of those that
    are one test each.

    Meson calls a suite PROJECT.PROGRAM or PROJECT.PROGRAM.SUITE, and PROJECT alone the one of single tests. It writes what
    a test has printed as it is, and random tests may print anything.
    """
    cases, single = {}, set()
    report = NO_XML.sub("?", path.read_text(encoding="utf-8", errors="replace"))
    for suite in ElementTree.fromstring(report.encode()).iter("testsuite"):
        name = suite.get("name").partition(".")[2]
        if not name:
            single.update(case.get("name") for case in suite.findall("testcase"))
            continue
        owners = [program for program in programs if name == program or name.startswith(program + ".")]
        for case in suite.findall("testcase"):
            cases.setdefault(max(owners, key=len), []).append((f"{name}.{case.get('name')}", outcome(case), skip_reason(case)))
    return cases, single


def add_program(result, program, cases, is_single):
    name, verdict = program["name"], program["result"]
    is_good = verdict in ("OK", "EXPECTEDFAIL")
    if cases:
        result.passed += sum(outcome == "passed" for _, outcome, _ in cases)
        result.skipped += [(case, reason) for case, outcome, reason in cases if outcome == "skipped"]
        failed = [case for case, outcome, _ in cases if outcome == "failed"]
        if not is_good and not failed and verdict != "SKIP":
            failed = [f"{name} as a whole: {verdict}, exit code {program['returncode']}"]
        result.failed += failed
    elif verdict == "SKIP":
        reason = re.search(r"^1\.\.0 # SKIP (.*)", program.get("stdout", ""), re.MULTILINE)
        result.skipped.append((name, reason[1].strip() if reason else ""))
    elif is_good and is_single:
        result.passed += 1
    else:
        result.failed.append(f"{name}: {'ran no test' if is_good else verdict}")


def tally(folder):
    logs = pathlib.Path(folder) / "meson-logs"
    programs = {}
    for line in (logs / "testlog.json").read_text().splitlines():
        program = json.loads(line)
        programs[program["name"]] = program
    cases, single = read_report(logs / "testlog.junit.xml", programs)
    result = Tally()
    for name, program in programs.items():
        add_program(result, program, cases.get(name), name in single)
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
    allowed = [skip for skip in total.skipped if skip[1].startswith(ALLOWED_REASON)]
    others = [skip for skip in total.skipped if skip not in allowed]
    must_run = os.environ.get("CI") == "true"
    print_names("failed", total.failed)
    print_names("skipped, for want of a newer libfuse", [f"{name}: {reason}" for name, reason in allowed])
    print_names("SKIPPED, so not tested" + (", which is a failure where CI=true" if must_run else ""),
                [f"{name}: {reason or 'no reason given'}" for name, reason in others])
    print(total.line())
    return 0 if total.passed > 0 and not total.failed and not (must_run and others) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
