"""Writes that the kernel has begun to put into its pages, and that do not come to the mount for a while: because it
waits for the memory that they are written from, or for pages under writeback. Meanwhile others open the file, which drops
its pages, and read them again as they were.
"""

import contextlib
import errno
import mmap
import os
import pathlib
import signal
import threading

import numpy as np
import pytest

import arrays
import ndcat

PAGE = mmap.PAGESIZE


@contextlib.contextmanager
def memory_that_hangs(folder):
    """A view of some bytes whose first reader waits until release() is called: a page of a mount that is stopped."""
    other = folder / "other"
    other.mkdir()
    arrays.write_manifest(other / "memory.json", {"path": "memory.bin", "dtype": "u1", "shape": [PAGE]})
    (other / "memory.bin").write_bytes(bytes(range(1, 129)) * (PAGE // 128))
    with ndcat.Mount(other) as mount:
        with open(mount / "memory.raw", "rb") as file:
            memory = mmap.mmap(file.fileno(), PAGE, prot=mmap.PROT_READ)
        mount.process.send_signal(signal.SIGSTOP)
        try:
            yield memory, lambda: mount.process.send_signal(signal.SIGCONT)
        finally:
            mount.process.send_signal(signal.SIGCONT)


class Overtaken:
    """A write() whose first bytes are in the kernel's pages, and whose last ones hang."""

    def __init__(self, descriptor, data, hanging, offset):
        self.written = None
        self.thread = threading.Thread(target=self.write, args=(descriptor, [data, hanging], offset))
        self.thread.start()

    def write(self, descriptor, parts, offset):
        self.written = os.pwritev(descriptor, parts, offset)

    def wait(self):
        self.thread.join(20 * ndcat.SLOW)
        assert not self.thread.is_alive(), "the write hangs"
        return self.written


@pytest.fixture
def view(folder):
    """all.raw: 64 pages of two sources, r+."""
    for name in "ab":
        (folder / name).write_bytes(b"\1" * (32 * PAGE))
    parts = [{"path": name, "dtype": "u1", "shape": [32 * PAGE]} for name in "ab"]
    arrays.write_manifest(folder / "all.json", {"concatenate": parts, "mode": "r+"})
    return folder


def contents(folder):
    return (folder / "a").read_bytes() + (folder / "b").read_bytes()


@pytest.mark.parametrize("single", [[], ["-s"]], ids=["many threads", "one thread"])
@pytest.mark.parametrize("begin", [8 * PAGE, 8 * PAGE - 100, 32 * PAGE - 7], ids=["a page", "two pages", "a border"])
def test_stores_beside_a_write_that_was_overtaken_do_not_undo_it(view, begin, single):
    """The page shows what was there before the write; stores to it bring that back."""
    data = b"\2" * (9 * PAGE - begin if begin < 9 * PAGE else 7)  # up to the end of a page
    wanted = bytearray(contents(view))
    with ndcat.Mount(view, "-o", "rw", *single) as mount, memory_that_hangs(view) as (hanging, release):
        descriptor = os.open(mount / "all.raw", os.O_RDWR)
        shown = mmap.mmap(descriptor, 0)
        shown.madvise(mmap.MADV_RANDOM)  # single pages: a write ends where it cannot copy all that a larger folio takes
        assert set(shown[begin - 1:begin + len(data) + 1]) == {1}
        write = Overtaken(descriptor, data, hanging, begin)
        ndcat.wait_until(lambda: shown[begin] == 2, what="the first bytes in the map")
        assert pathlib.Path(mount, "all.raw").read_bytes() == wanted, "the write has not come to the mount"
        assert shown[begin] == 1, "the map has been read again"
        release()
        assert write.wait() == len(data) + PAGE
        wanted[begin:begin + len(data) + PAGE] = data + hanging[:]
        assert shown[begin:begin + len(data) + PAGE] == data + hanging[:], "the map shows what was written"
        for beside in begin - 1, begin + len(data) + PAGE:
            shown[beside] = wanted[beside] = 3
        shown.flush()
        assert contents(view) == wanted
        assert pathlib.Path(mount, "all.raw").read_bytes() == wanted
        shown.close()
        os.close(descriptor)


@pytest.mark.parametrize("drop", [True, False], ids=["dropped", "kept"])
def test_writes_to_pages_that_were_read_since_the_open(view, drop):
    """The mount asks the kernel whether they show what was written; where they are gone by then, the kernel holds the
    lock of the page until the write is answered."""
    wanted = bytearray(contents(view))
    with ndcat.Mount(view, "-o", "rw") as mount:
        descriptor = os.open(mount / "all.raw", os.O_RDWR)
        shown = mmap.mmap(descriptor, 0)
        assert set(shown[:]) == {1}
        for number, begin in enumerate([100, 5 * PAGE - 10, 31 * PAGE + 7]):
            if drop:
                os.close(os.open(mount / "all.raw", os.O_RDONLY))
            data = bytes([5 + number]) * (PAGE + 20)
            assert os.pwrite(descriptor, data, begin) == len(data)
            wanted[begin:begin + len(data)] = data
            shown[begin - 1] = wanted[begin - 1] = 3
            shown.flush()
            assert contents(view) == wanted and shown[:] == wanted
            shown[begin + 1] = wanted[begin + 1] = 4
        shown.flush()
        assert contents(view) == wanted
        shown.close()
        os.close(descriptor)


def refused_value(view):
    """A float64 that the float32 of c.npy cannot hold; (bytes, where they would go, what is said)."""
    return np.array([0.1]).tobytes(), os.path.getsize(view) - 800, errno.EDOM


def refused_header(view):
    return b"\x92NUMPY", 0, errno.EPERM


def refused_end(view):
    return bytes(16), os.path.getsize(view) - 8, errno.EFBIG


@pytest.mark.parametrize("single", [[], ["-s"]], ids=["many threads", "one thread"])
@pytest.mark.parametrize("refused", [refused_value, refused_header, refused_end])
def test_stores_beside_a_write_that_is_refused_are_kept(folder, refused, single):
    """The kernel takes the page for unread from then on, and whoever reads it would have it read over the stores."""
    np.save(folder / "c.npy", np.zeros(1500, "f4"))
    arrays.write_manifest(folder / "all.json", {"path": "c.npy", "astype": "f8", "mode": "r+"})
    with ndcat.Mount(folder, "-o", "rw", *single) as mount:
        path = mount / "all.npy"
        data, offset, error = refused(path)
        number = (max(offset, 200) // 8 + 1) * 8 if offset < PAGE else offset - 16 - (offset - 128) % 8
        descriptor = os.open(path, os.O_RDWR)
        array = np.memmap(path, "f8", "r+", offset=128)
        index = (number - 128) // 8
        for round_ in range(1, 51):
            array[index] = round_
            assert arrays.error_of(os.pwrite, descriptor, data, offset) == error
            assert np.frombuffer(os.pread(descriptor, 8, number))[0] == round_, "who reads the page sees the store"
            assert array[index] == round_
            array.flush()
            assert np.load(folder / "c.npy")[index] == round_
        assert np.count_nonzero(np.load(folder / "c.npy")) == 1, "nothing of what was refused was written"
        os.close(descriptor)
