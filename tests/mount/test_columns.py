"""Columns of mapped arrays: what is read ahead is right, saves the reader's requests, and stands in nobody's way."""

import os
import re
import signal
import subprocess
import time

import numpy as np
import pytest

import arrays
import ndcat
from outriders import nothing_hangs, outriders, wait_until_idle

ROWS = 250


def wide(folder, row=200_000, rows=ROWS):
    """all.json: two arrays with rows of so many bytes along axis 0, and NumPy's result."""
    whole = arrays.distinct((rows, row // 8))
    np.save(folder / "a.npy", whole[:rows // 2])
    np.save(folder / "b.npy", whole[rows // 2:])
    arrays.write_manifest(folder / "all.json", {"concatenate": ["a.npy", "b.npy"]})
    return whole


def requests(mount):
    """How often the kernel asked for data for the sake of this process."""
    return len(re.findall(rf"opcode: READ \(.*pid: {os.getpid()}$", mount.log(), re.MULTILINE))


def requests_for(mount, wanted, column, direction):
    """The same, while a column is read by map."""
    before = requests(mount)
    array = np.load(mount / "all.npy", mmap_mode="r")
    assert np.array_equal(array[::direction, column], wanted[::direction, column])
    return requests(mount) - before


@pytest.mark.parametrize("direction", [1, -1], ids=["forwards", "backwards"])
def test_a_column_takes_few_requests(folder, direction):
    wanted = wide(folder)
    with ndcat.Mount(folder, "-d", "-o", "without=predictor") as mount:
        assert requests_for(mount, wanted, 1234, direction) > 0.9 * ROWS
        assert not outriders(mount)
    with ndcat.Mount(folder, "-d", "-o", "force=predictor") as mount:
        # On a machine with too much to do he may be late, and then nothing is read ahead for a while.
        counts = iter(requests_for(mount, wanted, column, direction) for column in range(1234, 24_000, 1024))
        assert any(count < ROWS / 8 for count in counts)


def test_reading_from_end_to_end_takes_the_same_requests(folder):
    wanted = wide(folder)
    counts = []
    for options in ["without=predictor"], ["settle=60"]:
        with ndcat.Mount(folder, "-d", "-o", *options) as mount:
            assert np.array_equal(np.load(mount / "all.npy", mmap_mode="r"), wanted)
            counts.append(requests(mount))
            assert not outriders(mount)
    assert abs(counts[0] - counts[1]) <= 0.02 * counts[0], counts


LAYOUTS = {
    "joined along rows": ({"concatenate": ["a.npy", "b.npy"]}, lambda a, b: np.concatenate([a, b])),
    "joined within rows": ({"concatenate": ["a.npy", "b.npy"], "axis": 1}, lambda a, b: np.concatenate([a, b], 1)),
    "stacked": ({"stack": ["a.npy", "b.npy"], "axis": 1}, lambda a, b: np.stack([a, b], 1)),
    "turned": ({"path": "a.npy", "transpose": True}, lambda a, b: a.T),
    "backwards with gaps": ({"path": "a.npy", "select": "::-2, 3:"}, lambda a, b: a[::-2, 3:]),
    "converted": ({"concatenate": ["a.npy", "small.npy"], "astype": ">f8"},
                  lambda a, b: np.concatenate([a, b.astype("i2")]).astype(">f8")),
    "in Fortran's order": ({"concatenate": ["a.npy", "b.npy"], "order": "F"},
                           lambda a, b: np.asfortranarray(np.concatenate([a, b]))),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_columns_of_every_layout_are_what_numpy_has(folder, name):
    a = arrays.distinct((150, 1500), "i4")
    b = arrays.distinct((150, 1500), "i4", first=10**6)
    np.save(folder / "a.npy", a)
    np.save(folder / "b.npy", b)
    np.save(folder / "small.npy", b.astype("i2"))
    manifest, numpy = LAYOUTS[name]
    arrays.write_manifest(folder / "all.json", manifest)
    wanted = numpy(a, b)
    generator = np.random.default_rng(1)
    with ndcat.Mount(folder, "-o", "force=predictor") as mount:
        for _ in range(12):
            array = np.load(mount / "all.npy", mmap_mode="r")
            axis = int(generator.integers(wanted.ndim))
            direction = int(generator.choice([1, -1, 2]))
            index = [int(generator.integers(extent)) for extent in wanted.shape]
            index[axis] = slice(None, None, direction)
            assert np.array_equal(array[tuple(index)], wanted[tuple(index)]), index
            drop_cache(mount / "all.npy", array)
        assert np.array_equal(np.load(mount / "all.npy"), wanted)


def drop_cache(path, array):
    """What the kernel has of the mount's file, once `array` is no longer mapped."""
    array._mmap.close()
    descriptor = os.open(path, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def test_pages_read_ahead_are_not_older_than_the_open(folder):
    wanted = wide(folder)
    with ndcat.Mount(folder) as mount:
        array = np.load(mount / "all.npy", mmap_mode="r")
        assert np.array_equal(array[:100, 5], wanted[:100, 5])
        for name in "a.npy", "b.npy":
            source = np.load(folder / name, mmap_mode="r+")
            source[:, 5] += 1
            source.flush()
        again = np.load(mount / "all.npy", mmap_mode="r")
        assert np.array_equal(again[:, 5], wanted[:, 5] + 1)


def test_a_source_cut_short_is_an_error_and_never_other_data(folder):
    wanted = wide(folder)
    with ndcat.Mount(folder) as mount:
        read = arrays.start_python("""
array = np.load(sys.argv[1], mmap_mode="r")
print(array[:100, 7].sum(), flush=True)
sys.stdin.readline()
print(array[:, 7].sum(), flush=True)
""", mount / "all.npy", stdin=subprocess.PIPE)
        assert float(read.stdout.readline()) == wanted[:100, 7].sum()
        os.truncate(folder / "b.npy", 5_000_000)
        rest, _ = read.communicate(b"\n", timeout=60 * ndcat.SLOW)
        assert read.returncode == -signal.SIGBUS and rest == b"", rest
        mount.wait_for_log("b.npy: was truncated")


def send_out(mount):
    """Reads so much of a column that somebody reads ahead; the number of his process."""
    assert np.load(mount / "all.npy", mmap_mode="r")[:100, 5].sum() != 0
    [outrider] = ndcat.wait_until(lambda: outriders(mount), what="an outrider")
    return outrider


def test_the_outrider_has_no_part_in_the_daemon_and_ends_with_it(folder):
    wide(folder)
    with ndcat.Mount(folder) as mount:
        assert not outriders(mount)
        outrider = send_out(mount)
        wait_until_idle(outrider)
        assert os.readlink(f"/proc/{outrider}/cwd") == "/" and os.getsid(outrider) == outrider
    assert not ndcat.program_of(outrider)


def test_without_its_outrider_a_mount_reads_on(folder):
    wanted = wide(folder)
    with ndcat.Mount(folder, "-o", "force=predictor") as mount:
        outrider = send_out(mount)
        os.kill(outrider, signal.SIGKILL)
        array = np.load(mount / "all.npy", mmap_mode="r")
        for column in 7000, 12_000:
            assert np.array_equal(array[:, column], wanted[:, column])
        assert not outriders(mount)


def test_an_outrider_that_hangs_holds_nobody_up_for_long(folder):
    wanted = wide(folder)
    with ndcat.Mount(folder, "-o", "force=predictor") as mount:
        outrider = send_out(mount)
        os.kill(outrider, signal.SIGSTOP)
        begun = time.monotonic()
        array = np.load(mount / "all.npy", mmap_mode="r")
        assert np.array_equal(array[:, 7000], wanted[:, 7000])
        assert time.monotonic() - begun < 20 * ndcat.SLOW  # half a second, not that for each of 250 rows
        os.kill(outrider, signal.SIGCONT)


# The outrider opens files of the mount, but only while a reader waits who has them open himself.
@pytest.mark.parametrize("options", [[], ["-s"]], ids=["many", "single"])
def test_a_mount_whose_readers_have_ended_is_not_in_use(folder, options):
    wide(folder)
    for _ in range(3):
        with ndcat.Mount(folder, *options) as mount:
            wait_until_idle(send_out(mount))
            read = arrays.python("print(np.load(sys.argv[1], mmap_mode='r')[:100, 5].sum()); os._exit(0)",
                                 mount / "all.npy")
            assert read.returncode == 0, read.stderr
            subprocess.run(["fusermount3", "-u", mount.path], check=True)
            assert mount.wait() == 0


def test_the_outriders_name_is_nobody_elses(folder):
    wide(folder)
    with ndcat.Mount(folder) as mount:
        send_out(mount)
        assert not os.path.exists(mount / ".ndcat-outrider")
        assert ".ndcat-outrider" not in os.listdir(mount.path)


def test_what_was_read_ahead_is_forgotten_with_its_manifest(folder):
    wide(folder)
    with ndcat.Mount(folder, "-d") as mount:
        send_out(mount)
        number = os.stat(mount / "all.npy").st_ino
        arrays.write_manifest(folder / "all.json", {"concatenate": ["b.npy", "a.npy"]})
        assert os.stat(mount / "all.npy").st_ino != number
        mount.wait_for_log(r"opcode: (BATCH_)?FORGET")


READER = """
path, seconds, threads = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
import mmap, random, threading, time
print("begun", flush=True)
end = time.monotonic() + seconds
def read():
    while time.monotonic() < end:
        array = np.load(path, mmap_mode="r")
        rows, columns = array.shape
        column = random.randrange(columns)
        step = random.choice([1, 1, -1, 2])
        got = array[::step, column]
        if not np.array_equal(got, (np.arange(rows)[::step] * columns + column)):
            os._exit(3)
        array._mmap.close()
        with open(path, "rb", buffering=0) as file:
            if random.random() < 0.2:
                file.seek(random.randrange(1 << 24))
                file.read(1 << 20)
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
threads = [threading.Thread(target=read) for _ in range(threads)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def start_readers(path, seconds, processes=3, threads=3):
    """Processes that read columns, all of the same pages, and drop them again."""
    readers = [arrays.start_python(READER, path, str(seconds), str(threads), stderr=subprocess.PIPE)
               for _ in range(processes)]
    for reader in readers:
        reader.stdout.readline()
    return readers


OPTIONS = [[], ["-s"], ["-o", "max_threads=2"], ["-o", "clone_fd"]]


@pytest.mark.parametrize("options", OPTIONS, ids=["many", "single", "two", "clone_fd"])
def test_many_readers_of_the_same_columns_do_not_lock_each_other_out(folder, options):
    wide(folder, row=100_000, rows=300)
    with ndcat.Mount(folder, "-o", "force=predictor", *options) as mount, nothing_hangs(mount):
        for reader in start_readers(mount / "all.npy", 1):
            _, errors = reader.communicate(timeout=20 * ndcat.SLOW)
            assert reader.returncode == 0, errors


ENDS = {
    "terminate": lambda mount: mount.process.terminate(),
    "unmount": lambda mount: subprocess.run(["umount", "-f", "-l", mount.path], check=True),
    # A daemon that stored pages itself left its connection, and all readers, hanging for good. See outrider.h.
    "kill": lambda mount: mount.process.kill(),
    "crash": lambda mount: mount.process.send_signal(signal.SIGABRT),
}


@pytest.mark.parametrize("end", ["terminate", pytest.param("unmount", marks=pytest.mark.needs_root), "kill", "crash"])
@pytest.mark.parametrize("options", OPTIONS[:2], ids=["many", "single"])
def test_an_end_while_columns_are_read_ahead_is_an_end(folder, options, end):
    wide(folder, row=100_000, rows=300)
    expected = {"kill": -signal.SIGKILL, "crash": -signal.SIGABRT}.get(end, 0)
    for attempt in range(2):
        with ndcat.Mount(folder, "-o", "force=predictor", *options, expect_exit=expected) as mount, nothing_hangs(mount):
            readers = start_readers(mount / "all.npy", 1000)
            ndcat.wait_until(lambda: outriders(mount), what="an outrider")
            time.sleep(0.1 * attempt)
            ENDS[end](mount)
            mount.wait()
            for reader in readers:
                _, errors = reader.communicate(timeout=20 * ndcat.SLOW)
                assert reader.returncode != 3, errors  # which would be other data
                assert reader.returncode == -signal.SIGBUS or b"Error" in errors, (reader.returncode, errors)
            ndcat.wait_until(lambda: not outriders(mount), what="the end of the outrider")
            if ndcat.is_mounted(mount.path):
                subprocess.run(["fusermount3", "-u", mount.path], check=True)  # "busy" while a file is open
