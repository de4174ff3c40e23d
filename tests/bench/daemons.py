"""Programs that serve a mount, for the time of a `with` block; whatever happens, no mount stays behind."""

import contextlib
import os
import subprocess
import time

from bench.contender import Cannot
from support.ndcat import guard, is_mounted, watch

PATIENCE = 30  # seconds, for anything to end


@contextlib.contextmanager
def mounted(command, mountpoint, seconds):
    """Runs a command that serves `mountpoint` from the foreground; gives its process once the mount stands."""
    log = mountpoint.with_name(mountpoint.name + ".log")
    with open(log, "wb") as output:
        # A session of its own: Ctrl-C is for the benchmark, which then ends the daemons in order.
        process = subprocess.Popen([os.fspath(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=output, start_new_session=True)
    watch(process.pid, mountpoint)
    try:
        wait_for_mount(process, mountpoint, seconds, log)
        yield process
    finally:
        end(process, mountpoint)
        guard().tell("gone", process.pid)


def wait_for_mount(process, mountpoint, seconds, log):
    end_of_patience = time.monotonic() + seconds
    while not is_mounted(mountpoint):
        if process.poll() is not None:
            raise Cannot(f"{program(mountpoint)} ended: {last_line(log)}")
        if time.monotonic() > end_of_patience:
            raise Cannot(f"{program(mountpoint)} did not mount within {seconds:.0f} s")
        time.sleep(0.0003)


def end(process, mountpoint):
    """In order if it can be, by force if it must."""
    if process.poll() is None and is_mounted(mountpoint):
        subprocess.run(["fusermount3", "-u", mountpoint], capture_output=True, timeout=PATIENCE, check=False)
    if is_mounted(mountpoint):
        subprocess.run(["umount", "-fl", mountpoint], capture_output=True, timeout=PATIENCE, check=False)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(PATIENCE)


def program(mountpoint):
    """Mount points are named after what serves them (Site.new_folder)."""
    return mountpoint.name.rsplit("-", 1)[0]


def last_line(log):
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it says nothing"


def with_children(pid):
    """The process and those that it started, in a mount that takes two."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return pid, *(one for child in file.read().split() for one in with_children(int(child)))


def own_memory(pids):
    """Bytes that the processes keep for themselves (maps of files do not count), and all that is resident."""
    own = resident = 0
    for pid in pids:
        with open(f"/proc/{pid}/status") as file:
            status = dict(line.split(":", 1) for line in file)
        kib = {key: int(status[key].split()[0]) for key in ("RssAnon", "RssShmem", "VmRSS")}
        own += (kib["RssAnon"] + kib["RssShmem"]) * 1024
        resident += kib["VmRSS"] * 1024
    return own, resident
