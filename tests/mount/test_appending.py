"""Appending through the raw view: what grows, who sees it when, what is refused, and what a kill leaves."""

import errno
import json
import mmap
import os
import shutil
import subprocess
import threading
import time

import numpy as np
import pytest

import arrays
import ndcat

ROW = 5
TAILS = ["tail.raw", "tail.npy"]


def rows(count, first=0):
    return arrays.distinct((count, ROW), first=first)


def make(folder, tail, count=7, order="C", **more):
    """all.json of head.npy with 10 rows and the tail; returns the whole array. In F order rows are columns."""
    head, last = rows(10), rows(count, 1000)
    source = tail
    if order == "F":
        head, last = np.asfortranarray(head.T), np.asfortranarray(last.T)
    np.save(folder / "head.npy", head)
    if tail.endswith(".npy"):
        np.save(folder / tail, last)
    else:
        (folder / tail).write_bytes(last.tobytes("A"))
        source = {"path": tail, "dtype": "f8", "shape": [-1, ROW] if order == "C" else [ROW, -1], "order": order}
    axis = 0 if order == "C" else 1
    arrays.write_manifest(folder / "all.json", {"concatenate": ["head.npy", source], "axis": axis, "mode": "r+",
                                                "append": tail} | more)
    return np.concatenate([head, last], axis)


def cat(chunk, path):
    """As a shell does."""
    with open(path, "ab") as output:
        subprocess.run(["cat"], input=chunk, stdout=output, check=True, timeout=30)


def check(mount, wanted):
    """All three views, as somebody sees them who opens them now."""
    assert np.array_equal(np.load(mount / "all.npy"), wanted)
    mapped = np.load(mount / "all.npy", mmap_mode="r")
    assert mapped.shape == wanted.shape and np.array_equal(mapped, wanted)
    assert (mount / "all.raw").read_bytes() == wanted.tobytes("A")
    assert os.path.getsize(mount / "all.raw") == wanted.nbytes
    assert json.loads((mount / "all.json").read_text())["shape"] == list(wanted.shape)


def stored(folder, tail):
    """What is in the tail, past the mount."""
    if tail.endswith(".npy"):
        return np.load(folder / tail)
    return np.fromfile(folder / tail).reshape(-1, ROW)


@pytest.fixture(params=TAILS)
def tail(request):
    return request.param


@pytest.mark.parametrize("order", ["C", "F"])
def test_cat_appends(folder, tail, order):
    wanted = make(folder, tail, order=order)
    with ndcat.Mount(folder, "-o", "rw") as mount:
        for turn in range(3):
            more = rows(4 + turn, 2000 + 100 * turn)
            cat(more.tobytes(), mount / "all.raw")
            wanted = np.concatenate([wanted, more if order == "C" else more.T], 0 if order == "C" else 1)
            check(mount, wanted)
            if order == "C":
                assert np.array_equal(stored(folder, tail), wanted[10:])
    assert np.array_equal(np.load(folder / "head.npy"), rows(10) if order == "C" else rows(10).T)


def test_a_row_that_is_not_complete_waits(folder, tail):
    wanted = make(folder, tail)
    more = rows(2, 3000)
    data = more.tobytes()
    with ndcat.Mount(folder, "-o", "rw") as mount:
        cat(data[:13], mount / "all.raw")
        check(mount, wanted)
        cat(data[13:47], mount / "all.raw")
        check(mount, np.concatenate([wanted, more[:1]]))
        with open(mount / "all.raw", "ab") as file:
            assert file.tell() == wanted.nbytes + 47  # who appends sees what waits
            assert os.fstat(file.fileno()).st_size == wanted.nbytes + 47
            file.write(data[47:])
        check(mount, np.concatenate([wanted, more]))


def test_an_empty_tail_is_a_beginning(folder, tail):
    wanted = make(folder, tail, 0)
    with ndcat.Mount(folder, "-o", "rw") as mount:
        check(mount, wanted)
        cat(rows(3).tobytes(), mount / "all.raw")
        check(mount, np.concatenate([wanted, rows(3)]))


def test_a_tail_alone(folder):
    (folder / "log.raw").write_bytes(b"")
    arrays.write_manifest(folder / "all.json", {"path": "log.raw", "dtype": "u2", "shape": [-1], "mode": "r+",
                                                "append": "log.raw"})
    with ndcat.Mount(folder, "-o", "rw") as mount:
        cat(b"\1\0\2\0\3", mount / "all.raw")
        check(mount, np.array([1, 2], "u2"))


