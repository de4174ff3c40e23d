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
    nested = "deeper than 500 levels, nested manifests included"
    case(
        "expressions-600-deep",
        '{"concatenate": [' * 450 + '{"path": "expressions-150-deep.txt"}' + "]}" * 450,
        "expressions-150-deep.txt:1:851" + " /concatenate/0" + "/concatenate/0" * 49 + f": expressions nested {nested}",
    )
    (folder / "expressions-150-deep.txt").write_text('{"concatenate": [' * 150 + '"a.npy"' + "]}" * 150)
    case(
        "dtype-95-deep",
        '{"full": 0, "shape": [1], "dtype": ' + '[["a", ' * 95 + '"f8"' + "]]" * 95 + "}",
        f"dtype-95-deep.json:1:{36 + 90 * 7} /dtype" + "/0/1" * 90 + ": " + 'field "a": ' * 90
        + "structures are nested more than 90 levels deep",
    )
    text = "{'descr': " + "[('a', " * 95 + "'<f8'" + ")]" * 95 + ", 'fortran_order': False, 'shape': (1,)}\n"
    (folder / "header-95-deep.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode())
    case(
        "header-95-deep",
        '{"path": "header-95-deep.npy"}',
        'header-95-deep.json:1:1: header-95-deep.npy: the "descr" of the NumPy header: ' + 'field "a": ' * 90
        + "structures are nested more than 90 levels deep",
    )
    case(
        "more-than-8-million-values",
        "[" + "0," * 8_000_000 + "0]",
        "more-than-8-million-values.json:1:16000002 /8000000: this file holds more than 8000000 values",
    )
    long_key = "k" * 100_000
    case(
        "very-many-duplicate-keys",
        f'{{"{long_key}": {{' + ", ".join(['"a": 0'] * 11) + "}}",
        "very-many-duplicate-keys.json: 8 more duplicate keys",
        f'very-many-duplicate-keys.json:1:2 /{long_key}: "{"k" * 60}"...: unknown key, and there is no verb in this '
        'object; it needs one of "concatenate", "stack", "block", "full", "path" and "glob"',
        *[
            f'very-many-duplicate-keys.json:1:{100_007 + 8 * i} /{long_key}/a: "a": duplicate key; it stands already at '
            "line 1, column 100007"
            for i in [1, 2]
        ],
    )
    doubled = '{"concatenate": ["half-%d.txt", "half-%d.txt"]}'
    np.save(folder / "nothing.npy", np.zeros((0, 3)))
    (folder / "half-0.txt").write_text('{"path": "nothing.npy"}')
    for level in range(1, 26):
        (folder / f"half-{level}.txt").write_text(doubled % (level - 1, level - 1))
    case(
        "more-than-16-million-arrays",
        '{"path": "half-25.txt"}',
        "half-25.txt:1:33 /concatenate/1: half-24.txt: more than 16777216 arrays in one manifest",
    )
    (folder / "piece-0.txt").write_text('{"path": "a.npy"}')
    for level in range(1, 23):
        (folder / f"piece-{level}.txt").write_text((doubled % (level - 1, level - 1)).replace("half", "piece"))
    case(
        "more-than-2-million-pieces",
        '{"path": "piece-22.txt"}',
        "piece-22.txt:1:34 /concatenate/1: the result has more than 2097152 pieces, which is too many",
    )
    case(
        "pattern-of-17-mb",
        '{"concatenate": ["' + "*" * (17 << 20) + '"]}',
        f'pattern-of-17-mb.json:1:18 /concatenate/0: "{"*" * 60}"...: the pattern is longer than 16 MiB',
    )
    long_name = "x" * 100_000
    case(
        "braces-of-1-gb",
        '{"concatenate": ["' + long_name + '{0..9999}"]}',
        f'braces-of-1-gb.json:1:18 /concatenate/0: "{"x" * 60}"...: its braces stand for more than 256 MiB of names',
    )
    with open(folder / "element-of-65-mib.raw", "wb") as raw:
        raw.truncate(65 << 20)
    case(
        "element-of-65-mib",
        f'{{"path": "element-of-65-mib.raw", "dtype": "S{65 << 20}", "shape": [1], "astype": "S8"}}',
        f"element-of-65-mib.json: elements of {65 << 20} bytes cannot be converted from |S{65 << 20} to |S8: "
        "at most 64 MiB are; keep the dtype that the source has",
    )
    case(
        "too-big-with-its-header",
        f'{{"full": 0, "shape": [{2**63 - 1}], "dtype": "u1"}}',
        f"too-big-with-its-header.json: an array of {2**63 - 1} bytes and its header are too big for a file",
    )
    return cases


if __name__ == "__main__":
    make(sys.argv[1])
