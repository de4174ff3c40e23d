"""Pages of files that are written, and are given up because there are too many: by whom, and that nobody hangs."""

import errno
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

BUDGET = 64 << 20  # of all files that are open for writing
SIZE = 2 * BUDGET
PIECE = 1 << 20


def fill(array, begin=0, end=None):
    """Each MiB of a map or its source is to hold its number."""
    for i in range(begin, len(array) if end is None else end, PIECE):
        array[i:i + PIECE] = i // PIECE % 251 + 1


def is_filled(path, size=SIZE):
    wanted = (np.arange(size // PIECE) % 251 + 1).astype("u1")
    return np.all(np.fromfile(path, "u1").reshape(-1, PIECE) == wanted[:, None])


def assert_memory_is_bounded(mount, most=3.5 * BUDGET):
    if ndcat.SLOW == 1:  # sanitizers have shadows of all memory
        assert mount.memory() < most, mount.memory()


def write_zeros(folder, size=SIZE):
    (folder / "a.raw").write_bytes(bytes(size))
    source = {"path": "a.raw", "dtype": "u1", "shape": [size]}
    arrays.write_manifest(folder / "all.json", {"concatenate": [source], "mode": "r+"})


@pytest.fixture
def zeros(folder):
    """all.json of a.raw: twice the budget; r+."""
    write_zeros(folder)
    return folder


@pytest.mark.parametrize("options", [[], ["-s"], ["-o", "direct"], ["-o", "clone_fd"]],
                         ids=["many", "single", "direct", "clone_fd"])
def test_it_is_done_by_another_process(zeros, options):
    """And never by the daemon, which libfuse would log as a notification."""
    with ndcat.Mount(zeros, "-d", "-o", "rw", *options) as mount, nothing_hangs(mount):
        array = np.memmap(mount / "all.raw", "u1", "r+")
        assert not outriders(mount)
        fill(array)
        [outrider] = outriders(mount)
        assert_memory_is_bounded(mount)
        array.flush()
        del array
        wait_until_idle(outrider)
        assert is_filled(zeros / "a.raw") and is_filled(mount / "all.raw")
        assert re.search(rf"opcode: OPEN \(.*pid: {outrider}$", mount.log(), re.MULTILINE)
        assert "NOTIFY" not in mount.log()
    assert not ndcat.program_of(outrider)


def test_one_that_was_killed_is_replaced(zeros):
    with ndcat.Mount(zeros, "-o", "rw") as mount, nothing_hangs(mount):
        array = np.memmap(mount / "all.raw", "u1", "r+")
        fill(array, end=SIZE * 3 // 4)
        [first] = outriders(mount)
        os.kill(first, signal.SIGKILL)
        fill(array, begin=SIZE * 3 // 4)
        assert_memory_is_bounded(mount)
        mount.wait_for_log("ndcat itself.* for want of an ndcat-outrider")
        time.sleep(1.1)  # for which it is left at that
        fill(array, end=SIZE // 2)
        [second] = outriders(mount)
        assert second != first
        array.flush()
        assert is_filled(zeros / "a.raw")
        assert mount.log().count("ndcat-outrider") == 1


def test_one_that_hangs_does_not_keep_the_daemon_from_ending(zeros):
    with ndcat.Mount(zeros, "-o", "rw") as mount, nothing_hangs(mount):
        array = np.memmap(mount / "all.raw", "u1", "r+")
        fill(array, end=SIZE * 3 // 4)
        [outrider] = outriders(mount)
        os.kill(outrider, signal.SIGSTOP)
        fill(array, begin=SIZE * 3 // 4)
        fill(array, end=SIZE // 2)
        array.flush()
        assert is_filled(zeros / "a.raw")
        del array
        mount.process.terminate()
        mount.wait()
        os.kill(outrider, signal.SIGCONT)
        ndcat.wait_until(lambda: not ndcat.program_of(outrider), what="the end of the outrider")


def test_one_long_write_does_not_keep_memory_from_being_bounded(folder):
    """The outrider waits for its end, as other writers do."""
    size = 6 * BUDGET
    write_zeros(folder, size)
    with ndcat.Mount(folder, "-o", "rw") as mount, nothing_hangs(mount):
        data = np.empty(size, "u1")
        fill(data)
        descriptor = os.open(mount / "all.raw", os.O_RDWR)
        assert os.pwrite(descriptor, data, 0) == size
        assert_memory_is_bounded(mount, 5 * BUDGET)
        os.close(descriptor)
        assert is_filled(folder / "a.raw", size)


STORES_WHAT_CANNOT_BE_WRITTEN = """
descriptor = os.open(sys.argv[1], os.O_RDWR)
array = np.memmap(sys.argv[1], "f8", "r+")
array[-1] = 0.1
array[:-1000] = 1
print("stored", flush=True)
sys.stdin.readline()
print(array[-1], flush=True)
array[-1] = 0.5
for tell in lambda: os.close(descriptor), array.flush, array.flush:
    try:
        print(tell())
    except OSError as error:
        print(error.errno)
"""


def test_what_could_not_be_stored_is_told_at_close_all_the_same(folder):
    """Whoever has pages written back for another takes no failure away from him."""
    (folder / "a.raw").write_bytes(bytes(SIZE))
    np.save(folder / "c.npy", np.zeros(1000, "f4"))
    sources = [{"path": "a.raw", "dtype": "f8", "shape": [SIZE // 8]}, {"path": "c.npy", "astype": "f8"}]
    arrays.write_manifest(folder / "all.json", {"concatenate": sources, "mode": "r+"})
    with ndcat.Mount(folder, "-o", "rw") as mount, nothing_hangs(mount):
        program = arrays.start_python(STORES_WHAT_CANNOT_BE_WRITTEN, mount / "all.raw", stdin=subprocess.PIPE)
        assert program.stdout.readline() == b"stored\n"
        mount.wait_for_log("cannot hold exactly")
        [outrider] = outriders(mount)
        wait_until_idle(outrider)
        time.sleep(0.2)  # the page is dropped soon
        told, _ = program.communicate(b"\n", timeout=60 * ndcat.SLOW)
        # For close() the kernel makes EIO of all failures but ENOSPC.
        assert told.decode().split() == ["0.0", str(errno.EIO), str(errno.EDOM), "None"], told
        assert np.load(folder / "c.npy")[-1] == 0.5 and np.all(np.fromfile(folder / "a.raw", "f8") == 1)


WRITER = """
array = np.memmap(sys.argv[1], "u1", "r+")
print("begun", flush=True)
while True:
    for i in np.random.permutation(len(array) >> 20) << 20:
        array[i:i + (1 << 20):1024] += 1
"""
READER = """
import mmap
with open(sys.argv[1], "rb", buffering=0) as file:
    mapped = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    print("begun", flush=True)
    while True:
        for i in np.random.permutation(len(mapped) >> 20) << 20:
            os.pread(file.fileno(), 1 << 20, i) if i & 1 << 20 else mapped[i:i + (1 << 20):4096]
"""


def start_users(path):
    users = [arrays.start_python(code, path, stderr=subprocess.PIPE) for code in (WRITER, WRITER, READER, READER)]
    for user in users:
        user.stdout.readline()
    return users


ENDS = {
    "terminate": lambda mount: mount.process.terminate(),
    "unmount": lambda mount: subprocess.run(["umount", "-f", "-l", mount.path], check=True),
    "kill": lambda mount: mount.process.kill(),
    "crash": lambda mount: mount.process.send_signal(signal.SIGABRT),
}


@pytest.mark.deadline(200)
@pytest.mark.parametrize("end, options, attempts", [
    ("kill", [], 20), ("kill", ["-s"], 3), ("crash", [], 3), ("terminate", [], 3), ("terminate", ["-s"], 3),
    pytest.param("unmount", [], 3, marks=pytest.mark.needs_root),
])
def test_an_end_while_pages_are_given_up_is_an_end(folder, end, options, attempts):
    """A daemon that gave them up itself left its connection, and all users, hanging for good, most times."""
    write_zeros(folder, 4 * BUDGET)  # a part of it is always missing
    expected = {"kill": -signal.SIGKILL, "crash": -signal.SIGABRT}.get(end, 0)
    if ndcat.SLOW > 1:
        attempts = max(1, attempts // 5)
    for attempt in range(attempts):
        with ndcat.Mount(folder, "-o", "rw", *options, expect_exit=expected) as mount, nothing_hangs(mount):
            users = start_users(mount / "all.raw")
            [outrider] = ndcat.wait_until(lambda: outriders(mount), what="an outrider")
            time.sleep(0.05 * (attempt % 5))
            ENDS[end](mount)
            mount.wait()
            for user in users:
                _, errors = user.communicate(timeout=20 * ndcat.SLOW)
                assert user.returncode == -signal.SIGBUS or b"Error" in errors, (user.returncode, errors)
            ndcat.wait_until(lambda: not ndcat.program_of(outrider), what="the end of the outrider")
            if ndcat.is_mounted(mount.path):
                subprocess.run(["fusermount3", "-u", mount.path], check=True)  # "busy" while a file is open