def test_writing_at_the_end_appends(folder, tail):
    wanted = make(folder, tail)
    more = [rows(1, 100 * n) for n in range(1, 6)]
    with ndcat.Mount(folder, "-o", "rw") as mount:
        with open(mount / "all.raw", "r+b", buffering=0) as file:
            for row in more[:3]:
                assert file.seek(0, os.SEEK_END) % row.nbytes == 0
                assert file.write(row.tobytes()) == row.nbytes
            # Whoever has it open to write sees what was written there, and may write it again.
            assert os.pread(file.fileno(), 1000, wanted.nbytes) == b"".join(r.tobytes() for r in more[:3])
            os.pwrite(file.fileno(), more[3].tobytes(), wanted.nbytes)
            whole = np.concatenate([wanted, more[3], *more[1:3]])
            check(mount, whole)
        descriptor = os.open(mount / "all.raw", os.O_WRONLY)
        # Over the border: the last row that there is, and one more.
        assert os.pwrite(descriptor, rows(2, 9000).tobytes(), whole.nbytes - 40) == 80
        os.close(descriptor)
        whole = np.concatenate([whole[:-1], rows(2, 9000)])
        check(mount, whole)
        subprocess.run(["dd", f"of={mount}/all.raw", "bs=40", "oflag=seek_bytes", f"seek={whole.nbytes}", "conv=notrunc"],
                       input=more[4].tobytes(), check=True, stderr=subprocess.DEVNULL, timeout=30)
        check(mount, np.concatenate([whole, more[4]]))
    assert np.array_equal(stored(folder, tail), np.concatenate([whole, more[4]])[10:])


