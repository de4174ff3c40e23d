"""The scripts that judge: the include rule must see breaches, and the counting must miss nothing."""

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]


def check_includes(folder=None):
    return subprocess.run([ROOT / "scripts/check-includes", *([folder] if folder else [])], check=False, capture_output=True,
                          text=True)


def test_the_sources_keep_the_include_rule():
    result = check_includes()
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path, line", [
    ("core/a.h", '#include "manifests/problem.h"'),
    ("core/a.cc", '#  include "fs/exit_codes.h"'),
    ("core/a.cc", "#include <nlohmann/json.hpp>"),
    ("core/a.cc", "#include <unistd.h>"),
    ("core/deep/a.cc", "#include <sys/stat.h>"),
    ("core/a.cc", "#include <filesystem>"),
    ("manifests/a.cc", '#include "fs/files/catalog.h"'),
    ("manifests/a.cc", "#include <fuse3/fuse.h>"),
    ("manifests/a.cc", "  #include <fcntl.h>"),
    ("fs/files/a.cc", "#include <nlohmann/json.hpp>"),
    ("fs/files/a.h", "#include <fuse_lowlevel.h>"),
    ("fs/commands/a.h", "#include <fuse3/fuse_lowlevel.h>"),
    ("fs/files/a.cc", '#include "tests/support/fake.h"'),
    ("core/dtypes/a.cc", '#include "core/casts/conversion.h"'),
    ("core/algebra/a.h", '#include "core/reading/reader.h"'),
    ("manifests/json/a.cc", '#include "manifests/resolve/resolve.h"'),
])
def test_breaches_are_seen(tmp_path, path, line):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(f"#pragma once\n{line}\n")
    result = check_includes(tmp_path)
    assert result.returncode == 1
    assert f"{path}:2:" in result.stdout


@pytest.mark.parametrize("path, line", [
    ("core/a.cc", '#include "core/index.h"'),
    ("core/a.cc", "#include <cerrno>"),
    ("core/reading/a.cc", '#include "core/dtypes/dtype.h"'),
    ("core/dtypes/a.cc", '#include "core/result.h"'),
    ("manifests/a.cc", "#include <nlohmann/json.hpp>"),
    ("manifests/a.cc", '#include "core/index.h"'),
    ("fs/mount/a.cc", "#include <fuse3/fuse_lowlevel.h>"),
    ("fs/files/a.cc", "#include <unistd.h>"),
    ("tests/a.cc", '#include "fs/files/catalog.h"'),
])
def test_what_is_allowed_passes(tmp_path, path, line):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(f"{line}\n")
    assert check_includes(tmp_path).returncode == 0


def suite(name, *cases):
    bodies = {"passed": "", "failed": "<failure/>", "skipped": "<skipped/>",
              "gtest": '<skipped message="a_test.cc:79&#x0A;no holes here"/>',
              "tap": "<skipped/><system-out>needs root</system-out>",
              "libfuse": "<skipped/><system-out>needs a newer libfuse (3.17) for passthrough</system-out>"}
    inner = "".join(f'<testcase name="{case}">{bodies[outcome]}</testcase>' for case, outcome in cases)
    return f'<testsuite name="{name}">{inner}</testsuite>'


def count(tmp_path, programs, suites, *words, stdout="", **environment):
    """`programs`: {name: Meson's result}, with `stdout`. Names and suites are as Meson 1.0 writes them."""
    logs = tmp_path / "build" / "meson-logs"
    logs.mkdir(parents=True)
    (logs / "testlog.json").write_text("".join(
        json.dumps({"name": f"ndcat:unit / {name}", "result": result, "returncode": 1, "stdout": stdout}) + "\n"
        for name, result in programs.items()))
    (logs / "testlog.junit.xml").write_text(f"<testsuites>{''.join(suites)}</testsuites>")
    env = {key: value for key, value in os.environ.items() if key != "CI"}
    result = subprocess.run([sys.executable, ROOT / "tests/support/count_results.py", f"a={tmp_path}/build", *words],
                            check=False, capture_output=True, text=True, env={**env, **environment})
    assert result.stderr == ""
    (tmp_path / "output").write_text(result.stdout)
    return result.returncode, result.stdout.splitlines()[-1]


def test_every_test_counts_once(tmp_path):
    code, line = count(tmp_path, {"g": "OK", "t": "OK", "e": "OK"},
                       [suite("ndcat.ndcat:unit / g.One", ("a", "passed"), ("b", "passed")), suite("ndcat.ndcat:unit / g.Two", ("a", "passed")),
                        suite("ndcat.ndcat:unit / t", ("x", "passed"), ("y", "passed")), suite("ndcat", ("ndcat:unit / e", "passed"))])
    assert (code, line) == (0, "6 passed, 0 failed")


def test_whatever_a_test_prints_it_counts(tmp_path):
    printed = suite("ndcat.ndcat:unit / t", ("x", "passed"), ("y", "passed")).replace("</testsuite>",
                                                                                      "<system-err>\x02\x1b[1m \ufffe</system-err></testsuite>")
    assert count(tmp_path, {"t": "OK"}, [printed]) == (0, "2 passed, 0 failed")


