"""Writing through virtual files: what reaches the sources, what is refused and how, and that both are seen."""

import errno
import mmap
import os
import pathlib
import re
import subprocess
import time

import numpy as np
import pytest

import arrays
import ndcat


@pytest.fixture
def parts(folder):
    """all.json of a.npy (as it is), b.npy (big-endian) and c.npy (float32, shown as float64); r+."""
    for name, dtype, rows in ("a", "<f8", 1000), ("b", ">f8", 700), ("c", "<f4", 300):
        np.save(folder / f"{name}.npy", arrays.distinct((rows, 5), dtype))
    arrays.write_manifest(folder / "all.json", {"concatenate": ["a.npy", "b.npy", "c.npy"], "mode": "r+"})
    return folder


def whole(folder):
    return np.concatenate([np.load(folder / f"{name}.npy") for name in "abc"])


@pytest.fixture
def mount(parts):
    with ndcat.Mount(parts, "-o", "rw") as mounted:
        yield mounted


def test_a_map_of_numpy_changes_the_sources(parts, mount):
    wanted = whole(parts)
    sizes = [os.path.getsize(parts / f"{name}.npy") for name in "abc"]
    array = np.load(mount / "all.npy", mmap_mode="r+")
    array[5:1998:7] = 3.25
    wanted[5:1998:7] = 3.25
    array.flush()
    assert np.array_equal(whole(parts), wanted)
    raw = np.memmap(mount / "all.raw", "f8", "r+", shape=(2000, 5))
    raw[:, 2] = -1
    wanted[:, 2] = -1
    del raw
    assert np.array_equal(whole(parts), wanted)
    assert np.array_equal(np.load(mount / "all.npy"), wanted)
    assert sizes == [os.path.getsize(parts / f"{name}.npy") for name in "abc"]


def test_both_manifest_and_mount_must_say_so(parts):
    arrays.write_manifest(parts / "plain.json", {"concatenate": ["a.npy", "b.npy"]})
    with ndcat.Mount(parts, "-o", "rw") as mount:
        assert arrays.error_of(os.open, mount / "plain.raw", os.O_RDWR) == errno.EROFS
        assert arrays.error_of(os.open, mount / "all.json", os.O_RDWR) == errno.EROFS
        assert not os.access(mount / "plain.raw", os.W_OK) and os.access(mount / "all.raw", os.W_OK)
        assert os.stat(mount / "plain.raw").st_mode & 0o222 == 0
        assert os.stat(mount / "all.raw").st_mode & 0o222 == 0o200
        assert os.stat(mount / "all.json").st_mode & 0o222 == 0
    for options in [], ["-o", "rw,ro"]:
        with ndcat.Mount(parts, *options) as mount:
            assert arrays.error_of(os.open, mount / "all.raw", os.O_RDWR) == errno.EROFS
            assert os.stat(mount / "all.raw").st_mode & 0o222 == 0


FORBIDDING = {
    "a fill": ([{"full": 1.5, "shape": [2, 5], "dtype": "f8"}], "comes from no file"),
    "a source that stands twice": (["a.npy"], "another part shows too"),
    "a link to one": (["link.npy"], "another part shows too"),
    "another name of one": (["hard.npy"], "another part shows too"),
    "a lossy cast": ([{"path": "d.npy", "astype": "f4"}], "cannot be undone exactly"),
    "a raw part with the header of another file": ([{"path": "e.npy", "dtype": "f8", "shape": [26, 5]}], "header"),
}


@pytest.mark.parametrize("what", FORBIDDING)
def test_what_forbids_writing(parts, what):
    more, reason = FORBIDDING[what]
    os.symlink("a.npy", parts / "link.npy")
    os.link(parts / "a.npy", parts / "hard.npy")
    np.save(parts / "d.npy", np.ones((3, 5)))
    (parts / "e.npy").write_bytes(arrays.saved(np.zeros((114, 1)))[:26 * 40])
    arrays.write_manifest(parts / "all.json", {"concatenate": ["a.npy", *more], "mode": "r+"})
    with ndcat.Mount(parts, "-o", "rw") as mount:
        assert arrays.error_of(os.open, mount / "all.raw", os.O_RDWR) in (errno.EROFS, errno.EPERM)
        mount.wait_for_log(reason)
        assert (mount / "all.raw").read_bytes()
    checked = ndcat.run("check", parts / "all.json")
    assert checked.returncode == 1 and reason in checked.stderr.decode(), checked