def test_long_direct_writes_at_the_end_stay_in_order(folder):
    """The kernel would send the parts of one write all at once; none may overtake another."""
    size, count = 8 << 20, 5
    (folder / "tail.raw").write_bytes(b"")
    source = {"path": "tail.raw", "dtype": "<u4", "shape": [-1]}
    arrays.write_manifest(folder / "all.json", {"concatenate": [source], "mode": "r+", "append": "tail.raw"})
    wanted = np.arange(size // 4, dtype="<u4")
    with ndcat.Mount(folder, "-o", "rw") as mount, mmap.mmap(-1, size) as data:
        data[:] = wanted.tobytes()
        for number in range(count):
            descriptor = os.open(mount / "all.raw", os.O_WRONLY | os.O_DIRECT)
            assert os.pwrite(descriptor, data, number * size) == size
            os.close(descriptor)
    assert np.array_equal(np.fromfile(folder / "tail.raw", "<u4"), np.tile(wanted, count))


def test_maps_of_what_was_written_at_the_end(folder, tail):
    """A page that holds the old end and the new rows comes back from a map: neither loses a byte."""
    wanted = make(folder, tail)
    with ndcat.Mount(folder, "-o", "rw") as mount, open(mount / "all.raw", "r+b", buffering=0) as file:
        old = np.memmap(file, "f8", "r+", shape=wanted.shape)
        old[0, 0] = -1
        file.seek(0, os.SEEK_END)
        file.write(rows(200, 5000).tobytes())
        old[1, 1] = -2
        with mmap.mmap(file.fileno(), 0) as mapped:
            grown = np.frombuffer(mapped, "f8").reshape(-1, ROW)
            assert grown.shape == (217, ROW)
            grown[17:217:3, 2] = -3
            mapped.flush()
            wanted = np.concatenate([wanted, rows(200, 5000)])
            wanted[17:217:3, 2] = -3
            wanted[0, 0], wanted[1, 1] = -1, -2
            del grown
        del old
        check(mount, wanted)


def test_nothing_is_filled_and_nothing_of_others_is_overwritten(folder, tail):
    wanted = make(folder, tail)
    with ndcat.Mount(folder, "-o", "rw") as mount:
        descriptor = os.open(mount / "all.raw", os.O_RDWR)
        assert arrays.error_of(os.pwrite, descriptor, b"x", wanted.nbytes + 1) == errno.EFBIG
        for size in 0, wanted.nbytes - 40, wanted.nbytes + 40:
            assert arrays.error_of(os.ftruncate, descriptor, size) == errno.EPERM
        assert arrays.error_of(os.posix_fallocate, descriptor, 0, wanted.nbytes + 40) == errno.EPERM
        for flags in os.O_TRUNC, os.O_TRUNC | os.O_APPEND:
            assert arrays.error_of(os.open, mount / "all.raw", os.O_WRONLY | flags) == errno.EPERM
        cat(rows(1, 77).tobytes(), mount / "all.raw")
        assert arrays.error_of(os.pwrite, descriptor, rows(1).tobytes(), wanted.nbytes) == errno.ESTALE
        mount.wait_for_log("tail.*has more at its end")
        os.close(descriptor)
        check(mount, np.concatenate([wanted, rows(1, 77)]))
        with open(mount / "all.npy", "ab", buffering=0) as file:
            assert arrays.error_of(file.write, b"x" * 40) == errno.EFBIG
        mount.wait_for_log("raw view only")


def test_a_row_that_waits_is_not_overwritten_and_who_tries_is_told(folder, tail):
    wanted = make(folder, tail)
    with ndcat.Mount(folder, "-o", "rw") as mount:
        cat(b"abc", mount / "all.raw")
        for _ in range(2):  # to open it anew changes nothing
            with open(mount / "all.raw", "r+b", buffering=0) as file:
                assert arrays.error_of(os.pwrite, file.fileno(), rows(1).tobytes(), wanted.nbytes) == errno.ESTALE
        mount.wait_for_log(f"{tail}: has 3 bytes at its end of a row that has 40; only by O_APPEND")
        assert (folder / tail).read_bytes().endswith(wanted.tobytes()[400:] + b"abc")


def test_who_holds_a_map_keeps_its_shape(folder, tail):
    wanted = make(folder, tail)
    with ndcat.Mount(folder, "-o", "rw") as mount:
        held = np.load(mount / "all.npy", mmap_mode="r")
        written = np.load(mount / "all.npy", mmap_mode="r+")
        raw = open(mount / "all.raw", "rb", buffering=0)
        cat(rows(2000, 500).tobytes(), mount / "all.raw")  # the header follows when cat closes the file
        assert held.shape == wanted.shape and np.array_equal(held, wanted)
        assert raw.read() == wanted.tobytes()
        written[12] = 4.5
        written.flush()
        wanted[12] = 4.5
        check(mount, np.concatenate([wanted, rows(2000, 500)]))
        raw.close()


def test_the_header_never_says_more_than_there_is(folder):
    """It follows at fsync and at close; rows that it does not tell of are seen through the mount all the same."""
    wanted = make(folder, "tail.npy")
    with ndcat.Mount(folder, "-o", "rw") as mount, open(mount / "all.raw", "ab", buffering=0) as file:
        file.write(rows(3, 100).tobytes() + b"abc")
        assert np.load(folder / "tail.npy").shape == (7, ROW)
        wanted = np.concatenate([wanted, rows(3, 100)])
        check(mount, wanted)
        os.fsync(file.fileno())
        assert np.array_equal(np.load(folder / "tail.npy"), wanted[10:])
        file.write(rows(1, 200).tobytes()[3:])
    assert np.load(folder / "tail.npy").shape == (11, ROW)


def test_a_header_without_room_is_written_anew(folder):
    """Its owner and mode are kept; who has the old file open is told when it looks."""
    wanted = make(folder, "tail.npy")
    text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (7, 5)}"
    (folder / "tail.npy").write_bytes(b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text + wanted[10:].tobytes())
    os.chmod(folder / "tail.npy", 0o640)
    assert np.array_equal(np.load(folder / "tail.npy"), wanted[10:])
    with ndcat.Mount(folder, "-o", "rw") as mount:
        check(mount, wanted)
        cat(rows(94, 100).tobytes(), mount / "all.raw")
        check(mount, np.concatenate([wanted, rows(94, 100)]))
        mount.wait_for_log("tail.npy: was written anew")
    assert np.array_equal(np.load(folder / "tail.npy"), np.concatenate([wanted, rows(94, 100)])[10:])
    assert os.stat(folder / "tail.npy").st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == ["all.json", "head.npy", "tail.npy"]


def test_growth_from_outside_is_seen_at_the_next_open(folder, tail):
    wanted = make(folder, tail)
    arrays.write_manifest(folder / "glob.json", {"concatenate": ["day-*.npy"]})
    np.save(folder / "day-1.npy", rows(2))
    with ndcat.Mount(folder, "-o", "rw") as mount:
        check(mount, wanted)
        with open(folder / tail, "ab") as file:
            file.write(rows(3, 50).tobytes() + b"1234")
        check(mount, np.concatenate([wanted, rows(3, 50)]))
        assert np.load(mount / "glob.npy").shape == (2, ROW)
        np.save(folder / "day-2.npy", rows(3))
        assert np.load(mount / "glob.npy").shape == (5, ROW)


