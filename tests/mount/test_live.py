"""A virtual file is a snapshot: an open keeps what it saw, and the next open sees what there is then."""

import errno
import json
import os
import shutil
import time

import numpy as np
import pytest

import arrays
import ndcat


def test_a_new_manifest_is_seen_at_once(folder):
    np.save(folder / "a.npy", np.arange(5))
    with ndcat.Mount(folder) as mount:
        for n in range(100):
            with pytest.raises(FileNotFoundError):
                (mount / f"m{n}.npy").stat()
            arrays.write_manifest(folder / f"m{n}.json", {"full": n, "shape": [n + 1], "dtype": "i4"})
            assert (mount / f"m{n}.npy").read_bytes() == arrays.saved(np.full(n + 1, n, "i4"))
        assert len(os.listdir(mount)) == 300
        os.remove(folder / "m5.json")
        with pytest.raises(FileNotFoundError):
            open(mount / "m5.npy", "rb")
        assert len(os.listdir(mount)) == 297


def test_a_changed_manifest_is_seen_at_once(folder):
    with ndcat.Mount(folder) as mount:
        for n in range(100):
            arrays.write_manifest(folder / "x.json", {"full": n, "shape": [1 + n % 3, 7], "dtype": "i4"})
            assert (mount / "x.npy").read_bytes() == arrays.saved(np.full((1 + n % 3, 7), n, "i4"))
            assert json.loads((mount / "x.json").read_text())["shape"] == [1 + n % 3, 7]


def test_a_manifest_written_in_place_is_seen_at_once(folder):
    path = folder / "x.json"
    with ndcat.Mount(folder) as mount:
        for n in range(300):  # equal size, same inode, within one tick of the clock of the file system
            path.write_text(json.dumps({"full": n % 10, "shape": [7], "dtype": "i4"}))
            assert (mount / "x.npy").read_bytes() == arrays.saved(np.full(7, n % 10, "i4")), n


def test_a_new_match_of_a_glob_is_seen_at_once(folder):
    arrays.write_manifest(folder / "x.json", {"concatenate": ["part-*.npy"]})
    with ndcat.Mount(folder) as mount:
        assert "part-*.npy" in (mount / "x.error").read_text()
        for n in range(30):
            np.save(folder / f"part-{n}.npy", np.full(3, n))
            assert np.array_equal(np.load(mount / "x.npy"), np.repeat(np.arange(n + 1), 3))
        os.remove(folder / "part-0.npy")
        assert np.load(mount / "x.npy")[0] == 1


def test_a_glob_over_folders_sees_new_folders(folder):
    (folder / "d").mkdir()
    np.save(folder / "d" / "1.npy", np.zeros(2))
    arrays.write_manifest(folder / "x.json", {"concatenate": ["d/**/*.npy"]})
    with ndcat.Mount(folder) as mount:
        assert np.load(mount / "x.npy").shape == (2,)
        (folder / "d" / "2" / "deep").mkdir(parents=True)
        assert np.load(mount / "x.npy").shape == (2,)
        np.save(folder / "d" / "2" / "deep" / "2.npy", np.ones(3))
        assert np.load(mount / "x.npy").shape == (5,)


def write_by_call(path, values):
    with open(path, "r+b") as file:
        file.write(values.tobytes())


def write_by_flushed_map(path, values):
    array = np.memmap(path, values.dtype, "r+", shape=values.shape)
    array[:] = values
    array.flush()


def write_by_map(path, values):
    """No flush: the kernel marks the file as changed only at the first store after each write-back."""
    array = np.memmap(path, values.dtype, "r+", shape=values.shape)
    array[:] = values
    del array


def write_and_restore_times(path, values):
    """As rsync -t and cp -p do: the change time still tells."""
    before = os.stat(path)
    write_by_call(path, values)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("write", [write_by_call, write_by_flushed_map, write_by_map, write_and_restore_times])
def test_changes_in_place_are_never_served_stale(folder, write):
    path = folder / "a.raw"
    path.write_bytes(bytes(80000))
    arrays.write_manifest(folder / "x.json", {"concatenate": [
        {"path": "a.raw", "dtype": "i8", "shape": [10000]}, {"full": 0, "shape": [1], "dtype": "i8"}]})
    with ndcat.Mount(folder) as mount:
        for n in range(1, 301):
            values = np.full(10000, n)
            write(path, values)
            got = np.fromfile(mount / "x.raw", "i8")
            assert np.array_equal(got[:-1], values), f"round {n}: {np.unique(got[:-1])}"


def test_a_writer_that_keeps_its_map_open_is_never_served_stale(folder):
    path = folder / "a.raw"
    path.write_bytes(bytes(80000))
    arrays.write_manifest(folder / "x.json", {"path": "a.raw", "dtype": "i8", "shape": [10000]})
    writer = np.memmap(path, "i8", "r+")
    with ndcat.Mount(folder) as mount:
        for n in range(1, 301):
            writer[:] = n  # most of these stores change no time of the file
            got = np.fromfile(mount / "x.raw", "i8")
            assert (got == n).all(), f"round {n}: {np.unique(got)}"


