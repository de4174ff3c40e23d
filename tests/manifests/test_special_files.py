"""The invalid manifests that tests/data/make_invalid.py makes: special files, huge texts, deep nesting.

Each must be told in bounded time and memory.
"""

import os
import pathlib
import resource
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "data"))
import make_invalid  # noqa: E402

NDCAT = os.environ["NDCAT_BINARY"]
SANITIZED = "NDCAT_SLOW" in os.environ  # sanitizers map far more address space than they use


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return make_invalid.make(tmp_path_factory.mktemp("special"))


def bound_memory():
    limit = 512 << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


NAMES = [
    "fifo", "folder", "dangling-link", "circle-of-links", "device", "escaping-link", "escaping-path", "nested-100000-deep",
    "manifest-of-100-mb", "header-of-2-gib", "more-than-1000-problems", "manifests-150-deep",
]  # fmt: skip


def test_every_case_is_run(cases):
    assert sorted(cases) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_told_in_bounded_time_and_memory(name, cases):
    manifest = cases[name]
    checked = subprocess.run(
        [NDCAT, "check", "--sources", manifest.parent, manifest.name],
        cwd=manifest.parent,
        capture_output=True,
        timeout=240 if SANITIZED else 60,
        preexec_fn=None if SANITIZED else bound_memory,
    )
    assert checked.stderr.decode() == manifest.with_suffix(".expected").read_text()
    assert checked.returncode == 1