def test_a_recorder_and_readers(folder, tail):
    """One appends small pieces, the rest read: each sees whole rows, in order, and never fails."""
    wanted = make(folder, tail)
    count = 600
    data = rows(count, 5000)
    failures = []
    done = threading.Event()
    with ndcat.Mount(folder, "-o", "rw") as mount:
        def read():
            seen = 0
            try:
                while not done.is_set():
                    array = np.load(mount / "all.npy", mmap_mode="r")
                    new = len(array) - len(wanted)
                    assert new >= seen and np.array_equal(array[len(wanted):], data[:new]), new
                    raw = (mount / "all.raw").read_bytes()
                    assert len(raw) % 40 == 0 and raw[wanted.nbytes:] == data.tobytes()[:len(raw) - wanted.nbytes]
                    seen = new
            except Exception as error:  # whatever it is
                failures.append(error)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        with open(mount / "all.raw", "ab", buffering=0) as file:
            position, everything = 0, data.tobytes()
            while position < len(everything):
                position += file.write(everything[position:position + 1 + position % 137])
        done.set()
        for reader in readers:
            reader.join(30)
        assert not failures, failures
        check(mount, np.concatenate([wanted, data]))


def test_several_append_at_once(folder, tail):
    """By O_APPEND, each write whole; opened anew each time or kept open; none is lost."""
    wanted = make(folder, tail)
    code = """
path, kept, number = sys.argv[1:]
for row in range(60):
    if row == 0 or kept == 'no':
        file = open(path, 'ab', buffering=0)
    file.write(np.full(5, 1000.0 * int(number) + row).tobytes())
    if kept == 'no':
        file.close()
"""
    with ndcat.Mount(folder, "-o", "rw") as mount:
        writers = [arrays.start_python(code, mount / "all.raw", kept, str(number), stderr=subprocess.PIPE)
                   for number, kept in enumerate(["yes", "no", "no"])]
        for writer in writers:
            assert writer.communicate(timeout=50)[1] == b"" and writer.returncode == 0
        array = np.load(mount / "all.npy")
        assert np.array_equal(array[:17], wanted)
        for number in range(3):
            mine = array[17:][array[17:, 0] // 1000 == number]
            assert np.array_equal(mine, 1000.0 * number + np.arange(60)[:, None].repeat(ROW, 1)), number


def test_long_writes_of_two_programs_stay_whole(folder):
    """Also where the second has opened a file with more rows: no row has bytes of both."""
    width, count = 1_000_003, 4
    (folder / "tail.raw").write_bytes(b"")
    source = {"path": "tail.raw", "dtype": "u1", "shape": [-1, width]}
    arrays.write_manifest(folder / "all.json", {"concatenate": [source], "mode": "r+", "append": "tail.raw"})
    code = """
descriptor = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)
print('open', flush=True)
sys.stdin.readline()
data = bytes([int(sys.argv[2])]) * (4 * 1_000_003)
for _ in range(6):
    assert os.write(descriptor, data) == len(data)
"""
    with ndcat.Mount(folder, "-o", "rw") as mount:
        writers = []
        for number in 1, 2:
            writers.append(arrays.start_python(code, mount / "all.raw", str(number), stdin=subprocess.PIPE))
            assert writers[-1].stdout.readline() == b"open\n"
            cat(b"\0" * width, mount / "all.raw")
        for writer in writers:
            writer.stdin.write(b"\n")
            writer.stdin.flush()
        for writer in writers:
            writer.communicate(timeout=50)
            assert writer.returncode == 0
        array = np.load(mount / "all.npy")
    assert np.array_equal(array.min(1), array.max(1))
    assert sorted(array[:, 0].tolist()) == [0, 0] + [1] * 6 * count + [2] * 6 * count


def test_who_appends_sees_all_that_was_appended(folder, tail):
    """By any name for the size, by reading and through a private map; and it is no other size that is accepted."""
    more = rows(3, 50).tobytes() + b"abc"
    wanted = make(folder, tail).tobytes() + more + more
    with ndcat.Mount(folder, "-o", "rw") as mount, open(mount / "all.raw", "a+b", buffering=0) as file:
        file.write(more)
        cat(more, mount / "all.raw")
        assert os.fstat(file.fileno()).st_size == file.seek(0, os.SEEK_END) == len(wanted)
        file.seek(0)
        assert file.read() == wanted
        assert os.pread(file.fileno(), 1000, len(wanted) - 250) == wanted[-250:]
        with mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ) as mapped:
            assert mapped[:] == wanted
        os.ftruncate(file.fileno(), len(wanted))
        for size in 680, len(wanted) - 1, len(wanted) + 1:
            assert arrays.error_of(os.ftruncate, file.fileno(), size) == errno.EPERM
        assert os.path.getsize(mount / "all.raw") == len(wanted) // 40 * 40


