"""Fixtures of all mount tests: a deadline for each, a folder for manifests, and nothing left behind at the end."""

import glob
import os
import subprocess
import sys
import warnings

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


def mount_ext4_image(path, image):
    """False, and told, where there are no loop devices."""
    with open(image, "wb") as file:
        file.truncate(6 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", "-N", "32", "-O", "^has_journal", image], check=True)
    result = subprocess.run(["mount", "-o", "loop", image, path], capture_output=True, text=True)
    if result.returncode != 0:
        warnings.warn(f"no loop device, so a full disk is tried in memory only: {result.stderr}")
    return result.returncode == 0


@pytest.fixture(params=["tmpfs", "ext4"])
def small_disk(request, tmp_path):
    """A file system of 4 to 6 MiB: in memory, and one that finds room for what was written when it writes it out."""
    path = tmp_path / "disk"
    path.mkdir()
    if request.param == "tmpfs" or not mount_ext4_image(path, tmp_path / "image"):
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
