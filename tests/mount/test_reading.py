"""Ways of reading: maps, O_DIRECT, holes, very large files, locks, and programs that are particular about files."""

import errno
import fcntl
import mmap
import os
import random
import sqlite3
import subprocess

import numpy as np
import pytest

import arrays
import ndcat

TERABYTE = 1 << 40


def test_maps_shared_and_private(folder):
    wanted = arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount, open(mount / "all.raw", "rb") as file:
        with mmap.mmap(file.fileno(), 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ) as shared:
            assert shared[:] == wanted.tobytes()
        with mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE) as private:
            private[100:108] = b"\xffprivate"
            assert private[100:108] == b"\xffprivate"
        with pytest.raises(PermissionError):
            mmap.mmap(file.fileno(), 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_WRITE)
        assert file.read() == wanted.tobytes()
        copied = np.load(mount / "all.npy", mmap_mode="c")
        copied[0] = 7
        assert np.array_equal(np.load(mount / "all.npy"), wanted)


@pytest.mark.parametrize("options", [[], ["-s"], ["-o", "max_read=4096"], ["-o", "direct"], ["-o", "threads=1"]],
                         ids=["", "-s", "max_read", "direct", "threads"])
def test_direct_and_cached_reads_of_any_size_agree(folder, options):
    wanted = arrays.two_parts(folder, rows=20000).tobytes()
    generator = random.Random(1)
    with ndcat.Mount(folder, *options) as mount:
        cached = os.open(mount / "all.raw", os.O_RDONLY)
        direct = os.open(mount / "all.raw", os.O_RDONLY | os.O_DIRECT)
        for _ in range(200):
            offset = generator.randrange(len(wanted) + 5000)
            length = generator.choice([1, 511, 4096, 131072, 300001])
            assert os.pread(cached, length, offset) == wanted[offset:offset + length]
            buffer = mmap.mmap(-1, 4096 * generator.randint(1, 200))
            offset -= offset % 512
            count = os.preadv(direct, [buffer], offset)
            assert buffer[:count] == wanted[offset:offset + len(buffer)]
        os.close(cached)
        os.close(direct)


