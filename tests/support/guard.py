"""A watchdog beside the tests: whatever happens to them, no read hangs for ever and no mount stays behind.

A reader blocked by a file system cannot be woken by Python's own means, not even by a second thread when it hangs in a
page fault. So this runs as a process of its own and takes orders, one a line:
    daemon PID MOUNTPOINT    a daemon that serves MOUNTPOINT; both are to be gone at the end
    gone PID                 it ended as it should
    deadline SECONDS         kill all daemons unless the next line comes within this time (their readers get an error)
When the tests end, in whatever way, its input ends: then it kills and unmounts what is left.
"""

import os
import select
import signal
import subprocess
import sys


def kill(daemons):
    for pid in daemons:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    daemons, timeout, pending = {}, None, b""
    while True:
        if not select.select([0], [], [], timeout)[0]:
            print(f"guard: no progress for {timeout} s; killing the daemons {list(daemons)}", file=sys.stderr)
            kill(daemons)
            timeout = None
            continue
        received = os.read(0, 4096)
        if not received:
            break
        *lines, pending = (pending + received).split(b"\n")
        for line in lines:
            word, _, rest = line.partition(b" ")
            if word == b"daemon":
                pid, _, mountpoint = rest.partition(b" ")
                daemons[int(pid)] = mountpoint
            elif word == b"gone":
                daemons.pop(int(rest), None)
            elif word == b"deadline":
                timeout = float(rest) or None
    kill(daemons)
    for mountpoint in daemons.values():
        subprocess.run(["umount", "-l", mountpoint], stderr=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    main()
