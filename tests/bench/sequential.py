"""Source-warm sequential reading of joined arrays, as a ratio to a FUSE file that answers from one constant buffer.

    python3 tests/bench/sequential.py [BUILD_FOLDER] [ROUNDS]

Every case is read once a round, in turn, so that the machine's moods meet all alike. The sources stay in the page cache
(they were just written); the virtual files' own pages are dropped at each open, because sources so young are not trusted.
Prints GB/s (1e9) and ratios, as medians with their ranges.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np

BUILD = Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve()
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 7
ROWS = 32_000  # of 32 000 bytes: 1.02 GB
CHUNK = 1 << 20

CASES = {
    "axis 0: 2 sources": '{"concatenate": ["top.raw", "bottom.raw"], "defaults": {"dtype": "<f8", "shape": [-1, 4000]}}',
    "axis 1: 24 000 + 8 000 bytes a row": '{"concatenate": [{"path": "wide.raw", "dtype": "<f8", "shape": [-1, 3000]},'
                                          ' {"path": "narrow.raw", "dtype": "<f8", "shape": [-1, 1000]}], "axis": 1}',
    "axis 1: 8 + 8 bytes a row": '{"concatenate": ["top.raw", "bottom.raw"], "axis": 1,'
                                 ' "defaults": {"dtype": "<f8", "shape": [-1, 1]}}',
}


def make(folder):
    values = np.arange(ROWS * 4000, dtype="<f8").reshape(ROWS, 4000)
    for name, part in {"top": values[: ROWS // 2], "bottom": values[ROWS // 2 :],
                       "wide": values[:, :3000], "narrow": values[:, 3000:]}.items():
        part.tofile(folder / f"{name}.raw")
    for number, text in enumerate(CASES.values()):
        (folder / f"case{number}.json").write_text(text)


def mounted(stack, command, mountpoint):
    mountpoint.mkdir()
    process = subprocess.Popen([str(word) for word in command])
    stack.callback(process.wait)
    stack.callback(process.terminate)
    for _ in range(500):
        if os.path.ismount(mountpoint):
            return
        time.sleep(0.02)
    sys.exit(f"{command[0]} did not mount")


def speed(path):
    buffer = bytearray(CHUNK)
    total, begin = 0, time.perf_counter()
    with open(path, "rb", buffering=0) as file:
        while count := file.readinto(buffer):
            total += count
    return total / (time.perf_counter() - begin) / 1e9


def main():
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ndcat-bench-", dir=os.environ.get("TMPDIR"))))
        manifests = folder / "manifests"
        manifests.mkdir()
        make(manifests)
        mounted(stack, [BUILD / "ndcat", manifests, folder / "joined", "-f"], folder / "joined")
        mounted(stack, [BUILD / "tests/bench/constant_fuse", ROWS * 32_000, folder / "limit"], folder / "limit")
        files = {"constant buffer (the limit)": folder / "limit/constant"}
        files |= {name: folder / f"joined/case{number}.raw" for number, name in enumerate(CASES)}
        rounds = [{name: speed(path) for name, path in files.items()} for _ in range(ROUNDS + 1)][1:]
        limit = next(iter(files))
        for name in files:
            speeds = sorted(one[name] for one in rounds)
            ratios = sorted(one[name] / one[limit] for one in rounds)
            print(f"{name:36} {statistics.median(speeds):5.2f} GB/s ({speeds[0]:.2f} to {speeds[-1]:.2f})   "
                  f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


main()