def test_failures_fail(tmp_path):
    code, line = count(tmp_path, {"g": "FAIL", "e": "FAIL"},
                       [suite("ndcat.ndcat:unit / g.One", ("a", "passed"), ("b", "failed")), suite("ndcat", ("ndcat:unit / e", "failed"))])
    assert (code, line) == (1, "1 passed, 2 failed")


def test_a_crash_is_a_failure(tmp_path):
    code, line = count(tmp_path, {"g": "FAIL", "t": "ERROR", "late": "TIMEOUT"},
                       [suite("ndcat.ndcat:unit / t", ("x", "passed"))])
    assert (code, line) == (1, "1 passed, 3 failed")


def test_a_program_without_tests_is_a_failure(tmp_path):
    code, line = count(tmp_path, {"g": "OK", "e": "OK"}, [suite("ndcat", ("ndcat:unit / e", "passed"))])
    assert (code, line) == (1, "1 passed, 1 failed")


def test_nothing_at_all_is_a_failure(tmp_path):
    assert count(tmp_path, {}, []) == (1, "0 passed, 0 failed")


def test_skips_are_named_and_fail_in_ci_only(tmp_path):
    programs, suites = {"t": "OK"}, [suite("ndcat.ndcat:unit / t", ("x", "passed"), ("y", "skipped"))]
    assert count(tmp_path / "home", programs, suites) == (0, "1 passed, 0 failed, 1 skipped")
    assert count(tmp_path / "ci", programs, suites, CI="true") == (1, "1 passed, 0 failed, 1 skipped")


def test_each_skip_is_named_with_its_reason(tmp_path):
    programs = {"t": "OK", "g": "OK"}
    suites = [suite("ndcat.ndcat:unit / t", ("x", "passed"), ("y", "tap")), suite("ndcat.ndcat:unit / g.One", ("z", "gtest"))]
    assert count(tmp_path, programs, suites, CI="true") == (1, "1 passed, 0 failed, 2 skipped")
    lines = (tmp_path / "output").read_text().splitlines()
    assert [line.strip() for line in lines[-4:-1]] == [
        "SKIPPED, so not tested, which is a failure where CI=true:",
        "ndcat:unit / t.y: needs root",
        "ndcat:unit / g.One.z: no holes here",
    ]


def test_a_whole_program_that_is_skipped_is_named_with_its_reason(tmp_path):
    programs, suites = {"t": "SKIP", "e": "OK"}, [suite("ndcat", ("ndcat:unit / e", "passed"))]
    assert count(tmp_path, programs, suites, stdout="1..0 # SKIP no NumPy\n") == (0, "1 passed, 0 failed, 1 skipped")
    assert "  ndcat:unit / t: no NumPy\n" in (tmp_path / "output").read_text()


def test_an_older_libfuse_is_no_failure_but_named(tmp_path):
    programs, suites = {"t": "OK"}, [suite("ndcat.ndcat:unit / t", ("x", "passed"), ("y", "libfuse"))]
    assert count(tmp_path, programs, suites, CI="true") == (0, "1 passed, 0 failed, 1 skipped")
    assert "  ndcat:unit / t.y: needs a newer libfuse (3.17) for passthrough\n" in (tmp_path / "output").read_text()


def test_other_failures_are_counted(tmp_path):
    code, line = count(tmp_path, {"e": "OK"}, [suite("ndcat", ("ndcat:unit / e", "passed"))],
                       "--failed=left a mount behind")
    assert (code, line) == (1, "1 passed, 1 failed")


def test_a_run_without_time_ends_and_says_so():
    result = subprocess.run([ROOT / "scripts/test", "--quick"], check=False, capture_output=True, text=True, timeout=60,
                            env={**os.environ, "NDCAT_TEST_MINUTES": "0"})
    lines = result.stdout.splitlines()
    assert result.returncode == 1
    assert "  could not install what is missing" in lines
    assert lines[-1] == "0 passed, 2 failed"


def test_scripts_are_sound():
    for script in ["scripts/build", "scripts/test", "scripts/demo", "scripts/bench", "scripts/install-packages", "scripts/check-includes",
                   ".ci/run"]:
        path = ROOT / script
        assert os.access(path, os.X_OK), script
        assert path.read_text().startswith("#!/usr/bin/env bash\n# "), "says what it is for"
        assert re.search(r"^set -euo pipefail$", path.read_text(), re.MULTILINE), script
        subprocess.run(["bash", "-n", path], check=True)


def test_no_log_stands_beside_the_sources():
    """Of builds and tests; they were committed twice."""
    folders = [ROOT, *(ROOT / name for name in ("core", "fs", "manifests", "scripts", "tests"))]
    logs = [path.name for folder in folders for path in folder.iterdir() if ".log" in path.name]
    assert not [name for name in logs if not name.startswith("build")]
