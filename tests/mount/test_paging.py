"""What reading a mount brings into memory of its sources, and what of that stays there."""

import ctypes
import mmap
import os
import pathlib
import tempfile

import pytest

import arrays
import ndcat

MIB = 1 << 20
SIZE = 64 * MIB
LAG = 32 * MIB  # ReadStreams::kLag

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]


def resident(path):
    """Bytes of a file that are in the page cache."""
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        pages = ctypes.create_string_buffer((len(mapped) + mmap.PAGESIZE - 1) // mmap.PAGESIZE)
        start = ctypes.c_char.from_buffer(mapped)
        assert _libc.mincore(ctypes.addressof(start), len(mapped), pages) == 0
        del start
        return sum(page & 1 for page in pages.raw) * mmap.PAGESIZE


def make_cold(path):
    number = os.open(path, os.O_RDONLY)
    os.fdatasync(number)
    os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(number)


@pytest.fixture
def disk_folder():
    """Manifest x.json over one large source on a disk (temporary folders live in memory on some machines)."""
    def is_in_memory(path):
        mounts = {mount: line for mount, line in ndcat.mountpoints().items()
                  if os.path.realpath(path).encode().startswith(mount)}
        return b" - tmpfs " in mounts[max(mounts, key=len)]

    parent = next(path for path in (tempfile.gettempdir(), "/var/tmp", os.getcwd()) if not is_in_memory(path))
    with tempfile.TemporaryDirectory(prefix="ndcat-paging-", dir=parent) as name:
        folder = pathlib.Path(name)
        (folder / "a.raw").write_bytes(bytes(range(256)) * (SIZE // 256))
        arrays.write_manifest(folder / "x.json", {"path": "a.raw", "dtype": "u1", "shape": [64, MIB]})
        make_cold(folder / "a.raw")
        yield folder


def read_all(path):
    with open(path, "rb", buffering=0) as file:
        buffer, total = bytearray(MIB), 0
        while count := file.readinto(buffer):
            total += count
    assert total == SIZE


def test_an_array_read_from_disk_is_in_memory_once(disk_folder):
    with ndcat.Mount(disk_folder, "-o", "settle=0") as mount:
        read_all(mount / "x.raw")
        assert resident(disk_folder / "a.raw") <= LAG + 4 * MIB


@pytest.mark.parametrize("options", ["settle=0,direct", "settle=3600", "settle=0,without=drop_behind"])
def test_nothing_is_given_back_where_it_would_be_read_from_disk_again(disk_folder, options):
    with ndcat.Mount(disk_folder, "-o", options) as mount:
        read_all(mount / "x.raw")
        # Dropping behind would have left LAG and little more. The system itself may take back a page or two when
        # it is short of memory (seen in CI: 2 of 16384).
        assert resident(disk_folder / "a.raw") >= SIZE - MIB


def test_random_reads_through_a_map_bring_in_what_the_kernel_asked_for(disk_folder):
    with ndcat.Mount(disk_folder, "-o", "settle=0") as mount, open(mount / "x.raw", "rb") as file:
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
            # The kernel asks for its read-around, 128 KiB where nobody raised it.
            around = int(pathlib.Path(f"/sys/class/bdi/0:{os.minor(os.stat(mount).st_dev)}/read_ahead_kb").read_text())
            for row in range(1, 64, 4):
                assert mapped[row * MIB + MIB // 2] == 0
            assert resident(disk_folder / "a.raw") <= 16 * ((around << 10) + 2 * mmap.PAGESIZE) + MIB
