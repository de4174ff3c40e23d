"""Sources that go away under the mount: the reader gets an error, the log says why, all else goes on."""

import errno
import mmap
import os
import signal
from typing import NamedTuple

import numpy as np
import pytest

import arrays
import ndcat

GONE = (errno.EIO, errno.ESTALE)


class Way(NamedTuple):
    """Files of some size, and the mount options that say how they are read."""
    rows: int  # of 40 bytes
    options: tuple = ()


SMALL, LARGE = Way(4000), Way(400000)  # a few pages, read by pread; several MiB, mapped
every_way = pytest.mark.parametrize("way", [
    pytest.param(SMALL, id="small"),
    pytest.param(LARGE, id="large"),
    pytest.param(Way(4000, ("-o", "force=maps:prefetch:drop_behind")), id="small_mapped"),
    pytest.param(Way(400000, ("-o", "force=prefetch:drop_behind")), id="large_dropped"),
    pytest.param(Way(400000, ("-o", "without=maps:prefetch")), id="large_by_pread"),
])


@pytest.fixture(params=[SMALL, LARGE], ids=["small", "large"])
def way(request):
    return request.param


@pytest.fixture
def parts(way, folder):
    """all.json of a.npy and b.npy; good.json."""
    wanted = arrays.two_parts(folder, way.rows)
    np.save(folder / "good.npy", np.arange(3000.0))
    arrays.write_manifest(folder / "good.json", {"path": "good.npy"})
    return wanted


