"""Arrays in files, manifests, and what NumPy would save: the words that the mount tests share."""

import io
import json
import os
import subprocess
import sys

import numpy as np


def write_manifest(path, manifest):
    """Atomically, as editors do: a reader sees the old manifest or the new one."""
    temporary = os.fspath(path) + ".new"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(manifest, file)
    os.rename(temporary, path)


def saved(array):
    """The bytes that np.save writes."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def distinct(shape, dtype="f8", first=0):
    """Different values everywhere, so that nothing can be mixed up unseen."""
    count = int(np.prod(shape))
    return (np.arange(count, dtype="i8") + first).astype(dtype).reshape(shape)


def two_parts(folder, rows=1000):
    """all.json: a.npy and b.npy along axis 0. Returns NumPy's result."""
    parts = [distinct((rows, 5)), distinct((rows // 2, 5), first=10**6)]
    np.save(folder / "a.npy", parts[0])
    np.save(folder / "b.npy", parts[1])
    write_manifest(folder / "all.json", {"concatenate": ["a.npy", "b.npy"]})
    return np.concatenate(parts)


def error_of(call, *arguments):
    """The errno of a call, 0 when it succeeds."""
    try:
        call(*arguments)
    except OSError as error:
        return error.errno
    return 0


def pread_error(descriptor, length, offset):
    """The errno of a read, 0 when it succeeds."""
    return error_of(os.pread, descriptor, length, offset)


def python(code, *arguments, prefix=(), timeout=60):
    """Runs Python code with `np` and `os` at hand in a process of its own; returns the finished process."""
    return subprocess.run([*prefix, sys.executable, "-c", "import os, sys, numpy as np\n" + code,
                           *map(os.fspath, arguments)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, check=False)


def start_python(code, *arguments, **options):
    """The same, but running beside the test; its standard output is a pipe."""
    return subprocess.Popen([sys.executable, "-c", "import os, sys, numpy as np\n" + code, *map(os.fspath, arguments)],
                            stdout=subprocess.PIPE, **options)
