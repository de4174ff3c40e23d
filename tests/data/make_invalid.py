#!/usr/bin/env python3
"""Writes the invalid manifests that cannot be committed: too big, or made of special files.

    python3 make_invalid.py FOLDER

Each NAME.json gets a NAME.expected with what `ndcat check --sources FOLDER NAME.json` must say of it.
"""

import os
import pathlib
import sys

import numpy as np


def make(folder):
    """Fills `folder`, which exists and is empty; returns the names of the cases."""
    folder = pathlib.Path(folder)
    np.save(folder / "a.npy", np.arange(15.0).reshape(5, 3))
    cases = {}

    def case(name, text, *problems):
        (folder / f"{name}.json").write_text(text)
        (folder / f"{name}.expected").write_text("".join(f"{problem}\n" for problem in problems))
        cases[name] = folder / f"{name}.json"

    os.mkfifo(folder / "pipe.npy")
    case("fifo", '{"path": "pipe.npy"}', "fifo.json:1:1: pipe.npy: is a FIFO")
    os.symlink("/dev/zero", folder / "zero.npy")
    (folder / "folder.npy").mkdir()
    case("folder", '{"path": "folder.npy"}', "folder.json:1:1: folder.npy: is a directory")
    os.symlink("nowhere.npy", folder / "dangling.npy")
    case("dangling-link", '{"path": "dangling.npy"}', "dangling-link.json:1:1: dangling.npy: no such file")
    os.symlink("circle-2.npy", folder / "circle-1.npy")
    os.symlink("circle-1.npy", folder / "circle-2.npy")
    case(
        "circle-of-links",
        '{"path": "circle-1.npy"}',
        "circle-of-links.json:1:1: circle-1.npy: too many symbolic links in its path (more than 40)",
    )
    outside = "lies outside the folders that this mount may read (see -o sources=)"
    case("device", '{"path": "zero.npy"}', f"device.json:1:1: zero.npy: {outside}")
    os.symlink("/etc", folder / "etc")
    case("escaping-link", '{"path": "etc/passwd"}', f"escaping-link.json:1:1: etc/passwd: {outside}")
    case("escaping-path", '{"path": "/etc/passwd"}', f"escaping-path.json:1:1: /etc/passwd: {outside}")

    levels = 100_000
    case(
        "nested-100000-deep",
        "[" * levels + "]" * levels,
        "nested-100000-deep.json:1:1001: lists and objects are nested more than 1000 levels deep",
    )
    with open(folder / "manifest-of-100-mb.json", "w") as manifest:
        manifest.write('{"concatenate": [\n')
        for _ in range(100_000):
            manifest.write('"a.npy",' * 125 + "\n")
        manifest.write('"a.npy"]}\n')
    (folder / "manifest-of-100-mb.expected").write_text("manifest-of-100-mb.json: is longer than 67108864 bytes\n")
    cases["manifest-of-100-mb"] = folder / "manifest-of-100-mb.json"

    with open(folder / "header-of-2-gib.npy", "wb") as header:
        header.write(b"\x93NUMPY\x02\x00" + (2**31).to_bytes(4, "little") + b"{'descr': '<f8', ")
        header.truncate(2**31 + 12)
    case(
        "header-of-2-gib",
        '{"path": "header-of-2-gib.npy"}',
        "header-of-2-gib.json:1:1: header-of-2-gib.npy: the NumPy header claims to be 2147483660 bytes long; "
        "at most 1048576 are read",
    )
    case(
        "more-than-1000-problems",
        '{"concatenate": [\n' + ",\n".join(['"nope.npy"'] * 1500) + "]}\n",
        *[
            f"more-than-1000-problems.json:{i + 2}:1 /concatenate/{i}: nope.npy: no such file"
            for i in range(1000)
        ],
        "more-than-1000-problems.json: and 500 more problems; mend these first",
    )
    for level in range(150):
        (folder / f"level-{level}.json").write_text(f'{{"path": "level-{level + 1}.json"}}')
    (folder / "level-150.json").write_text('{"path": "a.npy"}')
    case(
        "manifests-150-deep",
        '{"path": "level-0.json"}',
        "level-98.json:1:1: level-99.json: manifests nested deeper than 100 levels",
    )
    return cases


if __name__ == "__main__":
    make(sys.argv[1])
