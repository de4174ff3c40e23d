"""Arrays whose sources run across the file's rows: whoever reads in order is served from panels, within a bounded memory."""

import mmap
import os
import threading

import numpy as np
import pytest

import arrays
import ndcat

MIB = 1 << 20
SHAPE = (1024, 2048)  # 16 MiB of float64: four panels


@pytest.fixture(name="whole")
def made_whole(folder):
    """t.json: an F-ordered file in C order. NumPy's result."""
    array = arrays.distinct(SHAPE)
    np.save(folder / "f.npy", np.asfortranarray(array))
    arrays.write_manifest(folder / "t.json", {"concatenate": ["f.npy"], "order": "C"})
    return array.tobytes()


def read_in_order(path, length, begin=0, end=None):
    """All bytes from `begin` on, read afresh."""
    parts = []
    with open(path, "rb", buffering=0) as file:
        file.seek(begin)
        while part := file.read(length if end is None else min(length, end - begin - sum(map(len, parts)))):
            parts.append(part)
    return b"".join(parts)


class MemoryWatch:
    """The most memory that a daemon has at any time during a `with` block, beyond what it had before."""

    def __init__(self, mount):
        self.mount, self.before, self.most = mount, mount.memory(), 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.done.wait(0.002):
            self.most = max(self.most, self.mount.memory() - self.before)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


@pytest.mark.parametrize("options", ["max_idle_threads=4", "cache=3M", "cache=0", "without=panels", "force=panels",
                                     "force=panels,cache=24K"])
def test_every_way_of_reading_gives_the_same_bytes(folder, whole, options):
    with ndcat.Mount(folder, "-o", options) as mount:
        path = mount / "t.raw"
        for length in (4096, 100_000, 3 * MIB):
            assert read_in_order(path, length) == whole
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
            assert mapped[:] == whole
        with open(path, "rb", buffering=0) as file:
            backward = [os.pread(file.fileno(), MIB, begin) for begin in range(len(whole) - MIB, -1, -MIB)]
        assert b"".join(reversed(backward)) == whole
        assert (mount / "t.npy").read_bytes()[-len(whole):] == whole


def test_readers_at_different_places_share_the_panels(folder, whole):
    results = {}

    def read(begin):
        results[begin] = read_in_order(mount / "t.raw", 50_000, begin, begin + 6 * MIB)

    with ndcat.Mount(folder, "-o", "cache=15M") as mount:
        readers = [threading.Thread(target=read, args=(begin,)) for begin in (0, 1 * MIB, 5 * MIB, 10 * MIB)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    for begin, result in results.items():
        assert result == whole[begin:begin + 6 * MIB]


@pytest.mark.parametrize("cache, at_most", [("0", 3 * MIB), ("9M", 11 * MIB), ("48M", 50 * MIB)])
def test_memory_stays_within_the_cache_option(folder, whole, cache, at_most):
    # One answer at a time takes memory beyond it, of the length of a request; and so do the threads themselves: of
    # libfuse's buffer of 1 MiB for each they touch a page or two, unless Meson has the allocator fill all of it.
    unfilled = {**os.environ, "MALLOC_PERTURB_": "0"}
    with ndcat.Mount(folder, "-o", f"cache={cache}", env=unfilled) as mount:
        with MemoryWatch(mount) as watch:
            for _ in range(3):
                assert read_in_order(mount / "t.raw", MIB) == whole
        if cache != "0":
            assert watch.most >= 4 * MIB, "no panel was built"
        if ndcat.SLOW == 1:  # a sanitizer's own memory counts as the daemon's
            assert watch.most <= at_most


def test_memory_that_nobody_uses_is_given_back(folder, whole):
    with ndcat.Mount(folder) as mount:
        before = mount.memory()
        assert read_in_order(mount / "t.raw", MIB) == whole
        most = mount.memory()
        assert most >= before + 4 * MIB
        ndcat.wait_until(lambda: mount.memory() < most - 4 * MIB, 30, "giving memory back")


def test_whoever_opens_the_file_later_sees_what_was_changed_unseen(folder, whole):
    """A writer's map shows its first change in the times of the file, and the next ones when it is flushed."""
    with ndcat.Mount(folder) as mount:
        source = np.load(folder / "f.npy", mmap_mode="r+")
        source[0, 0] = 1
        with open(mount / "t.raw", "rb", buffering=0) as early:
            assert early.read(8) == np.float64(1).tobytes()
            for begin in range(0, 4 * MIB, 128 << 10):
                os.pread(early.fileno(), 128 << 10, begin)
            source[0, 0] = 2
            assert read_in_order(mount / "t.raw", 128 << 10, 0, MIB)[:8] == np.float64(2).tobytes()


def test_a_source_that_is_cut_short_fails_as_without_panels(folder, whole):
    with ndcat.Mount(folder) as mount:
        with open(mount / "t.raw", "rb", buffering=0) as file:
            assert file.read(3 * MIB) == whole[:3 * MIB]
            os.truncate(folder / "f.npy", MIB)
            assert arrays.pread_error(file.fileno(), 128 << 10, 8 * MIB) != 0
            assert arrays.pread_error(file.fileno(), 128 << 10, 8 * MIB + (128 << 10)) != 0
        mount.wait_for_log("f.npy: was truncated")
