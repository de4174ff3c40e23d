"""ndcat show: for people (golden files) and for programs (--json)."""

import json
import os

import numpy as np

from conftest import write


def show_json(ndcat, path):
    result = ndcat("show", "--json", path)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_for_people(ndcat, runs, golden):
    for name in ("all", "wide", "deep/ones"):
        result = ndcat("show", f"runs/{name}.json")
        assert (result.returncode, result.stderr) == (0, b"")
        golden(f"show-{name.rpartition('/')[2]}.txt", result.stdout.decode())


def test_json_says_what_numpy_says(ndcat, runs, expected):
    for name, array in expected.items():
        shown = show_json(ndcat, f"runs/{name}.json")
        assert np.dtype(shown["dtype"]) == array.dtype
        assert tuple(shown["shape"]) == array.shape
        assert shown["order"] == "C"
        assert shown["size"] == array.nbytes
        assert shown["views"] == ["npy", "raw", "json"]


def test_parts_make_up_the_array(ndcat, runs, expected):
    """Reads the sources as the parts say, with nothing but NumPy."""
    for name in ("all", "wide"):
        shown = show_json(ndcat, f"runs/{name}.json")
        array = np.full(shown["shape"], np.nan)
        for part in shown["parts"]:
            source = shown["sources"][part["source"]]["path"]
            box = tuple(slice(o, o + n) for o, n in zip(part["origin"], part["shape"]))
            assert np.isnan(array[box]).all(), "parts are disjoint"
            array[box] = np.ndarray(part["shape"], part["dtype"], np.fromfile(source, np.uint8), part["offset"],
                                    part["strides"])
        assert np.array_equal(array, expected[name])


def test_sources_say_where_they_are_named(ndcat, runs):
    shown = show_json(ndcat, "runs/wide.json")
    text = (runs / "wide.json").read_text().splitlines()
    for source in shown["sources"]:
        assert os.path.basename(source["path"]) in ("monday.npy", "tuesday.dat")
        assert source["pointer"].startswith("/concatenate/")
        assert 1 <= source["line"] <= len(text)
    assert shown["sources"][0]["array_begin"] == 128
    assert "title" not in shown
    assert show_json(ndcat, "runs/all.json")["title"] == "Both days"


def test_a_constant_has_no_source(ndcat, runs):
    shown = show_json(ndcat, "runs/deep/ones.json")
    assert shown["sources"] == []
    assert [part["source"] for part in shown["parts"]] == [None]


def test_runs_tell_a_slow_layout(ndcat, runs):
    np.save(runs / "fortran.npy", np.zeros((600, 400), order="F"))
    write(runs / "kept.json", {"path": "fortran.npy"})
    write(runs / "turned.json", {"concatenate": ["fortran.npy"], "order": "C"})
    assert show_json(ndcat, "runs/kept.json")["runs"]["median"] == 600 * 400 * 8
    assert show_json(ndcat, "runs/turned.json")["runs"]["median"] == 8
    assert b"single elements: sources are interleaved, or lie in another order" in ndcat("show", "runs/turned.json").stdout


def test_long_tables_are_cut_for_people_only(ndcat, runs):
    write(runs / "many.json", {"concatenate": ["monday.npy"] * 100})
    lines = ndcat("show", "runs/many.json").stdout.decode().splitlines()
    assert sum("monday.npy" in line for line in lines) == 30
    assert any("70 more" in line for line in lines)
    assert "[297:300]" in lines[-1]
    assert len(show_json(ndcat, "runs/many.json")["parts"]) == 100


def test_paths_come_back_byte_for_byte(ndcat, runs):
    name = b"caf\xe9 \"quoted\"\x01.npy"
    with open(os.fsencode(runs) + b"/" + name, "wb") as stream:
        np.save(stream, np.zeros(3))
    write(runs / "glob.json", {"concatenate": ["caf*.npy"]})
    shown = show_json(ndcat, "runs/glob.json")
    assert os.path.basename(os.fsencode(shown["sources"][0]["path"])) == name


def test_problems_go_to_standard_error(ndcat, runs):
    write(runs / "bad.json", {"concatenate": [], "order": "X"})
    for options in ([], ["--json"]):
        result = ndcat("show", *options, "runs/bad.json")
        assert (result.returncode, result.stdout) == (1, b"")
        assert result.stderr.startswith(b"runs/bad.json:")
    result = ndcat("show", "runs")
    assert result.returncode == 2
    assert b"is a folder" in result.stderr
