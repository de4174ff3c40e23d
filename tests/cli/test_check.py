"""ndcat check: what it says of good and bad manifests, and where it says it."""

import os
import shutil
import tempfile

import numpy as np

from conftest import write


def test_good_manifests_get_a_line_each_on_standard_output(ndcat, runs):
    result = ndcat("check", "runs/all.json", "runs/wide.json")
    assert result.returncode == 0
    assert result.stderr == b""
    assert result.stdout.decode().splitlines() == [
        "runs/all.json: float64 (8, 4) C order, 256 bytes from 2 sources",
        "runs/wide.json: float64 (3, 8) C order, 192 bytes from 2 sources",
    ]


def test_a_folder_stands_for_all_manifests_below(ndcat, runs, expected):
    result = ndcat("check", "runs")
    assert result.returncode == 0
    names = [line.partition(".json: ")[0] for line in result.stdout.decode().splitlines()]
    assert names == [f"runs/{name}" for name in expected]
    inside = ndcat("check", ".", cwd=runs)
    assert inside.stdout == result.stdout.replace(b"runs/", b"")
    assert b"deep/ones.json: int16 (2, 3) C order, 12 bytes, no sources\n" in inside.stdout


def test_every_problem_is_a_line_on_standard_error(ndcat, runs):
    np.save(runs / "narrow.npy", np.zeros((2, 3)))
    write(runs / "bad.json", {"concatenate": ["monday.npy", "narrow.npy", "nowhere.npy", 7]})
    write(runs / "deep" / "worse.json", '{"concatenate": [')
    result = ndcat("check", "runs")
    assert result.returncode == 1
    assert len(result.stdout.splitlines()) == 3, "the good ones are still told"
    lines = result.stderr.decode().splitlines()
    assert sum(line.startswith("runs/bad.json:") for line in lines) == 3
    assert sum(line.startswith("runs/deep/worse.json:") for line in lines) == 1
    assert lines[-1] == "2 of 5 manifests cannot be served"


def test_one_bad_manifest_needs_no_sum(ndcat, runs):
    write(runs / "bad.json", {"concatenate": []})
    result = ndcat("check", "runs/bad.json")
    assert result.returncode == 1
    assert result.stdout == b""
    assert [line.startswith(b"runs/bad.json:") for line in result.stderr.splitlines()] == [True]


def test_problems_are_the_text_that_the_mount_shows(ndcat, runs):
    write(runs / "bad.json", {"concatenate": ["monday.npy", "nowhere.npy"]})
    from_folder = ndcat("check", ".", cwd=runs).stderr.splitlines()[0]
    alone = ndcat("check", "bad.json", cwd=runs).stderr.splitlines()
    assert alone == [from_folder]


def test_what_cannot_be_looked_at(ndcat, runs):
    (runs / "empty").mkdir()
    for words, reason in [
        (("runs/nowhere.json",), "runs/nowhere.json"),
        (("runs/monday.npy",), "runs/monday.npy"),
        (("runs/empty",), "no manifest"),
        (("runs/nowhere.json", "runs/all.json"), "runs/nowhere.json"),
    ]:
        result = ndcat("check", *words)
        assert result.returncode == 3, words
        assert reason in result.stderr.decode()
        assert result.stderr.startswith(b"ndcat: ")
        assert len(result.stdout.splitlines()) == len(words) - 1


def test_links_that_go_round_end(ndcat, runs):
    (runs / "deep" / "up").symlink_to("..", target_is_directory=True)
    (runs / "also").symlink_to("deep", target_is_directory=True)
    result = ndcat("check", "runs")
    assert result.returncode == 0
    names = [line.partition(b": ")[0] for line in result.stdout.splitlines()]
    assert names == [b"runs/all.json", b"runs/wide.json", b"runs/deep/ones.json"]


def test_folders_with_links_to_each_other_are_checked_once_each(ndcat, runs, tmp_path):
    web = tmp_path / "web"
    for i in range(12):
        (web / f"f{i}").mkdir(parents=True)
        write(web / f"f{i}" / "x.json", {"full": i, "shape": [2]})
    for i in range(12):
        for j in range(12):
            (web / f"f{i}" / f"to{j}").symlink_to(f"../f{j}")
    (runs / "web").symlink_to(web)
    result = ndcat("check", "runs")  # would not end in a lifetime if it went along every path
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 3 + 12


def test_a_dangling_link_is_a_problem(ndcat, runs):
    (runs / "lost.json").symlink_to("nowhere.json")
    result = ndcat("check", "runs")
    assert result.returncode == 1
    assert result.stderr.startswith(b"runs/lost.json: ")


def test_sources_are_confined_on_demand(ndcat, runs, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    np.save(outside / "a.npy", np.zeros(3))
    write(runs / "out.json", {"path": str(outside / "a.npy")})
    (runs / "inside.npy").symlink_to(outside / "a.npy")
    write(runs / "link.json", {"path": "inside.npy"})
    for name in ("out", "link"):
        manifest = f"runs/{name}.json"
        assert ndcat("check", manifest).returncode == 0
        refused = ndcat("check", "--sources", "runs", manifest)
        assert refused.returncode == 1
        assert b"outside" in refused.stderr
        assert ndcat("check", "--sources", "outside", manifest).returncode == 0
        assert ndcat("check", manifest, "--sources", f"runs:{outside}").returncode == 0


def test_a_folder_that_no_mount_shows_is_told_and_not_looked_into(ndcat, runs, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    write(outside / "x.json", {"full": 1, "shape": [2]})
    (runs / "door").symlink_to(outside)
    assert b"runs/door/x.json: int64 (2,)" in ndcat("check", "runs").stdout
    result = ndcat("check", "--sources", "runs", "runs")
    assert result.returncode == 3
    assert result.stderr == (b"ndcat: runs/door: leads outside the folder of manifests and those of --sources; "
                             b"a mount does not show it\n")
    assert b"door" not in result.stdout
    assert len(result.stdout.splitlines()) == 3


def test_names_that_are_no_utf8(ndcat, runs):
    name = os.fsencode(runs) + b"/caf\xe9.json"
    with open(name, "w") as stream:
        stream.write('{"full": 0, "shape": [], "dtype": "bool"}')
    result = ndcat(b"check", b"runs/caf\xe9.json")
    assert result.stdout == b"runs/caf\xe9.json: bool () C order, 1 byte, no sources\n"


def as_nobody():
    """For root, who may read everything: goes on as a user who may not."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def test_an_unreadable_folder_is_told(ndcat, runs):
    with tempfile.TemporaryDirectory() as elsewhere:  # pytest's own folders are closed to other users
        os.chmod(elsewhere, 0o755)
        folder = os.path.join(elsewhere, "runs")
        shutil.copytree(runs, folder)
        os.chmod(os.path.join(folder, "deep"), 0)
        result = ndcat("check", "runs", cwd=elsewhere, preexec_fn=as_nobody)
        os.chmod(os.path.join(folder, "deep"), 0o755)
    assert result.returncode == 3
    assert b"runs/deep" in result.stderr
    assert len(result.stdout.splitlines()) == 2, "the rest is looked at all the same"