def test_check_and_show_say_that_it_can_be_written(parts):
    checked = ndcat.run("check", parts / "all.json")
    assert checked.returncode == 0 and checked.stdout.endswith(b", can be written\n"), checked
    assert b"through a mount with -o rw" in ndcat.run("show", parts / "all.json").stdout


def test_values_that_the_source_cannot_hold_are_refused_and_nothing_is_written(parts, mount):
    wanted, row = whole(parts), 40
    descriptor = os.open(mount / "all.raw", os.O_RDWR)
    # The first part of it could be stored.
    data = np.array([7.0] * 20 + [0.1]).tobytes()
    assert arrays.error_of(os.pwrite, descriptor, data, 1699 * row) == errno.EDOM
    assert np.array_equal(whole(parts), wanted)
    assert os.pwrite(descriptor, np.array([0.5, np.nan, -0.0]).tobytes(), 1750 * row) == 24
    assert np.array_equal(np.load(parts / "c.npy")[50, :3], np.array([0.5, np.nan, -0.0], "f4"), equal_nan=True)
    os.close(descriptor)
    mount.wait_for_log("c.npy.*cannot hold exactly")


def test_a_map_loses_what_cannot_be_stored_and_nothing_else(parts, mount):
    wanted = whole(parts)
    array = np.load(mount / "all.npy", mmap_mode="r+")
    array[1690:1720, 1] = 2.5
    array[1710, 1] = 0.1
    with pytest.raises(OSError) as failure:
        array.flush()
    assert failure.value.errno == errno.EDOM
    before = wanted[1710, 1]
    wanted[1690:1720, 1] = 2.5
    wanted[1710, 1] = before
    assert np.array_equal(whole(parts), wanted)
    ndcat.wait_until(lambda: array[1710, 1] == before, what="the map shows what is there")
    array[1711, 2] = 8.5
    wanted[1711, 2] = 8.5
    array.flush()
    assert np.array_equal(whole(parts), wanted)


@pytest.mark.parametrize("kind", "SU")
def test_a_text_that_is_too_long_for_its_source_is_not_cut(folder, kind):
    np.save(folder / "a.npy", np.array(["abc"] * 4, f"{kind}3"))
    np.save(folder / "b.npy", np.array(["abcde"] * 4, f"{kind}5"))
    arrays.write_manifest(folder / "all.json", {"concatenate": ["a.npy", "b.npy"], "mode": "r+"})
    with ndcat.Mount(folder, "-o", "rw") as mount:
        array = np.load(mount / "all.npy", mmap_mode="r+")
        array[1], array[2], array[5] = "vwxyz", "xyz", "vwxyz"
        assert arrays.error_of(array.flush) == errno.EDOM
    assert np.array_equal(np.load(folder / "a.npy"), np.array(["abc", "abc", "xyz", "abc"], f"{kind}3"))
    assert np.array_equal(np.load(folder / "b.npy"), np.array(["abcde", "vwxyz", "abcde", "abcde"], f"{kind}5"))


def test_a_field_is_what_was_stored_last_whole(folder):
    """Never some bytes of one store and some of another."""
    dtype = np.dtype([("a", "<i4"), ("b", "S3"), ("c", "<f8", (2,))])
    np.save(folder / "a.npy", np.zeros(3, dtype))
    arrays.write_manifest(folder / "all.json", {"concatenate": ["a.npy"], "mode": "r+"})
    with ndcat.Mount(folder, "-o", "rw") as mount:
        array = np.load(mount / "all.npy", mmap_mode="r+")
        assert array["a"][1] == 0  # the page is in memory
        by_hand = np.load(folder / "a.npy", mmap_mode="r+")
        by_hand[1] = (0x0102, b"abc", (1.5, 2.5))
        by_hand.flush()
        array["a"][1], array["b"][1], array["c"][1, 0] = 0x0300, b"x", 2.0
        array.flush()
    wanted = np.array([(0, b"", (0, 0)), (0x0300, b"x", (2.0, 2.5)), (0, b"", (0, 0))], dtype)
    assert np.load(folder / "a.npy").tobytes() == wanted.tobytes()


def test_the_header_is_what_the_manifest_says(parts, mount):
    head = (mount / "all.npy").read_bytes()[:128]
    with open(mount / "all.npy", "r+b") as file:
        assert os.pwrite(file.fileno(), head, 0) == 128
        assert arrays.error_of(os.pwrite, file.fileno(), b"\x93NUMPX", 0) == errno.EPERM
        with mmap.mmap(file.fileno(), 0) as mapped:
            mapped[128:136] = np.array([4.5]).tobytes()
            mapped.flush()
            mapped[60:61] = b"!"
            assert arrays.error_of(mapped.flush) == errno.EPERM
    assert (mount / "all.npy").read_bytes()[:128] == head
    assert np.load(parts / "a.npy")[0, 0] == 4.5


