"""What the command-line tests share: the program, a folder of sources and manifests, and golden files.

Environment: NDCAT_BINARY, the program; NDCAT_ACCEPT=1, write golden files anew instead of comparing (then read the diff).
"""

import json
import os
import pathlib
import subprocess

import numpy as np
import pytest

BINARY = os.environ["NDCAT_BINARY"]
GOLDEN = pathlib.Path(__file__).parent / "golden"


@pytest.fixture
def ndcat(tmp_path):
    """Runs the program in the test's own folder; output comes back as bytes."""

    def run(*words, **options):
        options.setdefault("cwd", tmp_path)
        options.setdefault("stdin", subprocess.DEVNULL)
        if "stdout" not in options:
            options["stdout"] = subprocess.PIPE
        options.setdefault("stderr", subprocess.PIPE)
        return subprocess.run([BINARY, *words], timeout=120, check=False, **options)

    return run


@pytest.fixture
def runs(tmp_path):
    """The folder `runs`: two days of measurements and manifests over them."""
    folder = tmp_path / "runs"
    (folder / "deep").mkdir(parents=True)
    monday = np.arange(12, dtype=np.float64).reshape(3, 4)
    tuesday = np.arange(100, 120, dtype=np.float64).reshape(5, 4)
    np.save(folder / "monday.npy", monday)
    np.save(folder / "tuesday.npy", tuesday)
    tuesday.astype(np.float32).tofile(folder / "tuesday.dat")
    write(folder / "all.json", {"concatenate": ["monday.npy", "tuesday.npy"], "title": "Both days"})
    write(folder / "wide.json", {
        "concatenate": [{"path": "monday.npy"}, {"path": "tuesday.dat", "dtype": "<f4", "shape": [5, 4], "select": ":3"}],
        "axis": 1,
    })
    write(folder / "deep" / "ones.json", {"full": 1, "shape": [2, 3], "dtype": "int16"})
    return folder


@pytest.fixture
def expected(runs):
    """What NumPy makes of the manifests of `runs`."""
    monday, tuesday = np.load(runs / "monday.npy"), np.load(runs / "tuesday.npy")
    return {
        "all": np.concatenate([monday, tuesday]),
        "wide": np.concatenate([monday, tuesday.astype(np.float32)[:3]], axis=1),
        "deep/ones": np.full((2, 3), 1, "int16"),
    }


def write(path, manifest):
    path.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest, indent=2) + "\n")


@pytest.fixture
def golden():
    """Compares a text with the file of that name in golden/."""

    def compare(name, text):
        path = GOLDEN / name
        if os.environ.get("NDCAT_ACCEPT"):
            GOLDEN.mkdir(exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"no golden file {name}; NDCAT_ACCEPT=1 writes it"
        assert text == path.read_text(), f"{name} differs; if it is meant to, NDCAT_ACCEPT=1 accepts it"

    return compare
