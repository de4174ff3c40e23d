"""How many requests the kernel makes for fixed reads: what is lost here is lost for every reader, whatever its speed."""

import mmap
import os
import pathlib
import re

import numpy as np
import pytest

import arrays
import ndcat

MIB = 1 << 20
SIZE = 16 * MIB


@pytest.fixture
def served(folder):
    """x.raw of two sources that take turns in every row, mounted with a log of requests."""
    for name in "ab":
        np.arange(SIZE // 16).tofile(folder / f"{name}.raw")
    arrays.write_manifest(folder / "x.json", {"concatenate": ["a.raw", "b.raw"], "axis": 1,
                                              "defaults": {"dtype": "i8", "shape": [-1, 1024]}})
    with ndcat.Mount(folder, "-d") as mount:
        yield mount


def reads(mount):
    return len(re.findall(r"opcode: READ \(", mount.log()))


def test_direct_reads_come_in_requests_of_one_mebibyte(served):
    number = os.open(served / "x.raw", os.O_RDONLY | os.O_DIRECT)
    buffer = mmap.mmap(-1, 4 * MIB)
    before = reads(served)
    for offset in range(0, SIZE, 4 * MIB):
        assert os.preadv(number, [buffer], offset) == 4 * MIB
    os.close(number)
    assert reads(served) - before == SIZE // MIB


def test_sequential_reads_come_in_requests_of_the_kernels_read_ahead(served):
    before = reads(served)
    with open(served / "x.raw", "rb", buffering=0) as file:
        buffer = bytearray(MIB)
        while file.readinto(buffer):
            pass
    # 128 KiB where nobody raised the read-ahead of the mount; the first few are shorter.
    assert SIZE // MIB <= reads(served) - before <= SIZE // (128 << 10) + 8


def test_requests_never_come_through_io_uring_whatever_the_environment_says(folder, monkeypatch):
    """One disk that hangs would stop the others: see kernel_features.h. (Without Y in enable_uring the kernel has none.)"""
    if ndcat.libfuse_version() < (3, 18):
        pytest.skip("needs a newer libfuse: 3.18 brought io_uring")
    monkeypatch.setenv("FUSE_URING_ENABLE", "1")
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        assert (mount / "all.raw").read_bytes() == wanted.tobytes()
        threads = pathlib.Path(f"/proc/{mount.process.pid}/task")
        names = [(thread / "comm").read_text() for thread in threads.iterdir()]
        assert names and not any(name.startswith("fuse-ring") for name in names)


def test_what_was_read_once_is_not_asked_for_again(served):
    with open(served / "x.raw", "rb") as file:
        file.read()
        before = reads(served)
        file.seek(0)
        file.read()
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
            assert sum(mapped[::4096]) >= 0
    assert reads(served) == before
