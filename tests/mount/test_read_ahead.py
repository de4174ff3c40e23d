"""-o readahead=: how far the kernel reads ahead in the files of a mount."""

import os

import pytest

import arrays
import ndcat


def setting(mount):
    device = os.stat(mount).st_dev
    return f"/sys/class/bdi/{os.major(device)}:{os.minor(device)}/read_ahead_kb"


def read_ahead_kb(mount):
    with open(setting(mount)) as file:
        return int(file.read())


@pytest.mark.needs_root
@pytest.mark.parametrize("option, kibibytes", [("readahead=512K", 512), ("readahead=0", 0), ("readahead=500000", 492)])
def test_root_sets_it_and_where_sys_is_read_only_it_is_said(folder, option, kibibytes):
    wanted = arrays.two_parts(folder, rows=50_000)
    with ndcat.Mount(folder, "-o", option) as mount:
        with open(mount / "all.raw", "rb") as file:
            assert file.read() == wanted.tobytes()
        if os.access(setting(mount), os.W_OK):
            assert read_ahead_kb(mount) == kibibytes
            assert f"reads ahead {kibibytes} KiB" in mount.log()
        else:
            assert read_ahead_kb(mount) == 128
            assert "-o readahead: the kernel reads ahead as far as before" in mount.log()


def test_it_is_left_as_it_is_otherwise(folder):
    arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        os.listdir(mount)
        assert read_ahead_kb(mount) == 128
        assert "reads ahead" not in mount.log()