@pytest.mark.parametrize("after", [0.0, 0.02, 0.1, 0.2])
def test_what_fsync_covered_survives_a_kill(folder, tail, after):
    wanted = make(folder, tail)
    code = """
file = open(sys.argv[1], 'ab', buffering=0)
print(0, flush=True)
for row in range(3000):
    data = np.full(5, row + 1.0).tobytes()
    file.write(data[:17])
    file.write(data[17:])
    if row % 3 == 2:
        os.fsync(file.fileno())
        print(row + 1, flush=True)
"""
    with ndcat.Mount(folder, "-o", "rw", expect_exit=-9) as mount:
        writer = arrays.start_python(code, mount / "all.raw", stderr=subprocess.DEVNULL)
        assert writer.stdout.readline() == b"0\n"
        time.sleep(after)
        mount.process.kill()
        done = int((b"0\n" + writer.communicate(timeout=60)[0]).split()[-1])
        mount.wait()
    expected = np.arange(1.0, 3001)[:, None].repeat(ROW, 1)
    if tail.endswith(".npy"):  # as anybody reads it
        array = np.load(folder / tail)
        assert len(array) >= 7 + done and np.array_equal(array[7:], expected[:len(array) - 7])
    with ndcat.Mount(folder, "-o", "rw") as mount:
        array = np.load(mount / "all.npy")
        found = len(array) - len(wanted)
        assert found >= done and np.array_equal(array[len(wanted):], expected[:found])
        with open(mount / "all.raw", "ab") as file:  # what waits may be a part of a row
            waiting = file.tell() - array.nbytes
            file.write(np.full(ROW, 7.0).tobytes()[waiting:] + rows(1).tobytes())
        assert len(np.load(mount / "all.npy")) == len(array) + 2
    assert len(stored(folder, tail)) == len(array) - 10 + 2


@pytest.mark.needs_root
def test_processes_that_the_daemon_cannot_see_do_not_append(folder, tail):
    """From outside its container: they all have the same number, and their readers are not to suffer."""
    wanted = make(folder, tail)
    with ndcat.Mount(folder, "-o", "rw", prefix=["unshare", "--pid", "--fork", "--kill-child"]) as mount:
        for flags in os.O_WRONLY, os.O_RDWR | os.O_CREAT:
            assert arrays.error_of(os.open, mount / "all.raw", flags | os.O_APPEND) == errno.EOPNOTSUPP
        mount.wait_for_log("all.json: cannot be appended to from where ndcat sees no process")
        check(mount, wanted)
        with open(mount / "all.raw", "r+b", buffering=0) as file:
            os.pwrite(file.fileno(), rows(1, 3).tobytes(), wanted.nbytes)
        check(mount, np.concatenate([wanted, rows(1, 3)]))


@pytest.mark.needs_root
def test_a_full_disk_loses_nothing(folder, small_disk, tail):
    wanted = make(folder, tail)
    shutil.move(folder / tail, small_disk / tail)
    manifest = json.loads((folder / "all.json").read_text())
    last = manifest["concatenate"][1]
    place = str(small_disk / tail)
    manifest["concatenate"][1] = last | {"path": place} if isinstance(last, dict) else place
    arrays.write_manifest(folder / "all.json", manifest | {"append": place})
    (small_disk / "ballast").write_bytes(b"x" * (1 << 20))
    data = rows(200_000, 100).tobytes()
    with ndcat.Mount(folder, "-o", f"rw,sources={small_disk}") as mount:
        written = 0
        with open(mount / "all.raw", "ab", buffering=0) as file:
            with pytest.raises(OSError) as failure:
                while written < len(data):
                    written += file.write(data[written:written + 100_003])
            assert failure.value.errno == errno.ENOSPC and 2 << 20 < written < len(data)
            os.unlink(small_disk / "ballast")
            written += file.write(data[written:written + 5000])
        whole = written // 40
        check(mount, np.concatenate([wanted, rows(whole, 100)]))
        assert np.array_equal(np.concatenate([rows(10), np.load(small_disk / tail) if tail.endswith("npy") else
                                              np.fromfile(small_disk / tail, count=(7 + whole) * ROW).reshape(-1, ROW)]),
                              np.concatenate([wanted, rows(whole, 100)]))