def good_goes_on(mount):
    with open(mount / "good.raw", "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    assert np.array_equal(np.load(mount / "good.npy"), np.arange(3000.0))


def truncate(path):
    os.truncate(path, 5000)


def truncate_within_the_last_page(path):
    os.truncate(path, os.path.getsize(path) - 8)


def replace(path):
    np.save(f"{path}.new.npy", np.zeros((3, 5)))
    os.replace(f"{path}.new.npy", path)


def replace_by_equal_size(path):
    array = np.load(path)
    np.save(f"{path}.new.npy", array + 1)
    os.replace(f"{path}.new.npy", path)


def delete(path):
    os.remove(path)


@every_way
@pytest.mark.parametrize("damage", [truncate, truncate_within_the_last_page, replace, replace_by_equal_size, delete])
def test_damage_to_a_source_of_an_open_file(folder, way, parts, damage):
    with ndcat.Mount(folder, *way.options) as mount, open(mount / "all.raw", "rb") as file:
        assert os.pread(file.fileno(), 16, 0) == parts.tobytes()[:16]
        damage(folder / "b.npy")
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        assert arrays.pread_error(file.fileno(), 100000, parts.nbytes - 60000) in GONE
        mount.wait_for_log(r"all.*b\.npy|b\.npy.*all")
        assert arrays.pread_error(file.fileno(), 100, parts.nbytes - 100) in GONE
        good_goes_on(mount)
        assert mount.process.poll() is None


@pytest.mark.parametrize("damage", [truncate, truncate_within_the_last_page, delete])
def test_damage_to_a_source_that_is_not_open(folder, parts, damage):
    with ndcat.Mount(folder) as mount:
        assert (mount / "all.raw").read_bytes() == parts.tobytes()
        damage(folder / "b.npy")
        assert not (mount / "all.raw").exists()
        assert "b.npy" in (mount / "all.error").read_text()
        good_goes_on(mount)
        np.save(folder / "b.npy", parts[-100:])
        assert np.array_equal(np.load(mount / "all.npy")[-100:], parts[-100:])


def test_a_source_that_comes_back_serves_new_opens(folder, parts):
    with ndcat.Mount(folder) as mount, open(mount / "all.raw", "rb") as old:
        os.rename(folder / "b.npy", folder / "away.npy")
        assert arrays.pread_error(old.fileno(), 4096, parts.nbytes - 4096) in (*GONE, 0)
        assert not (mount / "all.npy").exists()
        os.rename(folder / "away.npy", folder / "b.npy")
        assert (mount / "all.npy").read_bytes() == arrays.saved(parts)


@every_way
def test_parts_that_are_whole_are_still_served_or_refused_but_never_wrong(folder, way, parts):
    wanted = parts.tobytes()
    with ndcat.Mount(folder, *way.options) as mount, open(mount / "all.raw", "rb") as file:
        truncate(folder / "b.npy")
        for offset in range(0, parts.nbytes, parts.nbytes // 50):
            try:
                got = os.pread(file.fileno(), 4096, offset)
            except OSError as error:
                assert error.errno in GONE
            else:
                # A read that fails half way ends where it got to, as POSIX has it.
                assert got and got == wanted[offset:offset + len(got)]


def test_only_readers_through_a_map_get_sigbus(folder, parts):
    with ndcat.Mount(folder) as mount:
        code = """
array = np.load(sys.argv[1], mmap_mode='r')
os.truncate(sys.argv[2], 5000)
print(float(array[-1, -1]))
"""
        done = arrays.python(code, mount / "all.npy", folder / "b.npy")
        assert done.returncode == -signal.SIGBUS, done
        good_goes_on(mount)
        assert mount.process.poll() is None


def test_damage_while_reads_are_going_on(folder):
    """Truncated and restored at any moment: every read gives right bytes or an error."""
    array = arrays.distinct((2000, 500))
    np.save(folder / "a.npy", array)
    np.save(folder / "b.npy", array)
    content = (folder / "b.npy").read_bytes()
    arrays.write_manifest(folder / "all.json", {"concatenate": ["a.npy", "b.npy"], "axis": 1})
    np.save(folder / "wanted.npy", np.concatenate([array, array], axis=1))
    code = """
wanted = np.load(sys.argv[2]).tobytes()
failed = 0
while os.path.exists(sys.argv[3]):
    try:
        number = os.open(sys.argv[1], os.O_RDONLY)
    except OSError:
        failed += 1
        continue
    try:
        for offset in range(0, len(wanted), 1 << 20):
            got = os.pread(number, 1 << 20, offset)
            if not got or got != wanted[offset:offset + len(got)]:
                raise SystemExit(f'wrong bytes at {offset}: {len(got)}')
            failed += len(got) < min(1 << 20, len(wanted) - offset)
    except OSError:
        failed += 1
    os.close(number)
print(failed)
"""
    (folder / "go").touch()
    with ndcat.Mount(folder) as mount:
        readers = [arrays.start_python(code, mount / "all.raw", folder / "wanted.npy", folder / "go", stderr=-2)
                   for _ in range(2)]
        with open(folder / "b.npy", "r+b") as file:
            for n in range(150):
                file.truncate(n * 3001 % len(content))
                file.seek(0)
                file.write(content)
                file.flush()
                # The same bytes again: whoever reads meanwhile must not be given the zeros of a file half written.
        os.remove(folder / "go")
        for reader in readers:
            output = reader.communicate(timeout=60)[0]
            assert reader.returncode == 0, output
        assert (mount / "all.raw").read_bytes() == np.load(folder / "wanted.npy").tobytes()


@pytest.mark.needs_root
def test_an_unreadable_source(folder, parts):
    """Root reads everything, so the source is made unreadable by being no regular file any more."""
    with ndcat.Mount(folder) as mount:
        assert (mount / "all.raw").exists()
        os.remove(folder / "b.npy")
        os.mkfifo(folder / "b.npy")
        text = (mount / "all.error").read_text()
        assert "b.npy" in text and ("FIFO" in text or "pipe" in text)
        os.remove(folder / "b.npy")
        os.mkdir(folder / "b.npy")
        assert "directory" in (mount / "all.error").read_text() or "folder" in (mount / "all.error").read_text()
        good_goes_on(mount)


@every_way
def test_direct_reads_of_damaged_sources(folder, way, parts):
    with ndcat.Mount(folder, *way.options) as mount:
        number = os.open(mount / "all.raw", os.O_RDONLY | os.O_DIRECT)
        truncate(folder / "b.npy")
        buffer = mmap.mmap(-1, 1 << 16)
        with pytest.raises(OSError) as failure:
            os.preadv(number, [buffer], (parts.nbytes - 40000) // 4096 * 4096)
        assert failure.value.errno in GONE
        os.close(number)


@pytest.mark.needs_root
@pytest.mark.deadline(120)
def test_a_vanished_disk_blocks_only_its_own_readers(folder, tmp_path):
    """The vanished disk is another FUSE file system whose daemon stands still."""
    disk = tmp_path / "disk"
    disk.mkdir()
    for n in range(20):
        arrays.write_manifest(disk / f"d{n}.json", {"full": n, "shape": [500000], "dtype": "f8", "views": ["raw"]})
    np.save(folder / "a.npy", np.arange(100000.0))
    arrays.write_manifest(folder / "fast.json", {"path": "a.npy"})
    with ndcat.Mount(disk) as remote, ndcat.Mount(folder, "-o", f"sources={remote}") as mount:
        for n in range(20):
            arrays.write_manifest(folder / f"slow{n}.json", {
                "path": f"{remote}/d{n}.raw", "dtype": "f8", "shape": [500000]})
        files = [open(mount / f"slow{n}.raw", "rb") for n in range(20)]
        os.kill(remote.process.pid, signal.SIGSTOP)
        try:
            code = "print(len(open(sys.argv[1], 'rb').read()), flush=True)"
            readers = [arrays.start_python(code, f"/proc/{os.getpid()}/fd/{file.fileno()}") for file in files]
            openers = [arrays.start_python(code, mount / f"slow{n}.raw") for n in range(20)]
            fast = arrays.python(
                "import time; time.sleep(1)\n"
                "for n in range(20):\n"
                "    number = os.open(sys.argv[1], os.O_RDONLY)\n"
                "    os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)\n"
                "    assert len(os.read(number, 1 << 20)) == 800000\n"
                "    os.close(number)\n", mount / "fast.raw", timeout=20 * ndcat.SLOW)
            assert fast.returncode == 0, fast.stderr
            arrays.write_manifest(folder / "fresh.json", {"path": "a.npy"})
            fresh = arrays.python("assert np.load(sys.argv[1])[-1] == 99999", mount / "fresh.npy",
                                  timeout=20 * ndcat.SLOW)
            assert fresh.returncode == 0, fresh.stderr
        finally:
            os.kill(remote.process.pid, signal.SIGCONT)
        for reader in readers + openers:
            assert reader.communicate(timeout=30 * ndcat.SLOW)[0].strip() == b"4000000"
        for file in files:
            file.close()


@pytest.mark.needs_root
def test_a_disk_that_is_gone_for_good(folder, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    arrays.write_manifest(disk / "d.json", {"full": 3, "shape": [500000], "dtype": "f8", "views": ["raw"]})
    np.save(folder / "good.npy", np.arange(3000.0))
    arrays.write_manifest(folder / "good.json", {"path": "good.npy"})
    with ndcat.Mount(disk, expect_exit=-signal.SIGKILL) as remote:
        with ndcat.Mount(folder, "-o", f"sources={remote}") as mount:
            arrays.write_manifest(folder / "x.json", {"path": f"{remote}/d.raw", "dtype": "f8", "shape": [500000]})
            with open(mount / "x.raw", "rb") as file:
                os.kill(remote.process.pid, signal.SIGKILL)
                remote.wait()
                number = arrays.pread_error(file.fileno(), 100000, 3000000)
                assert number in (*GONE, errno.ENOTCONN), os.strerror(number)
                good_goes_on(mount)
                assert not (mount / "x.raw").exists()
