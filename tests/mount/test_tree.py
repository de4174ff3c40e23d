"""What the mounted tree shows: names, folders, links, views, errors, attributes."""

import json
import os
import stat
import subprocess

import numpy as np
import pytest

import arrays
import ndcat


def test_the_views_of_a_manifest(folder):
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        assert sorted(os.listdir(mount)) == ["all.json", "all.npy", "all.raw"]
        assert (mount / "all.npy").read_bytes() == arrays.saved(wanted)
        assert (mount / "all.raw").read_bytes() == wanted.tobytes()
        assert json.loads((mount / "all.json").read_text()) == {
            "path": "all.raw", "dtype": "<f8", "shape": [1500, 5], "order": "C", "offset": 0}
        loaded = np.load(mount / "all.npy", mmap_mode="r")
        assert np.array_equal(loaded, wanted)


def test_views_choose_which_files_appear(folder):
    arrays.write_manifest(folder / "x.json", {"full": 1, "shape": [2], "dtype": "f4", "views": ["raw"]})
    with ndcat.Mount(folder) as mount:
        assert os.listdir(mount) == ["x.raw"]
        assert not (mount / "x.npy").exists()


def test_a_description_is_a_manifest_that_can_be_mounted_again(folder):
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount, ndcat.Mount(str(mount), "-o", f"sources={mount}") as second:
        assert (second / "all.npy").read_bytes() == arrays.saved(wanted)


@pytest.mark.parametrize("order", "CF")
def test_a_description_is_of_a_file_that_is_there(folder, order):
    """Without a raw file, of the array in the .npy file."""
    wanted = np.asarray(arrays.two_parts(folder), order=order)
    arrays.write_manifest(folder / "x.json", {"concatenate": ["a.npy", "b.npy"], "order": order, "views": ["npy", "json"]})
    with ndcat.Mount(folder) as mount, ndcat.Mount(str(mount), "-o", f"sources={mount}") as second:
        assert sorted(name for name in os.listdir(mount) if name.startswith("x.")) == ["x.json", "x.npy"]
        assert (second / "x.npy").read_bytes() == arrays.saved(wanted)


def test_folders_and_links_are_mirrored(folder, tmp_path):
    wanted = arrays.two_parts(folder)
    (folder / "runs" / "deep").mkdir(parents=True)
    arrays.write_manifest(folder / "runs" / "deep" / "x.json", {"path": "../../a.npy"})
    (folder / "linked").symlink_to("runs")
    (folder / "again.json").symlink_to("all.json")
    (folder / "circle").symlink_to(".")
    (folder / "dangling.json").symlink_to("nowhere.json")
    with ndcat.Mount(folder) as mount:
        assert (mount / "runs" / "deep" / "x.npy").read_bytes() == (folder / "a.npy").read_bytes()
        assert (mount / "linked" / "deep" / "x.npy").read_bytes() == (folder / "a.npy").read_bytes()
        assert (mount / "again.npy").read_bytes() == arrays.saved(wanted)
        assert {"runs", "linked", "again.npy", "all.npy"} <= set(os.listdir(mount))
        assert sum(len(files) for _, _, files in os.walk(mount)) >= 9
        assert not (mount / "dangling.npy").exists()


def test_other_files_do_not_show(folder):
    arrays.two_parts(folder)
    (folder / "notes.txt").write_text("not a manifest")
    with ndcat.Mount(folder) as mount:
        assert not {"a.npy", "b.npy", "notes.txt"} & set(os.listdir(mount))
        with pytest.raises(FileNotFoundError):
            (mount / "notes.txt").stat()


def test_one_manifest_instead_of_a_folder(folder):
    wanted = arrays.two_parts(folder)
    arrays.write_manifest(folder / "other.json", {"path": "a.npy"})
    with ndcat.Mount(folder / "all.json") as mount:
        assert sorted(os.listdir(mount)) == ["all.json", "all.npy", "all.raw"]
        assert (mount / "all.npy").read_bytes() == arrays.saved(wanted)


