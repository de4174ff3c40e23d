"""From the command line to the end of the process: options, background, signals, unmounting, what is left."""

import errno
import os
import pathlib
import shutil
import signal
import subprocess
import threading

import numpy as np
import pytest

import arrays
import ndcat
from conftest import daemons_of

ONE_MIB_READS = """
number = os.open(sys.argv[1], os.O_RDONLY)
print('ready', flush=True)
try:
    while True:
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
        os.lseek(number, 0, os.SEEK_SET)
        while os.read(number, 1 << 20): pass
except OSError as error:
    sys.exit(42)
"""


def busy_readers(mount, count=3):
    readers = [arrays.start_python(ONE_MIB_READS, mount / "all.raw") for _ in range(count)]
    for reader in readers:
        assert reader.stdout.readline() == b"ready\n"
    return readers


def join(readers):
    """After the end of the mount every reader has got an error; none hangs."""
    for reader in readers:
        reader.communicate(timeout=30 * ndcat.SLOW)
        assert reader.returncode == 42


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_an_idle_mount(folder, number):
    arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        assert (mount / "all.npy").exists()
        mount.process.send_signal(number)
        assert mount.wait() == 0
        assert not ndcat.is_mounted(mount.path)


@pytest.mark.parametrize("options", [[], ["-s"]], ids=["threads", "-s"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_a_mount_with_files_open_and_reads_in_flight(folder, number, options):
    arrays.two_parts(folder, rows=200000)
    with ndcat.Mount(folder, *options) as mount:
        readers = busy_readers(mount)
        mount.process.send_signal(number)
        assert mount.wait() == 0
        assert not ndcat.is_mounted(mount.path)
        join(readers)


@pytest.mark.parametrize("command", [["fusermount3", "-u", "-z"], ["umount", "-l"]], ids=" ".join)
def test_lazy_unmounting_lets_open_files_finish(folder, command):
    if command[0] == "umount" and os.geteuid() != 0:
        pytest.skip("needs root")
    wanted = arrays.two_parts(folder, rows=20000)
    with ndcat.Mount(folder) as mount:
        with open(mount / "all.raw", "rb") as file:
            subprocess.run([*command, str(mount)], check=True)
            assert not ndcat.is_mounted(mount.path)
            assert file.read() == wanted.tobytes()
        assert mount.wait() == 0


@pytest.mark.parametrize("command", [["fusermount3", "-u"], ["umount"]], ids=" ".join)
def test_unmounting(folder, command):
    if command[0] == "umount" and os.geteuid() != 0:
        pytest.skip("needs root")
    arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        with open(mount / "all.raw", "rb"):
            # As for every file system, the kernel refuses while a file is open; then the mount goes on as before.
            assert subprocess.run([*command, str(mount)], stderr=subprocess.DEVNULL, check=False).returncode != 0
            assert (mount / "all.npy").exists()
        ndcat.wait_until(lambda: subprocess.run([*command, str(mount)], stderr=subprocess.DEVNULL,
                                                check=False).returncode == 0)
        assert mount.wait() == 0


def test_killed_and_mounted_again(folder):
    wanted = arrays.two_parts(folder, rows=20000)
    with ndcat.Mount(folder, expect_exit=-signal.SIGKILL) as mount:
        readers = busy_readers(mount)
        mount.process.kill()
        join(readers)
        with pytest.raises(OSError) as failure:
            os.stat(mount)
        assert failure.value.errno == errno.ENOTCONN
        subprocess.run(["fusermount3", "-u", "-z", str(mount)], check=True)
        with ndcat.Mount(folder, mountpoint=mount.path) as again:
            assert (again / "all.npy").read_bytes() == arrays.saved(wanted)


def test_mounting_over_a_dead_mount_works_or_says_what_to_do(folder):
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder, expect_exit=-signal.SIGKILL) as dead:
        dead.process.kill()
        dead.wait()
        done = ndcat.run(folder, dead.path, timeout=20)
        if done.returncode == 0:
            assert (dead / "all.npy").read_bytes() == arrays.saved(wanted)
            subprocess.run(["fusermount3", "-u", "-z", dead.path], check=True)
        else:
            assert done.returncode == 4
            assert str(dead).encode() in done.stderr and b"fusermount3 -u" in done.stderr


class Background:
    """A mount that went to the background by itself."""

    def __init__(self, folder, mountpoint, *options, command=None):
        self.mountpoint = pathlib.Path(mountpoint)
        self.done = subprocess.run([*(command or [ndcat.binary()]), folder, mountpoint, *options], check=False,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   timeout=30 * ndcat.SLOW)
        self.daemons = daemons_of(str(mountpoint))
        for pid in self.daemons:
            ndcat.watch(pid, mountpoint)

    def __enter__(self):
        assert self.done.returncode == 0, self.done
        return self

    def __exit__(self, *error):
        subprocess.run(["fusermount3", "-u", "-z", self.mountpoint], check=error[0] is None)
        ndcat.wait_until(lambda: not daemons_of(str(self.mountpoint)), 20, "the end of the daemon")
        for pid in self.daemons:
            ndcat.guard().tell("gone", pid)


def test_the_background_begins_when_the_mount_answers(folder, tmp_path):
    wanted = arrays.two_parts(folder)
    (tmp_path / "mnt").mkdir()
    for _ in range(5):
        # That run() returned at all says, too, that the daemon holds neither end of our pipes.
        with Background(folder, tmp_path / "mnt") as mount:
            assert (tmp_path / "mnt" / "all.npy").read_bytes() == arrays.saved(wanted)
            assert len(mount.daemons) == 1
            assert os.readlink(f"/proc/{mount.daemons[0]}/cwd") == "/"
            assert os.getsid(mount.daemons[0]) != os.getsid(0)
        assert not mount.done.stdout and not mount.done.stderr, mount.done


def test_relative_paths_hold_in_the_background(folder, tmp_path, monkeypatch):
    wanted = arrays.two_parts(folder)
    (tmp_path / "mnt").mkdir()
    monkeypatch.chdir(tmp_path)
    with Background("manifests", "mnt"):
        assert (tmp_path / "mnt" / "all.npy").read_bytes() == arrays.saved(wanted)


@pytest.mark.parametrize("foreground", [[], ["-f"]], ids=["background", "foreground"])
@pytest.mark.parametrize("what, arguments, code", [
    ("no manifests", ["{tmp}/nowhere", "{tmp}/mnt"], 3),
    ("no mount point", ["{tmp}/manifests", "{tmp}/nowhere"], 4),
    ("mount point is a file", ["{tmp}/manifests", "{tmp}/file"], 4),
    ("unknown option", ["{tmp}/manifests", "{tmp}/mnt", "-o", "nonsense=3"], 2),
    ("unknown flag", ["{tmp}/manifests", "{tmp}/mnt", "--nonsense"], 2),
    ("no mount point given", ["{tmp}/manifests"], 2),
    ("bad sources=", ["{tmp}/manifests", "{tmp}/mnt", "-o", "sources={tmp}/nowhere"], 3),
])
def test_errors_before_the_mount_go_to_the_terminal(folder, tmp_path, what, arguments, code, foreground):
    (tmp_path / "mnt").mkdir()
    (tmp_path / "file").touch()
    done = ndcat.run(*[argument.format(tmp=tmp_path) for argument in arguments], *foreground, timeout=20)
    assert done.returncode == code, (what, done)
    assert done.stderr.strip(), what
    assert not ndcat.is_mounted(tmp_path / "mnt")


@pytest.mark.parametrize("options", [
    "ro", "ro,nosuid,nodev,noexec,noatime", "fsname=my disk", "subtype=other", "default_permissions", "max_read=65536",
    "x-systemd.automount,x-gvfs-show,noauto,nofail,_netdev,user", "defaults", "sources=/tmp,ro"])
def test_ordinary_options(folder, options):
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder, "-o", options) as mount:
        assert (mount / "all.npy").read_bytes() == arrays.saved(wanted)
        line = ndcat.mountpoints()[os.fsencode(str(mount))]
        assert b" - fuse.ndcat " in line or "subtype" in options
        assert line.split()[5].startswith(b"ro")


