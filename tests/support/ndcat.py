"""What every test of the running program needs: where it is, mounts with their logs, watchdogs and leftovers.

Environment:
    NDCAT_BINARY   the program (default: build/ndcat of this repository)
    NDCAT_SLOW     set for sanitizer builds: all timeouts are multiplied
    CI             set to true: what cannot be tested (no /dev/fuse) is a failure, not a skip
"""

import ctypes
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SLOW = 8 if os.environ.get("NDCAT_SLOW") else 1
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SANITIZER_REPORT = re.compile(rb"Sanitizer|runtime error:|Assertion|terminate called|double free|corrupted")
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def binary():
    path = os.environ.get("NDCAT_BINARY", str(REPOSITORY / "build" / "ndcat"))
    if not os.access(path, os.X_OK):
        raise FileNotFoundError(f"{path}: no such program; build it or set NDCAT_BINARY")
    return os.path.abspath(path)


def run(*arguments, timeout=60, check_sanitizers=True, **options):
    """Runs ndcat to its end; stdout and stderr are bytes. Dying of a signal or a sanitizer's report is a failure."""
    options.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run([binary(), *map(os.fspath, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=timeout * SLOW, check=False, **options)
    assert done.returncode >= 0, f"ndcat {arguments} died of signal {-done.returncode}: {done.stderr!r}"
    if check_sanitizers:
        assert not SANITIZER_REPORT.search(done.stderr), done.stderr.decode(errors="replace")
    return done


def fuse_is_usable():
    return os.path.exists("/dev/fuse") and shutil.which("fusermount3") is not None


def libfuse_version():
    """Of the program: (3, 14, 0)."""
    text = run("--version").stdout.decode()
    return tuple(int(number) for number in re.search(r"FUSE library (\d+)\.(\d+)\.(\d+)", text).groups())


def mountpoints():
    """All mount points of this mount namespace and what the table of mounts says of each, as bytes."""
    with open("/proc/self/mountinfo", "rb") as file:
        lines = file.read().splitlines()
    return {re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), line.split()[4]): line for line in lines}


def is_mounted(path):
    return os.path.realpath(os.fsencode(path)) in mountpoints()


def wait_until(condition, timeout=10, what="the condition"):
    end = time.monotonic() + timeout * SLOW
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come true within {timeout * SLOW} s")
        time.sleep(0.005)


def dies_with_parent():
    """For preexec_fn: no daemon outlives the tests."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Guard:
    """The process of guard.py; see there."""

    def __init__(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "guard.py")
        self.process = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, start_new_session=True)

    def tell(self, *words):
        self.process.stdin.write(b" ".join(os.fsencode(str(w) if isinstance(w, (int, float)) else w)
                                           for w in words) + b"\n")
        self.process.stdin.flush()

    def deadline(self, seconds):
        self.tell("deadline", seconds * SLOW)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


_guard = None
_started = {}  # mount point -> process, of all daemons that this process ever started


def guard():
    """The guard of this process (a forked child makes one of its own)."""
    global _guard
    if _guard is None or _guard[0] != os.getpid():
        _guard = (os.getpid(), Guard())
    return _guard[1]


def watch(pid, mountpoint):
    """From now on the daemon and its mount are to be gone at the end."""
    _started[os.path.realpath(mountpoint)] = pid
    guard().tell("daemon", pid, os.fspath(mountpoint))


def leftovers():
    """Mount points still mounted and daemons still running, of those that this process started."""
    mounted = [path for path in _started if is_mounted(path)]
    running = [pid for pid in _started.values() if "ndcat" in program_of(pid)]
    return mounted, running


def program_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:  # ended; perhaps a zombie, where nobody reaps orphans
        return ""


class MountFailed(Exception):
    """ndcat ended before the mount answered; `code` is its exit code, `log` what it said."""

    def __init__(self, code, log):
        super().__init__(f"ndcat ended with {code}: {log}")
        self.code, self.log = code, log


class Mount:
    """A mount of `manifests`, in the foreground, for the time of a `with` block; its path is str(mount) or mount / "x".

    At the end it must unmount cleanly: exit code 0 (unless expect_exit says otherwise), nothing left in the list of
    mounts, no sanitizer report in its log.
    """

    def __init__(self, manifests, *arguments, mountpoint=None, prefix=(), program=None, expect_exit=0, **popen):
        self.made = mountpoint is None
        self.path = pathlib.Path(mountpoint or tempfile.mkdtemp(prefix="ndcat-mnt-"))
        self.command = [*prefix, program or binary(), os.fspath(manifests), os.fspath(self.path), "-f", *arguments]
        self.expect_exit = expect_exit
        self.popen = popen
        self.log_file = tempfile.NamedTemporaryFile(prefix="ndcat-log-")
        self.process = None

    def __enter__(self):
        # A start in a child of vfork would not run preexec_fn; Python sees to that.
        self.popen.setdefault("preexec_fn", dies_with_parent)
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=self.log_file,
                                        stderr=self.log_file, **self.popen)
        watch(self.process.pid, self.path)
        try:
            wait_until(lambda: self.process.poll() is not None or is_mounted(self.path), 30, "the mount")
            if self.process.poll() is not None:
                raise MountFailed(self.process.returncode, self.log())
        except BaseException:
            self.clean_up()
            raise
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            log = self.log()
            self.clean_up()
            print(f"--- log of {self.command}:\n{log[-6000:]}", file=sys.stderr)
            return
        try:
            self.stop()
        finally:
            self.clean_up()

    def stop(self):
        """Unmounts if it is still mounted (or, while the test has files open, by SIGTERM); then checks how it ended."""
        if self.process.poll() is None and is_mounted(self.path):
            done = subprocess.run(["fusermount3", "-u", self.path], stderr=subprocess.PIPE, check=False)
            if done.returncode:
                assert b"busy" in done.stderr, done.stderr
                self.process.terminate()
        code = self.wait()
        self.check_log()
        assert code == self.expect_exit, f"ndcat ended with {code}:\n{self.log()}"
        assert not is_mounted(self.path) or self.expect_exit < 0, "the mount point is still a mount"

    def wait(self, timeout=20):
        return self.process.wait(timeout * SLOW)

    def check_log(self):
        report = SANITIZER_REPORT.search(self.log_bytes())
        assert not report, self.log()

    def clean_up(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if is_mounted(self.path):
            subprocess.run(["umount", "-l", self.path], check=False)
        guard().tell("gone", self.process.pid)
        if self.made and self.path.exists():
            self.path.rmdir()

    def __truediv__(self, name):
        return self.path / name

    def __str__(self):
        return str(self.path)

    def __fspath__(self):
        return str(self.path)

    def log_bytes(self):
        return pathlib.Path(self.log_file.name).read_bytes()

    def log(self):
        return self.log_bytes().decode(errors="replace")

    def wait_for_log(self, pattern, timeout=10):
        wait_until(lambda: re.search(pattern, self.log()), timeout, f"a line like {pattern!r} in the log")

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self):
        """Resident bytes that are the daemon's own (maps of files do not count)."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"RssAnon:\s+(\d+) kB", file.read())[1]) * 1024
