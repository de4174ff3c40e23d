"""Many sources under few descriptors, large arrays in little memory, nothing piling up."""

import os
import resource

import numpy as np
import pytest

import arrays
import ndcat

MIB = 1 << 20


@pytest.mark.deadline(150)
def test_a_hundred_thousand_sources_with_256_descriptors(folder):
    count = 100000
    for thousand in range(count // 1000):
        os.mkdir(folder / f"s{thousand}")
        for n in range(1000):
            with open(folder / f"s{thousand}" / f"{n}.raw", "wb") as file:
                file.write((1000 * thousand + n).to_bytes(8, "little"))
    arrays.write_manifest(folder / "all.json", {"concatenate": [
        {"glob": "s*/*.raw", "dtype": "<i8", "shape": [1]}]})

    def limits():
        ndcat.dies_with_parent()
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))

    with ndcat.Mount(folder, preexec_fn=limits) as mount:
        array = np.load(mount / "all.npy", mmap_mode="r")
        assert array.shape == (count,)
        assert array[count - 1] == count - 1
        assert np.array_equal(array, np.arange(count))
        assert np.array_equal(np.fromfile(mount / "all.raw", "i8"), np.arange(count))
        assert mount.open_files() <= 256
        if ndcat.SLOW == 1:
            assert mount.memory() < 128 * MIB
        (folder / "s7" / "5.raw").write_bytes(bytes(8))
        assert np.fromfile(mount / "all.raw", "i8")[7005] == 0


def test_memory_does_not_grow_with_the_arrays(folder):
    os.truncate(os.open(folder / "x.raw", os.O_CREAT | os.O_WRONLY, 0o644), 2 << 30)
    arrays.write_manifest(folder / "x.json", {"concatenate": [
        {"path": "x.raw", "dtype": "f4", "shape": [-1, 1024]},
        {"full": 1, "shape": [1 << 19, 1024], "dtype": "f4"}], "axis": 1})
    arrays.write_manifest(folder / "t.json", {"path": "x.raw", "dtype": "f4", "shape": [1024, -1], "transpose": True,
                                              "astype": "f8"})
    buffer = bytearray(8 * MIB)

    def read(path, limit):
        with open(path, "rb", buffering=0) as file:
            total = 0
            while total < limit and (count := file.readinto(buffer)):
                total += count
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return total

    with ndcat.Mount(folder) as mount:
        assert read(mount / "x.raw", 64 * MIB) == 64 * MIB
        before = mount.memory()
        assert read(mount / "x.raw", (4 << 30) // ndcat.SLOW)
        assert read(mount / "t.raw", 256 * MIB // ndcat.SLOW)
        if ndcat.SLOW == 1:
            assert before < 128 * MIB
            assert mount.memory() < before + 96 * MIB


def test_opens_and_changes_leave_nothing_behind(folder):
    arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        def round_trip(n):
            arrays.write_manifest(folder / "x.json", {"concatenate": ["a.npy", {"full": n, "shape": [3, 5]}]})
            with open(mount / "x.raw", "rb") as file:
                assert len(file.read()) == 1003 * 5 * 8
            os.listdir(mount)
            os.path.exists(mount / f"no such file {n}")

        for n in range(200):
            round_trip(n)
        files, memory = mount.open_files(), mount.memory()
        for n in range(800):
            round_trip(n)
        assert mount.open_files() <= files + 5
        if ndcat.SLOW == 1:
            assert mount.memory() < memory + 8 * MIB


def test_ten_thousand_files_open_at_once(folder):
    arrays.two_parts(folder)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(10000, hard - 500)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    numbers = []
    try:
        with ndcat.Mount(folder) as mount:
            for _ in range(count):
                numbers.append(os.open(mount / "all.raw", os.O_RDONLY))
            assert all(os.pread(number, 8, 8) == np.float64(1).tobytes() for number in numbers[::100])
            assert mount.open_files() < 1000
            while numbers:
                os.close(numbers.pop())
    finally:
        for number in numbers:
            os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
