"""fio writes through a virtual file of several sources, and verifies each block that it reads back."""

import os
import shutil
import subprocess

import numpy as np
import pytest

import arrays
import ndcat

SIZE = 4 << 20
JOBS = {
    "in order": ["--rw=write"],
    "at random": ["--rw=randwrite", "--bsrange=512-64k", "--norandommap=0"],
    "mapped": ["--rw=randwrite", "--ioengine=mmap", "--fsync_on_close=1"],
    "direct": ["--rw=randrw", "--direct=1", "--bs=3k"],
    "two at a time": ["--rw=randrw", "--numjobs=2", "--offset_increment=50%", "--size=50%"],
}


@pytest.fixture
def mount(folder):
    """A third of it big-endian, in columns that alternate between two files."""
    rows = SIZE // 8 // 16
    for name, dtype in ("a", "<f8"), ("b", ">f8"):
        np.save(folder / f"{name}.npy", arrays.distinct((rows, 8), dtype))
    arrays.write_manifest(folder / "all.json", {"concatenate": ["a.npy", "b.npy"], "axis": 1, "mode": "r+"})
    with ndcat.Mount(folder, "-o", "rw") as mounted:
        yield mounted


@pytest.mark.parametrize("job", JOBS)
def test_fio_verifies_what_it_has_written(mount, tmp_path, job):
    if shutil.which("fio") is None:
        message = "no fio: scripts/install-packages test installs it"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    done = subprocess.run(
        ["fio", "--name=verify", f"--filename={mount}/all.raw", "--ioengine=psync", f"--size={SIZE}", "--bs=4k",
         "--verify=crc32c", "--verify_fatal=1", "--do_verify=1", "--allow_file_create=0", "--overwrite=1",
         "--minimal", *JOBS[job]],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")
