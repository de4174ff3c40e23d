"""Fixtures of all mount tests: a deadline for each, a folder for manifests, and nothing left behind at the end."""

import glob
import os
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import ndcat  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "deadline(seconds): after these the daemons are killed (default 60)")
    config.addinivalue_line("markers", "needs_root: other users, bind mounts and the like")


def pytest_runtest_setup(item):
    if not ndcat.fuse_is_usable():
        message = "no /dev/fuse or no fusermount3: nothing can be mounted"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    if item.get_closest_marker("needs_root") and os.geteuid() != 0:
        pytest.skip("needs root")


@pytest.fixture(autouse=True)
def deadline(request):
    marker = request.node.get_closest_marker("deadline")
    ndcat.guard().deadline(marker.args[0] if marker else 60)
    yield
    ndcat.guard().deadline(0)


@pytest.fixture(autouse=True, scope="session")
def nothing_is_left():
    """No mount and no daemon of these tests outlives them (the guard removes what does)."""
    yield
    mounted, running = ndcat.leftovers()
    assert not mounted and not running, f"left behind: mounts {mounted}, processes {running}"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 4 MiB."""
    path = tmp_path / "disk"
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", path], check=True)
    yield path
    subprocess.run(["umount", path], check=True)


def daemons_of(text):
    """The processes of this program whose command line holds `text`."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if os.path.basename(words[0]) == b"ndcat" and text.encode() in b"\0".join(words):
            found.append(int(path.split("/")[2]))
    return found


@pytest.fixture
def folder(tmp_path):
    """A folder for manifests, readable by other users too."""
    path = tmp_path / "manifests"
    path.mkdir()
    return path
