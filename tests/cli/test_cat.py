"""ndcat cat: byte for byte np.save, and what happens when the reader or the sources go away."""

import io
import os
import pty
import signal
import subprocess

import numpy as np
import pytest

from conftest import BINARY, write


def saved(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def test_is_what_numpy_saves(ndcat, runs, expected):
    for name, array in expected.items():
        result = ndcat("cat", f"runs/{name}.json")
        assert (result.returncode, result.stderr) == (0, b"")
        assert result.stdout == saved(array)
        assert ndcat("cat", "--view", "npy", f"runs/{name}.json").stdout == saved(array)
        assert ndcat("cat", f"runs/{name}.json", "--view=raw").stdout == array.tobytes()


def test_large_arrays_to_a_file_and_a_pipe(ndcat, runs, tmp_path):
    rng = np.random.default_rng(1)
    parts = [rng.integers(0, 2**63, (1500, n)) for n in (700, 333)]
    for i, part in enumerate(parts):
        np.save(runs / f"part{i}.npy", part)
    write(runs / "large.json", {"concatenate": ["part{0..1}.npy"], "axis": 1})
    whole = saved(np.concatenate(parts, axis=1))
    assert len(whole) > 8 << 20
    with open(tmp_path / "copy.npy", "wb") as copy:
        assert ndcat("cat", "runs/large.json", stdout=copy).returncode == 0
    assert (tmp_path / "copy.npy").read_bytes() == whole
    assert ndcat("cat", "runs/large.json").stdout == whole


def test_nothing_comes_out_for_a_bad_manifest(ndcat, runs):
    write(runs / "bad.json", {"concatenate": ["monday.npy", "nowhere.npy"]})
    result = ndcat("cat", "runs/bad.json")
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.startswith(b"runs/bad.json:")


def test_a_view_that_is_left_out(ndcat, runs, expected):
    write(runs / "rawonly.json", {"concatenate": ["monday.npy", "tuesday.npy"], "views": ["raw"]})
    result = ndcat("cat", "runs/rawonly.json")
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"views" in result.stderr
    assert ndcat("cat", "--view", "raw", "runs/rawonly.json").stdout == expected["all"].tobytes()


def test_refuses_a_terminal(ndcat, runs):
    ours, theirs = pty.openpty()
    try:
        result = ndcat("cat", "runs/all.json", stdout=theirs)
    finally:
        os.close(theirs)
    assert result.returncode == 2
    assert b"terminal" in result.stderr
    os.set_blocking(ours, False)
    with pytest.raises(OSError):
        os.read(ours, 1)
    os.close(ours)


def big_zeros(runs):
    write(runs / "zeros.json", {"full": 0, "shape": [10**9], "dtype": "float64"})
    return "runs/zeros.json"


def test_a_reader_that_goes_away_ends_it_quietly(runs, tmp_path):
    for ignore in (False, True):
        process = subprocess.Popen([BINARY, "cat", big_zeros(runs)], cwd=tmp_path, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, restore_signals=not ignore)
        assert len(process.stdout.read(100)) == 100
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        # By SIGPIPE as cat(1) ends, or where the starter ignores that signal, by the error of write().
        assert process.wait(timeout=60) == (3 if ignore else -signal.SIGPIPE)


def test_a_full_disk_is_told(ndcat, runs):
    for words in (["cat", big_zeros(runs)], ["check", "runs/all.json"], ["show", "runs/all.json"], ["--help"]):
        with open("/dev/full", "wb") as full:
            result = ndcat(*words, stdout=full)
        assert result.returncode == 3, words
        assert result.stderr == b"ndcat: cannot write to standard output: No space left on device\n"


def test_a_closed_output_is_told(runs, tmp_path):
    for words in ("cat runs/all.json", "check runs/all.json", "help"):
        result = subprocess.run(["sh", "-c", f'exec "$0" {words} >&-', BINARY], cwd=tmp_path, capture_output=True,
                                timeout=60, check=False)
        assert result.returncode == 3, words
        assert result.stderr == b"ndcat: cannot write to standard output: Bad file descriptor\n"


def test_all_descriptors_closed_harm_no_file(runs, tmp_path):
    before = {path: path.read_bytes() for path in runs.rglob("*") if path.is_file()}
    result = subprocess.run(["sh", "-c", 'exec "$0" check runs runs/nowhere.json <&- >&- 2>&-', BINARY], cwd=tmp_path,
                            timeout=60, check=False)
    assert result.returncode == 3
    assert {path: path.read_bytes() for path in runs.rglob("*") if path.is_file()} == before


def test_a_source_cut_short_midway_is_named(runs, tmp_path):
    """The array is larger than what the pipe and the program hold, so that reading goes on after the cut."""
    size = 64 << 20
    (runs / "long.dat").write_bytes(bytes(size))
    write(runs / "long.json", {"path": "long.dat", "dtype": "uint8", "shape": [size]})
    process = subprocess.Popen([BINARY, "cat", "--view", "raw", "runs/long.json"], cwd=tmp_path, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    received = len(process.stdout.read(1 << 16))
    os.truncate(runs / "long.dat", size // 2)
    received += len(process.stdout.read())
    message = process.stderr.read().decode()
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=60) == 3
    assert received < size, "nothing is filled in"
    assert "long.dat" in message