@pytest.mark.parametrize("what", ["header", "end", "value"])
def test_what_is_refused_is_not_written_by_a_store_beside_it(parts, mount, what):
    """The kernel's page shows it until it is dropped, and whoever has the page mapped may store to it before that."""
    wanted, header = whole(parts), 128
    offset, data, error = {"header": (60, b"!", errno.EPERM),
                           "end": (header + 2000 * 40 - 8, np.ones(2).tobytes(), errno.EFBIG),
                           "value": (header + 1800 * 40, np.array([0.1]).tobytes(), errno.EDOM)}[what]
    position = 1990 if what == "end" else 0 if what == "header" else 1801
    with open(mount / "all.npy", "r+b") as file:
        for turn in range(50):
            array = np.memmap(file, "f8", "r+", offset=header, shape=(2000, 5))
            array[position, 0] = turn
            array.flush()
            assert arrays.error_of(os.pwrite, file.fileno(), data, offset) == error
            array[position, 0] = wanted[position, 0] = -turn
            array.flush()
            assert np.array_equal(whole(parts), wanted)
            ndcat.wait_until(lambda: np.array_equal(array, wanted), what="the map shows what is there")


def test_files_keep_their_size(parts, mount):
    size = 2000 * 40
    with open(mount / "all.raw", "r+b", buffering=0) as file:
        assert arrays.error_of(os.pwrite, file.fileno(), b"x" * 8, size) == errno.EFBIG
        assert arrays.error_of(os.pwrite, file.fileno(), b"x" * 16, size - 8) == errno.EFBIG
        assert arrays.error_of(os.ftruncate, file.fileno(), size) == 0
        assert arrays.error_of(os.truncate, mount / "all.raw", size) == 0
        for other in 0, 100, size + 1:
            assert arrays.error_of(os.ftruncate, file.fileno(), other) == errno.EPERM
            assert arrays.error_of(os.truncate, mount / "all.raw", other) == errno.EPERM
        assert arrays.error_of(os.posix_fallocate, file.fileno(), 0, size) == errno.EPERM
    mount.wait_for_log("all.json: its files cannot be emptied or get another size")
    assert arrays.error_of(os.open, mount / "all.raw", os.O_WRONLY | os.O_TRUNC) == errno.EPERM
    with open(mount / "all.raw", "ab", buffering=0) as file:
        assert arrays.error_of(file.write, b"x" * 8) == errno.EFBIG
    assert os.path.getsize(mount / "all.raw") == size
    assert [os.path.getsize(parts / f"{n}.npy") for n in "abc"] == [128 + 40000, 128 + 28000, 128 + 6000]


@pytest.mark.parametrize("options", [[], ["-s"]], ids=["", "-s"])
def test_programs_that_write(parts, tmp_path, options):
    wanted = whole(parts) + 1
    wanted.tofile(tmp_path / "new")
    with ndcat.Mount(parts, "-o", "rw", *options) as mount:
        subprocess.run(["dd", f"if={tmp_path}/new", f"of={mount}/all.raw", "bs=777", "conv=notrunc,fsync"],
                       check=True, stderr=subprocess.DEVNULL)
        assert np.array_equal(whole(parts), wanted)
        with open(mount / "all.raw", "r+b") as file, open(mount / "all.npy", "rb") as other:
            copied = os.copy_file_range(other.fileno(), file.fileno(), 400, 128 + 8000, 100 * 40)
            assert copied == 400
        wanted[100:110] = wanted[200:210]
        assert np.array_equal(whole(parts), wanted)
        wanted[3] = 9
        with open(mount / "all.raw", "r+b", buffering=0, opener=lambda p, f: os.open(p, f | os.O_SYNC)) as file:
            file.seek(3 * 40)
            file.write(wanted[3].tobytes())
        assert np.array_equal(np.load(mount / "all.npy"), wanted)


