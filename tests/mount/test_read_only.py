"""Whatever would write is refused with EROFS, for root too."""

import errno
import os
import stat

import pytest

import arrays
import ndcat


@pytest.fixture(scope="module")
def mount(tmp_path_factory):
    folder = tmp_path_factory.mktemp("manifests")
    arrays.two_parts(folder)
    (folder / "sub").mkdir()
    with ndcat.Mount(folder) as mounted:
        yield mounted


MODIFYING = {
    "open for writing": lambda m: os.open(m / "all.raw", os.O_WRONLY),
    "open for reading and writing": lambda m: os.open(m / "all.raw", os.O_RDWR),
    "open and truncate": lambda m: os.open(m / "all.raw", os.O_WRONLY | os.O_TRUNC),
    "open and append": lambda m: os.open(m / "all.raw", os.O_WRONLY | os.O_APPEND),
    "creat": lambda m: os.open(m / "new", os.O_CREAT | os.O_WRONLY),
    "open with O_TMPFILE": lambda m: os.open(m.path, os.O_TMPFILE | os.O_RDWR),
    "truncate": lambda m: os.truncate(m / "all.raw", 3),
    "unlink": lambda m: os.unlink(m / "all.raw"),
    "rename": lambda m: os.rename(m / "all.raw", m / "other.raw"),
    "rename over": lambda m: os.replace(m / "all.raw", m / "all.npy"),
    "link": lambda m: os.link(m / "all.raw", m / "other.raw"),
    "symlink": lambda m: os.symlink("all.raw", m / "other.raw"),
    "mkdir": lambda m: os.mkdir(m / "new"),
    "rmdir": lambda m: os.rmdir(m / "sub"),
    "mknod": lambda m: os.mknod(m / "new", stat.S_IFREG | 0o644),
    "mkfifo": lambda m: os.mkfifo(m / "new"),
    "chmod": lambda m: os.chmod(m / "all.raw", 0o777),
    "chown": lambda m: os.chown(m / "all.raw", 0, 0),
    "utimes": lambda m: os.utime(m / "all.raw", (1, 1)),
    "setxattr": lambda m: os.setxattr(m / "all.raw", "user.ndcat.dtype", b"<f4"),
    "removexattr": lambda m: os.removexattr(m / "all.raw", "user.ndcat.dtype"),
}


@pytest.mark.parametrize("name", MODIFYING)
def test_modifying_calls_say_erofs(mount, name):
    with pytest.raises(OSError) as failure:
        MODIFYING[name](mount)
    allowed = {errno.EROFS}
    if name == "open with O_TMPFILE":
        allowed.add(errno.EOPNOTSUPP)  # the kernel's word where a file system has no nameless files at all
    assert failure.value.errno in allowed, failure.value


def test_access_for_writing_says_erofs(mount):
    assert os.access(mount / "all.raw", os.R_OK)
    assert not os.access(mount / "all.raw", os.W_OK)


def test_nothing_has_changed(mount):
    assert sorted(os.listdir(mount)) == ["all.json", "all.npy", "all.raw", "sub"]
    assert os.path.getsize(mount / "all.raw") == 1500 * 5 * 8
