"""-o direct: reads that go past the page cache, and maps that do not."""

import errno
import mmap
import os

import numpy as np
import pytest

import arrays
import ndcat


def change_in_place(path, value):
    """Its size, header and, as far as a clock can tell, times are kept."""
    before = os.stat(path)
    with open(path, "r+b") as file:
        file.seek(-8, os.SEEK_END)
        file.write(np.float64(value).tobytes())
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def last_value(descriptor):
    return np.frombuffer(os.pread(descriptor, 8, os.fstat(descriptor).st_size - 8))[0]


@pytest.mark.parametrize("options, is_cached", [(["-o", "direct"], False), ([], True)], ids=["direct", "cached"])
def test_nothing_is_kept_of_what_was_read(folder, options, is_cached):
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder, *options) as mount:
        descriptor = os.open(mount / "all.raw", os.O_RDONLY)
        assert last_value(descriptor) == wanted[-1, -1]
        change_in_place(folder / "b.npy", 123.5)
        assert last_value(descriptor) == (wanted[-1, -1] if is_cached else 123.5)
        os.close(descriptor)


def test_whole_files_are_as_numpy_saves_them(folder):
    wanted = arrays.two_parts(folder, rows=100_000)
    with ndcat.Mount(folder, "-o", "direct") as mount:
        with open(mount / "all.npy", "rb") as file:
            assert file.read() == arrays.saved(wanted)
        assert np.array_equal(np.load(mount / "all.npy"), wanted)
        assert np.array_equal(np.fromfile(mount / "all.raw").reshape(wanted.shape), wanted)


def test_private_maps_always_work(folder):
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder, "-o", "direct") as mount, open(mount / "all.raw", "rb") as file:
        with mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ) as private:
            assert private[:] == wanted.tobytes()


def test_shared_maps_work_where_libfuse_lets_them_and_elsewhere_it_is_said(folder):
    wanted = arrays.two_parts(folder, rows=100_000)
    with ndcat.Mount(folder, "-o", "direct") as mount:
        if ndcat.libfuse_version() >= (3, 17):
            assert np.array_equal(np.load(mount / "all.npy", mmap_mode="r"), wanted)
            assert "cannot be mapped" not in mount.log()
        else:
            with pytest.raises(OSError) as failure:
                np.load(mount / "all.npy", mmap_mode="r")
            assert failure.value.errno == errno.ENODEV
            assert "-o direct: files cannot be mapped" in mount.log()