def test_neighbours_in_a_page_that_others_wrote_meanwhile_are_kept(parts, mount):
    """By hand, by another virtual file, by another process: a map never puts back what it saw before."""
    arrays.write_manifest(parts / "other.json", {"concatenate": ["b.npy", "a.npy"], "mode": "r+"})
    wanted = whole(parts)
    array = np.load(mount / "all.npy", mmap_mode="r+")
    assert np.array_equal(array, wanted)  # every page is in memory now
    by_hand = np.load(parts / "a.npy", mmap_mode="r+")
    by_hand[1::4] = -2
    by_hand.flush()
    other = np.load(mount / "other.npy", mmap_mode="r+")
    other[700 + 2::4] = -3
    other.flush()
    array[3:1000:4] = -4
    array.flush()
    wanted[1:1000:4], wanted[2:1000:4], wanted[3:1000:4] = -2, -3, -4
    assert np.array_equal(whole(parts), wanted)
    for name in "all.npy", "all.raw":  # whoever opens it now sees all of it
        assert (mount / name).read_bytes().endswith(wanted.tobytes()), name


def test_who_has_it_open_shares_one_file(parts, mount):
    """A write ends nobody's open file, and is seen in maps of the same name at once."""
    first = np.load(mount / "all.npy", mmap_mode="r+")
    number = os.stat(mount / "all.npy").st_ino
    first[0] = 11
    first.flush()
    second = np.load(mount / "all.npy", mmap_mode="r+")
    second[1] = 12
    assert first[1, 0] == 12 and second[0, 0] == 11
    assert os.stat(mount / "all.npy").st_ino == number


def test_times_move_with_writes(parts, mount):
    os.utime(parts / "a.npy", (10**9, 10**9))
    before = os.stat(mount / "all.raw").st_mtime_ns
    with open(mount / "all.raw", "r+b") as file:
        file.write(b"12345678")
    assert os.stat(mount / "all.raw").st_mtime_ns > before


def test_the_kernel_asks_for_privileges_once_where_it_can_be_told(parts):
    """Before every write it does otherwise; telling takes libfuse 3.17."""
    with ndcat.Mount(parts, "-o", "rw,debug") as mount:
        descriptor = os.open(mount / "all.raw", os.O_WRONLY)
        for row in range(10):
            assert os.pwrite(descriptor, bytes(40), 40 * row) == 40
        os.close(descriptor)
        asked = len(re.findall(r"opcode: GETXATTR", mount.log()))
        assert asked <= 1 if ndcat.libfuse_version() >= (3, 17, 0) else asked == 10


def test_more_pages_than_are_remembered(folder):
    """Memory is bounded: the oldest pages are given up, written back first, while maps go on storing to them."""
    rows = 25 << 20
    zeros = np.lib.format.open_memmap(folder / "a.npy", "w+", "<f4", (rows,))
    del zeros
    arrays.write_manifest(folder / "all.json", {"concatenate": ["a.npy"], "mode": "r+"})
    with ndcat.Mount(folder, "-o", "rw") as mount:
        array = np.memmap(mount / "all.raw", "f4", "r+")
        array[::512] = 1  # half a page: every page is read, and stored to
        assert np.count_nonzero(array[:1 << 20]) == (1 << 20) // 512
        array[256::512] = 2
        array.flush()
        if ndcat.SLOW == 1:  # sanitizers have shadows of all memory
            assert mount.memory() < 200 << 20, mount.memory()
        del array
        wanted = np.zeros(rows, "f4")
        wanted[::512], wanted[256::512] = 1, 2
        assert np.array_equal(np.load(folder / "a.npy", mmap_mode="r"), wanted)


def test_a_source_that_is_replaced_or_cut_is_not_written(parts, mount):
    descriptor = os.open(mount / "all.raw", os.O_RDWR)
    np.save(parts / "new.npy", np.load(parts / "b.npy"))
    os.rename(parts / "new.npy", parts / "b.npy")
    before = (parts / "b.npy").read_bytes()
    assert arrays.error_of(os.pwrite, descriptor, b"x" * 80, 1100 * 40) in (errno.ESTALE, errno.EIO)
    os.truncate(parts / "a.npy", 5000)
    assert arrays.error_of(os.pwrite, descriptor, b"x" * 80, 900 * 40) in (errno.ESTALE, errno.EIO)
    assert os.path.getsize(parts / "a.npy") == 5000 and (parts / "b.npy").read_bytes() == before
    os.close(descriptor)


@pytest.mark.needs_root
def test_permissions_are_the_narrowest(parts):
    os.chmod(parts / "a.npy", 0o664)
    os.chmod(parts / "b.npy", 0o646)
    os.chmod(parts / "c.npy", 0o666)
    for path in [parts, *parts.parents]:
        if path != pathlib.Path("/") and path.stat().st_uid == os.getuid():
            os.chmod(path, path.stat().st_mode | 0o055)
    with ndcat.Mount(parts, "-o", "rw,allow_other") as mount:
        assert os.stat(mount / "all.raw").st_mode & 0o777 == 0o644
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        code = "os.open(sys.argv[1], os.O_RDWR)"
        assert b"PermissionError" in arrays.python(code, mount / "all.raw", prefix=as_nobody).stderr
        os.chmod(parts / "a.npy", 0o666)
        os.chmod(parts / "b.npy", 0o666)
        assert arrays.python(code, mount / "all.raw", prefix=as_nobody).returncode == 0