@pytest.mark.parametrize("form", ["mount.fuse3", "mount -t fuse3", "ndcat mount"])
@pytest.mark.needs_root
def test_mounted_as_fstab_does(folder, tmp_path, monkeypatch, form):
    wanted = arrays.two_parts(folder)
    (tmp_path / "mnt").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ndcat").symlink_to(ndcat.binary())
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    options = "ro,nofail,noauto,_netdev,x-systemd.automount,x-systemd.requires=network.target,allow_other"
    source, tail = folder, []
    if form == "ndcat mount":
        command = [ndcat.binary(), "mount"]
    elif form == "mount.fuse3":
        command, tail = [shutil.which("mount.fuse3", path="/sbin:/usr/sbin:/bin")], ["-t", "fuse.ndcat"]
    else:  # mount(8) looks for programs in the system's folders only, so this one is named by its path
        command, source = ["mount", "-t", "fuse3"], f"{ndcat.binary()}#{folder}"
    with Background(source, tmp_path / "mnt", *tail, "-o", options, command=command):
        assert (tmp_path / "mnt" / "all.npy").read_bytes() == arrays.saved(wanted)


def test_a_single_thread_serves_many_readers(folder):
    wanted = arrays.two_parts(folder, rows=50000)
    with ndcat.Mount(folder, "-s") as mount:
        results = []
        threads = [threading.Thread(target=lambda: results.append((mount / "all.raw").read_bytes())) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(result == wanted.tobytes() for result in results) and len(results) == 6


def test_debug_output_tells_the_requests(folder):
    arrays.two_parts(folder)
    with ndcat.Mount(folder, "-d") as mount:
        os.listdir(mount)
        assert (mount / "all.raw").stat()
        mount.wait_for_log("(?i)lookup")


def test_mounting_over_a_folder_that_is_not_empty(folder, tmp_path):
    wanted = arrays.two_parts(folder)
    full = tmp_path / "full"
    full.mkdir()
    (full / "covered").write_text("for a while")
    with ndcat.Mount(folder, mountpoint=full) as mount:
        assert np.array_equal(np.load(mount / "all.npy"), wanted)
        assert not (full / "covered").exists()
    assert (full / "covered").read_text() == "for a while"


def test_mounting_over_the_manifests_themselves_is_refused(folder):
    arrays.two_parts(folder)
    for mountpoint in (folder, folder.parent):
        done = ndcat.run(folder, mountpoint, timeout=20)
        assert done.returncode == 4 and b"manifests" in done.stderr, done