def test_a_bad_manifest_shows_all_its_errors_until_it_is_mended(folder):
    wanted = arrays.two_parts(folder)
    arrays.write_manifest(folder / "bad.json", {"concatenate": ["a.npy", "gone.npy", {"path": "a.npy", "axes": 0}]})
    with ndcat.Mount(folder) as mount:
        assert sorted(os.listdir(mount)) == ["all.json", "all.npy", "all.raw", "bad.error"]
        text = (mount / "bad.error").read_text()
        assert "gone.npy" in text and '"axes"' in text and "bad.json:1:" in text
        done = ndcat.run("check", folder / "bad.json")
        told = (done.stdout + done.stderr).decode().replace(str(folder) + "/", "")
        assert set(text.splitlines()) <= set(told.splitlines())
        assert (mount / "all.npy").read_bytes() == arrays.saved(wanted)
        arrays.write_manifest(folder / "bad.json", {"path": "a.npy"})
        assert (mount / "bad.npy").read_bytes() == (folder / "a.npy").read_bytes()
        assert not (mount / "bad.error").exists()
        (folder / "bad.json").write_text("{")
        assert not (mount / "bad.npy").exists()
        assert (mount / "bad.error").read_text()


def test_names_that_are_not_utf8(folder):
    wanted = arrays.two_parts(folder)
    raw_folder = os.fsencode(folder)
    os.rename(raw_folder + b"/a.npy", raw_folder + b"/part-\xe9-1.npy")
    os.rename(raw_folder + b"/b.npy", raw_folder + b"/part-\xe9-2.npy")
    os.mkdir(raw_folder + b"/sub\xff")
    arrays.write_manifest(raw_folder.decode() + "/all.json", {"concatenate": ["part-*.npy"]})
    os.rename(raw_folder + b"/all.json", raw_folder + b"/\xfe\xff.json")
    os.symlink(b"../\xfe\xff.json", raw_folder + b"/sub\xff/x\n\x80.json")
    with ndcat.Mount(folder) as mount:
        root = os.fsencode(str(mount))
        # No .json: JSON is UTF-8 and cannot name such a file.
        assert {b"\xfe\xff.npy", b"\xfe\xff.raw", b"sub\xff"} == set(os.listdir(root))
        with open(root + b"/\xfe\xff.npy", "rb") as file:
            assert file.read() == arrays.saved(wanted)
        assert b"x\n\x80.json" in os.listdir(root + b"/sub\xff") or b"x\n\x80.error" in os.listdir(root + b"/sub\xff")


def test_extended_attributes_say_what_the_array_is(folder):
    arrays.write_manifest(folder / "x.json", {"full": 1, "shape": [2, 3], "dtype": ">i2", "order": "F"})
    with ndcat.Mount(folder) as mount:
        names = os.listxattr(mount / "x.npy")
        values = {name: os.getxattr(mount / "x.npy", name) for name in names}
        assert set(values) == {f"user.ndcat.{fact}" for fact in ("dtype", "shape", "order", "manifest")}
        assert values["user.ndcat.dtype"] == b">i2"
        assert values["user.ndcat.order"] == b"F"
        assert json.loads(values["user.ndcat.shape"].decode().replace("(", "[").replace(")", "]")) == [2, 3]
        assert values["user.ndcat.manifest"].endswith(b"x.json")
        with pytest.raises(OSError):
            os.getxattr(mount / "x.npy", "user.other")


def test_statfs_and_the_shape_of_attributes(folder):
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        answer = os.statvfs(mount)
        assert answer.f_bsize > 0 and answer.f_namemax >= 255 and answer.f_bavail == 0
        status = os.stat(mount / "all.raw")
        assert stat.S_ISREG(status.st_mode) and status.st_mode & 0o222 == 0
        assert status.st_size == wanted.nbytes
        # With st_blocks of zero tar and cp would take the file for one hole.
        assert status.st_blocks * 512 >= status.st_size
        assert stat.S_ISDIR(os.stat(mount).st_mode) and os.stat(mount).st_nlink >= 1
        subprocess.run(["df", str(mount)], check=True, stdout=subprocess.DEVNULL)


def test_listing_thousands_of_manifests(folder):
    count = 3000
    for n in range(count):
        arrays.write_manifest(folder / f"m{n}.json", {"full": n, "shape": [2], "dtype": "i4", "views": ["raw"]})
    with ndcat.Mount(folder) as mount:
        assert len(os.listdir(mount)) == count
        entries = {entry.name: entry.stat().st_size for entry in os.scandir(mount)}
        assert entries == {f"m{n}.raw": 8 for n in range(count)}
        assert (mount / "m2999.raw").read_bytes() == np.full(2, 2999, "i4").tobytes()