@pytest.mark.needs_root
def test_a_source_on_a_read_only_mount_is_refused_at_open(parts, tmp_path):
    (tmp_path / "ro").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", tmp_path / "ro"], check=True)
    try:
        np.save(tmp_path / "ro" / "d.npy", np.zeros((3, 5)))
        subprocess.run(["mount", "-o", "remount,ro", tmp_path / "ro"], check=True)
        arrays.write_manifest(parts / "all.json",
                              {"concatenate": ["a.npy", str(tmp_path / "ro" / "d.npy")], "mode": "r+"})
        with ndcat.Mount(parts, "-o", f"rw,sources={tmp_path}") as mount:
            assert arrays.error_of(os.open, mount / "all.raw", os.O_RDWR) == errno.EROFS
            mount.wait_for_log("d.npy")
            assert (mount / "all.raw").read_bytes()
    finally:
        subprocess.run(["umount", tmp_path / "ro"], check=True)


@pytest.mark.needs_root
@pytest.mark.parametrize("way", ["write", "map"])
def test_a_full_disk_is_told_to_the_writer(folder, small_disk, way):
    """A sparse source, where each page that is written needs room; what did fit is there, and the size stays."""
    size = 8 << 20
    with open(small_disk / "sparse", "wb") as file:
        file.truncate(size)
    source = {"path": str(small_disk / "sparse"), "dtype": "u1", "shape": [size]}
    arrays.write_manifest(folder / "all.json", {"concatenate": [source], "mode": "r+"})
    # A map of a sparse file in memory takes room for what is only read through it.
    options = f"rw,without=maps,sources={small_disk}"
    with ndcat.Mount(folder, "-o", options) as mount, open(mount / "all.raw", "r+b") as file:
        if way == "write":
            os.pwrite(file.fileno(), b"x" * 4096, 0)
            written = 0
            with pytest.raises(OSError) as failure:
                while written < size:
                    written += os.pwrite(file.fileno(), b"x" * (1 << 20), written)
        else:
            with mmap.mmap(file.fileno(), 0) as mapped:
                mapped[:4096] = b"x" * 4096
                mapped.flush()
                with pytest.raises(OSError) as failure:
                    mapped[:] = b"x" * size
                    mapped.flush()
        assert failure.value.errno == errno.ENOSPC
        mount.wait_for_log("sparse.*[Nn]o space")
        assert os.path.getsize(small_disk / "sparse") == size
        assert (small_disk / "sparse").read_bytes()[:4096] == b"x" * 4096
        os.fsync(file.fileno())  # what was told once is not told again


@pytest.mark.parametrize("after", [0.0, 0.01, 0.05, 0.1, 0.2])
def test_what_fsync_covered_survives_a_kill(folder, after):
    """Rows are written in rising order through a map, and flushed; the daemon dies at some moment."""
    np.save(folder / "a.npy", np.zeros((4000, 5)))
    np.save(folder / "b.npy", np.zeros((4000, 5), ">f8"))
    heads = [(folder / name).read_bytes()[:128] for name in ("a.npy", "b.npy")]
    arrays.write_manifest(folder / "all.json", {"concatenate": ["a.npy", "b.npy"], "axis": 1, "mode": "r+"})
    with ndcat.Mount(folder, "-o", "rw", expect_exit=-9) as mount:
        code = """
array = np.load(sys.argv[1], mmap_mode='r+')
print(0, flush=True)
for row in range(0, 4000, 3):
    array[row:row + 3] = row + 1
    array.flush()
    print(row + 3, flush=True)
"""
        writer = arrays.start_python(code, mount / "all.npy", stderr=subprocess.DEVNULL)
        assert writer.stdout.readline() == b"0\n"
        time.sleep(after)
        mount.process.kill()
        done = int((b"0\n" + writer.communicate(timeout=60)[0]).split()[-1])
        mount.wait()
    rows = np.arange(0, 4000, 3).repeat(3)[:4000] + 1
    for name, head in zip(("a.npy", "b.npy"), heads):
        assert (folder / name).read_bytes()[:128] == head
        array = np.load(folder / name)
        assert np.array_equal(array[:done, 0], rows[:done]) and not array[done + 3:].any()
