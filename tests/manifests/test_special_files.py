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


NAMES = [
    "fifo", "folder", "dangling-link", "circle-of-links", "device", "escaping-link", "escaping-path", "nested-100000-deep",
    "manifest-of-100-mb", "header-of-2-gib", "more-than-1000-problems", "manifests-150-deep", "expressions-600-deep",
    "dtype-95-deep", "header-95-deep", "more-than-8-million-values", "very-many-duplicate-keys",
    "more-than-16-million-arrays", "more-than-2-million-pieces", "pattern-of-17-mb", "braces-of-1-gb", "element-of-65-mib",
    "too-big-with-its-header",
]  # fmt: skip
# Megabytes of address space that suffice; the largest are what the limits on values and pieces themselves come to.
MEMORY = {"more-than-8-million-values": 1024, "more-than-2-million-pieces": 1024}


def memory_bound(name):
    limit = MEMORY.get(name, 512) << 20
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


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
        preexec_fn=None if SANITIZED else memory_bound(name),
    )
    assert checked.stderr.decode() == manifest.with_suffix(".expected").read_text()
    assert checked.returncode == 1