def test_an_open_map_keeps_its_array_while_new_opens_see_the_new_one(folder):
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        old = np.load(mount / "all.npy", mmap_mode="r")
        old_file = open(mount / "all.npy", "rb")
        old_inode = os.stat(mount / "all.npy").st_ino
        np.save(folder / "c.npy", arrays.distinct((100, 5), first=-500))
        arrays.write_manifest(folder / "all.json", {"concatenate": ["c.npy", "a.npy", "b.npy"]})
        new = np.load(mount / "all.npy", mmap_mode="r")
        assert new.shape == (1600, 5) and new[0, 0] == -500
        assert os.stat(mount / "all.npy").st_ino != old_inode
        assert old.shape == (1500, 5)
        assert np.array_equal(old, wanted)
        assert old_file.read() == arrays.saved(wanted)
        assert os.fstat(old_file.fileno()).st_size == len(arrays.saved(wanted))
        os.remove(folder / "all.json")
        assert np.array_equal(old, wanted)
        assert not (mount / "all.npy").exists()
        old_file.close()


def test_an_open_made_by_a_descriptor_path_and_rereads_keep_the_snapshot(folder):
    wanted = arrays.two_parts(folder).tobytes()
    with ndcat.Mount(folder) as mount, open(mount / "all.raw", "rb") as file:
        arrays.write_manifest(folder / "all.json", {"path": "a.npy"})
        assert os.path.getsize(mount / "all.raw") == 1000 * 5 * 8
        for _ in range(3):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            assert os.pread(file.fileno(), len(wanted), 0) == wanted


def test_a_replaced_source_is_seen_by_the_next_open(folder):
    arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        for n in range(100):
            np.save(folder / "new.npy", np.full((1 + n % 3, 5), float(n)))
            os.replace(folder / "new.npy", folder / "b.npy")
            got = np.load(mount / "all.npy")
            assert got.shape == (1001 + n % 3, 5) and (got[1000:] == n).all()


def test_a_manifest_seen_through_another_one(folder):
    np.save(folder / "a.npy", np.arange(4))
    arrays.write_manifest(folder / "inner.json", {"path": "a.npy"})
    arrays.write_manifest(folder / "outer.json", {"concatenate": ["inner.json", "inner.json"]})
    with ndcat.Mount(folder) as mount:
        assert np.array_equal(np.load(mount / "outer.npy"), [0, 1, 2, 3] * 2)
        arrays.write_manifest(folder / "inner.json", {"path": "a.npy", "select": "::-1"})
        assert np.array_equal(np.load(mount / "outer.npy"), [3, 2, 1, 0] * 2)
        np.save(folder / "a.npy", np.array([7]))
        assert np.array_equal(np.load(mount / "outer.npy"), [7, 7])


def test_a_whole_folder_moved_away_and_back(folder, tmp_path):
    (folder / "runs").mkdir()
    arrays.write_manifest(folder / "runs" / "x.json", {"full": 1, "shape": [3], "dtype": "i4"})
    with ndcat.Mount(folder) as mount:
        assert (mount / "runs" / "x.raw").exists()
        shutil.move(folder / "runs", tmp_path / "away")
        assert not (mount / "runs").exists()
        with pytest.raises(OSError) as failure:
            open(mount / "runs" / "x.raw", "rb")
        assert failure.value.errno == errno.ENOENT
        shutil.move(tmp_path / "away", folder / "runs")
        assert (mount / "runs" / "x.raw").read_bytes() == np.ones(3, "i4").tobytes()


def written_by_the_daemon(mount):
    """Bytes that it wrote so far; nearly all go to readers."""
    with open(f"/proc/{mount.process.pid}/io") as file:
        return int(dict(line.split(": ") for line in file.read().splitlines())["wchar"])


def test_the_page_cache_is_kept_across_opens_while_nothing_changes(folder):
    array = arrays.distinct((1000, 2000))
    np.save(folder / "a.npy", array)
    arrays.write_manifest(folder / "x.json", {"concatenate": ["a.npy", "a.npy"]})
    settled = time.time() - 10**6
    for name in ("a.npy", "x.json"):
        os.utime(folder / name, (settled, settled))
    wanted = np.concatenate([array, array]).tobytes()
    with ndcat.Mount(folder, "-o", "settle=0") as mount:
        for _ in range(3):
            before = written_by_the_daemon(mount)
            assert (mount / "x.raw").read_bytes() == wanted
            served = written_by_the_daemon(mount) - before
        assert served < len(wanted) / 10, "the third read was served by the daemon again"
        array[0, 0] = -1
        np.save(folder / "a.npy", array)
        assert np.fromfile(mount / "x.raw")[0] == -1