def large_manifest(folder):
    """A TiB of zeros, then a sparse source of 5 GiB with values at its ends, then a few numbers."""
    with open(folder / "sparse.raw", "wb") as file:
        file.write(np.float64(1.5).tobytes())
        file.seek((5 << 30) - 8)
        file.write(np.float64(-2.5).tobytes())
    np.save(folder / "tail.npy", np.arange(1000.0))
    arrays.write_manifest(folder / "big.json", {"concatenate": [
        {"full": 0, "shape": [TERABYTE // 8], "dtype": "f8"},
        {"path": "sparse.raw", "dtype": "f8", "shape": [-1]}, "tail.npy"]})
    return TERABYTE + (5 << 30) + 8000


def test_a_file_of_more_than_a_terabyte(folder):
    size = large_manifest(folder)
    with ndcat.Mount(folder) as mount:
        assert os.path.getsize(mount / "big.raw") == size
        assert os.path.getsize(mount / "big.npy") == size + 128
        array = np.load(mount / "big.npy", mmap_mode="r")
        assert array.shape == (size // 8,)
        first = TERABYTE // 8
        assert array[first - 1] == 0 and array[first] == 1.5 and array[first + 1] == 0
        assert array[first + (5 << 27) - 1] == -2.5
        assert np.array_equal(array[-1000:], np.arange(1000.0))
        with open(mount / "big.raw", "rb") as file:
            assert os.pread(file.fileno(), 24, TERABYTE - 8) == np.array([0, 1.5, 0]).tobytes()
            assert os.pread(file.fileno(), 100, size - 8) == np.float64(999).tobytes()
            assert os.pread(file.fileno(), 100, size) == b""
            assert os.pread(file.fileno(), 100, (1 << 62)) == b""


def test_seek_data_and_hole(folder):
    size = large_manifest(folder)
    with ndcat.Mount(folder) as mount, open(mount / "big.raw", "rb") as file:
        number = file.fileno()
        first_data = os.lseek(number, 0, os.SEEK_DATA)
        assert TERABYTE - (1 << 30) <= first_data <= TERABYTE
        assert os.lseek(number, 0, os.SEEK_HOLE) == 0
        assert first_data < os.lseek(number, first_data, os.SEEK_HOLE) <= size
        assert os.lseek(number, size - 1, os.SEEK_DATA) == size - 1
        assert os.lseek(number, size - 1, os.SEEK_HOLE) == size
        for whence in (os.SEEK_DATA, os.SEEK_HOLE):
            for offset in (size, size + 5):
                with pytest.raises(OSError) as failure:
                    os.lseek(number, offset, whence)
                assert failure.value.errno == errno.ENXIO
        assert os.lseek(number, -5, os.SEEK_END) == size - 5


def test_what_is_called_a_hole_reads_as_zeros(folder):
    generator = random.Random(2)
    sizes = [generator.choice([1, 5000, 1 << 20]) for _ in range(12)]
    parts = [np.zeros(n, "u1") if i % 2 else np.full(n, 7, "u1") for i, n in enumerate(sizes)]
    listed = []
    for i, part in enumerate(parts):
        np.save(folder / f"{i}.npy", part)
        listed.append({"full": 0, "shape": [len(part)], "dtype": "u1"} if i % 2 else f"{i}.npy")
    arrays.write_manifest(folder / "x.json", {"concatenate": listed})
    wanted = np.concatenate(parts).tobytes()
    with ndcat.Mount(folder) as mount, open(mount / "x.raw", "rb") as file:
        position = 0
        while position < len(wanted):
            hole = os.lseek(file.fileno(), position, os.SEEK_HOLE)
            assert hole >= position
            if hole == len(wanted):
                break
            try:
                data = os.lseek(file.fileno(), hole, os.SEEK_DATA)
            except OSError:
                data = len(wanted)
            assert data > hole and not any(wanted[hole:data])
            position = data


def test_tar_cp_cmp_and_dd(folder, tmp_path):
    wanted = arrays.two_parts(folder, rows=30000)
    np.save(folder / "z.npy", np.zeros(200000))
    arrays.write_manifest(folder / "holes.json", {"concatenate": [
        "z.npy", {"full": 0, "shape": [300000], "dtype": "f8"}, {"path": "a.npy", "select": ":, 0"}]})
    out = tmp_path / "out"
    out.mkdir()
    with ndcat.Mount(folder) as mount:
        subprocess.run(["tar", "--sparse", "-cf", tmp_path / "x.tar", "-C", mount, "all.raw", "holes.raw"], check=True)
        subprocess.run(["tar", "-xf", tmp_path / "x.tar", "-C", out], check=True)
        for name in ("all.raw", "holes.raw"):
            subprocess.run(["cmp", mount / name, out / name], check=True)
            for how in ("always", "auto", "never"):
                subprocess.run(["cp", f"--sparse={how}", mount / name, tmp_path / "copy"], check=True)
                subprocess.run(["cmp", mount / name, tmp_path / "copy"], check=True)
        np.save(tmp_path / "copy.npy", wanted)
        subprocess.run(["cmp", mount / "all.npy", tmp_path / "copy.npy"], check=True)
        for options in (["bs=100003"], ["bs=1M", "iflag=direct"], ["bs=4k", "skip=3"]):
            files = [f"if={mount / 'all.raw'}", f"of={tmp_path / 'copy'}"]
            subprocess.run(["dd", *files, "status=none", *options], check=True)
            start = 3 * 4096 if "skip=3" in options else 0
            assert (tmp_path / "copy").read_bytes() == wanted.tobytes()[start:]


def test_locks_on_files_that_are_read_only(folder):
    arrays.two_parts(folder)
    with ndcat.Mount(folder) as mount:
        with open(mount / "all.raw", "rb") as file, open(mount / "all.raw", "rb") as other:
            fcntl.lockf(file, fcntl.LOCK_SH)
            fcntl.lockf(file, fcntl.LOCK_UN)
            fcntl.flock(file, fcntl.LOCK_EX)
            with pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.flock(file, fcntl.LOCK_UN)
            fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
            # Two processes may share a POSIX lock for reading.
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            code = "import fcntl; fcntl.lockf(open(sys.argv[1], 'rb'), fcntl.LOCK_SH | fcntl.LOCK_NB)"
            done = arrays.python(code, mount / "all.raw")
            assert done.returncode == 0, done.stderr


def test_sqlite_reads_a_database_made_of_pieces(folder):
    database = folder / "whole.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table t (n integer primary key, text)")
        connection.executemany("insert into t values (?, ?)", [(n, f"row {n} " * 5) for n in range(5000)])
    connection.close()
    content = database.read_bytes()
    borders = [0, 1, 5000, 77777, len(content)]
    for i, (start, end) in enumerate(zip(borders, borders[1:])):
        (folder / f"piece-{i}.bin").write_bytes(content[start:end])
    arrays.write_manifest(folder / "db.json", {"concatenate": [
        {"glob": "piece-*.bin", "dtype": "u1", "shape": [-1]}], "views": ["raw"]})
    with ndcat.Mount(folder) as mount:
        for how in ("mode=ro", "mode=ro&immutable=1"):
            connection = sqlite3.connect(f"file:{mount / 'db.raw'}?{how}", uri=True)
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
            assert connection.execute("select count(*), text from t where n = 4321").fetchone() == (1, "row 4321 " * 5)
            connection.close()


READER = """
import random, threading
path, seed = sys.argv[1], int(sys.argv[2])
wanted = open(sys.argv[3], 'rb').read()
def read(seed):
    generator = random.Random(seed)
    number = os.open(path, os.O_RDONLY)
    for _ in range(150):
        offset = generator.randrange(len(wanted))
        length = generator.choice([1, 100, 5000, 140000])
        if os.pread(number, length, offset) != wanted[offset:offset + length]:
            print('wrong bytes at', offset, flush=True)
            os._exit(1)
        if generator.random() < 0.05:
            os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
    mapped = np.memmap(path, 'u1', 'r')
    offsets = [generator.randrange(len(wanted)) for _ in range(500)]
    if mapped[offsets].tobytes() != bytes(wanted[o] for o in offsets):
        print('wrong bytes in the map', flush=True)
        os._exit(1)
threads = [threading.Thread(target=read, args=(seed * 100 + i,)) for i in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
"""


def test_many_readers_at_once(folder, tmp_path):
    wanted = np.concatenate([arrays.distinct((400, n), "f4", n) for n in (300, 1, 700)], axis=1)
    for i, part in enumerate(np.split(wanted, [300, 301], axis=1)):
        np.save(folder / f"{i}.npy", np.asarray(part, order="FCF"[i]))
    arrays.write_manifest(folder / "x.json", {"concatenate": ["{0..2}.npy"], "axis": 1, "order": "C"})
    (tmp_path / "wanted").write_bytes(wanted.tobytes())
    with ndcat.Mount(folder) as mount:
        readers = [arrays.start_python(READER, mount / "x.raw", str(seed), tmp_path / "wanted") for seed in range(4)]
        for reader in readers:
            output = reader.communicate(timeout=50 * ndcat.SLOW)[0]
            assert reader.returncode == 0, output