@pytest.mark.needs_root
def test_a_read_only_tail_is_refused_at_open(folder, tmp_path):
    make(folder, "tail.raw")
    (tmp_path / "ro").mkdir()
    (tmp_path / "ro" / "tail.raw").write_bytes(b"")
    subprocess.run(["mount", "--bind", tmp_path / "ro", tmp_path / "ro"], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", tmp_path / "ro"], check=True)
        path = str(tmp_path / "ro" / "tail.raw")
        source = {"path": path, "dtype": "f8", "shape": [-1, ROW]}
        arrays.write_manifest(folder / "all.json", {"concatenate": ["head.npy", source], "mode": "r+", "append": path})
        with ndcat.Mount(folder, "-o", f"rw,sources={tmp_path}") as mount:
            assert arrays.error_of(os.open, mount / "all.raw", os.O_WRONLY | os.O_APPEND) == errno.EROFS
    finally:
        subprocess.run(["umount", tmp_path / "ro"], check=True)


def checked(folder):
    done = ndcat.run("check", folder)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_check_says_whether_a_manifest_can_be_appended_to(folder, tail):
    make(folder, tail)
    code, out, _ = checked(folder)
    assert code == 0 and out.endswith("from 2 sources, can be written and appended to\n")


@pytest.mark.parametrize("change, reason", [
    ({"append": "head.npy"}, "head.npy is not, whole and as it is, the last rows of the array"),
    ({"order": "F"}, "tail.npy lies in its file in another order than the array is shown in"),
    ({"astype": ">f8"}, "tail.npy is float64 and the array >f8: what is appended is not converted"),
    ({"select": "::-1"}, "tail.npy is not, whole and as it is, the last rows of the array"),
])
def test_check_says_why_not(folder, change, reason):
    wanted = make(folder, "tail.npy")
    manifest = json.loads((folder / "all.json").read_text()) | change
    arrays.write_manifest(folder / "all.json", manifest)
    code, _, err = checked(folder)
    assert code == 1 and f'"append", but it cannot be appended to: {folder}/{reason}' in err, err
    with ndcat.Mount(folder, "-o", "rw") as mount, open(mount / "all.raw", "ab", buffering=0) as file:
        assert arrays.error_of(file.write, rows(1).tobytes()) == errno.EFBIG
        assert os.path.getsize(mount / "all.raw") == wanted.nbytes


def test_what_has_no_raw_view_does_not_grow(folder):
    make(folder, "tail.npy", views=["npy", "json"])
    code, out, err = checked(folder)
    assert code == 1 and out.endswith(", can be written\n")
    assert 'tail.npy grows through the raw view, which "views" leaves out' in err
    with ndcat.Mount(folder, "-o", "rw") as mount, open(mount / "all.npy", "r+b", buffering=0) as file:
        file.seek(0, os.SEEK_END)
        assert arrays.error_of(file.write, rows(1).tobytes()) == errno.EFBIG
        mount.wait_for_log('past the end of the array: .*tail.npy grows through the raw view, which "views" leaves out')


def test_what_is_missing_does_not_grow(folder):
    make(folder, "tail.npy")
    arrays.write_manifest(folder / "all.json", {"concatenate": ["head.npy", {"path": "tail.npy", "missing": "skip"}],
                                                "mode": "r+", "append": "tail.npy"})
    assert checked(folder)[0] == 0
    (folder / "tail.npy").unlink()
    code, out, err = checked(folder)
    assert code == 1 and out.endswith(", can be written\n") and "cannot be appended to: tail.npy is not there" in err
    assert b"impossible: tail.npy is not there" in ndcat.run("show", folder / "all.json").stdout


def test_a_fixed_shape_does_not_grow(folder):
    make(folder, "tail.raw")
    manifest = json.loads((folder / "all.json").read_text())
    manifest["concatenate"][1]["shape"] = [7, ROW]
    arrays.write_manifest(folder / "all.json", manifest)
    code, _, err = checked(folder)
    assert code == 1 and 'has a fixed number of rows: its "shape" says -1 where it is to grow' in err
