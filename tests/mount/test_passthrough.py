"""-o passthrough: files that are one source byte for byte, which the kernel reads from it by itself."""

import errno
import mmap
import os
import re
import subprocess
import threading

import numpy as np
import pytest

import arrays
import ndcat

ARRAY = arrays.distinct((300, 70))


def kernel_version():
    return tuple(int(number) for number in re.match(r"(\d+)\.(\d+)", os.uname().release).groups())


@pytest.fixture
def passed(folder):
    """Mounts the folder with a log of requests."""
    if ndcat.libfuse_version() < (3, 17) or kernel_version() < (6, 9):
        pytest.skip("needs a newer libfuse (3.17), and Linux 6.9")
    if os.geteuid() != 0:
        pytest.skip("needs root")
    return lambda *options: ndcat.Mount(folder, "-d", "-o", ",".join(["passthrough", *options]))


def reads(mount):
    return len(re.findall(r"opcode: READ \(", mount.log()))


def save(folder, name, array, **manifest):
    """NAME.npy and NAME.json, which shows it; returns what it shows."""
    np.save(folder / f"{name}.npy", array)
    arrays.write_manifest(folder / f"{name}.json", {"path": f"{name}.npy", **manifest})
    return array


def write_raw(folder, name, array, **manifest):
    array.tofile(folder / f"{name}.bin")
    arrays.write_manifest(folder / f"{name}.json", {"path": f"{name}.bin", "dtype": array.dtype.str,
                                                    "shape": array.shape, **manifest})


@pytest.mark.parametrize("options", [[], ["direct"]], ids=["", "direct"])
def test_what_is_one_source_is_read_without_a_request(folder, passed, options):
    save(folder, "c", ARRAY)
    save(folder, "f", np.asfortranarray(ARRAY))
    save(folder, "whole", ARRAY, select="0:300", astype="<f8")
    write_raw(folder, "raw", ARRAY)
    with passed(*options) as mount:
        for name in ("c.npy", "f.npy", "whole.npy"):
            assert (mount / name).read_bytes() == (folder / name).read_bytes(), name
            assert np.array_equal(np.load(mount / name, mmap_mode="r"), ARRAY), name
        with open(mount / "raw.raw", "rb") as file:
            assert os.pread(file.fileno(), 1000, 160_000) == ARRAY.tobytes()[160_000:161_000]
            with mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ) as private:
                assert private[:] == ARRAY.tobytes()
        assert reads(mount) == 0


def test_what_is_not_goes_through_ndcat(folder, passed):
    wanted = {"all.npy": arrays.saved(arrays.two_parts(folder))}
    save(folder, "c", ARRAY)
    wanted["c.raw"] = ARRAY.tobytes()  # begins behind a header
    wanted["swapped.npy"] = arrays.saved(save(folder, "swapped", ARRAY.astype(">f8"), astype="<f8").astype("<f8"))
    save(folder, "part", ARRAY, select="0:299")
    wanted["part.npy"] = arrays.saved(ARRAY[:299])
    save(folder, "writable", ARRAY, mode="r+")
    wanted["writable.npy"] = arrays.saved(ARRAY)
    write_raw(folder, "raw", ARRAY)
    wanted["raw.npy"] = arrays.saved(ARRAY)  # has a header that the source lacks
    write_raw(folder, "offset", ARRAY, shape=[299, 70], offset=560)
    wanted["offset.raw"] = ARRAY[1:].tobytes()
    with open(folder / "other.npy", "wb") as file:  # a header that np.save would not write
        np.lib.format.write_array(file, ARRAY, version=(2, 0))
    arrays.write_manifest(folder / "other.json", {"path": "other.npy"})
    wanted["other.npy"] = arrays.saved(ARRAY)
    with passed("rw") as mount:
        for name, content in wanted.items():
            before = reads(mount)
            assert (mount / name).read_bytes() == content, name
            assert reads(mount) > before, name


def test_readers_see_what_becomes_of_the_source_as_if_they_had_opened_it(folder, passed):
    """The price: nobody looks on, so a source that is cut short is no error, and one that grows is no longer."""
    for name in ("short", "long", "gone"):
        save(folder, name, ARRAY)
    size = os.path.getsize(folder / "long.npy")
    with passed() as mount:
        files = {name: os.open(mount / f"{name}.npy", os.O_RDONLY) for name in ("short", "long", "gone")}
        os.truncate(folder / "short.npy", 5000)
        assert len(os.pread(files["short"], size, 0)) == 5000
        assert os.pread(files["short"], 100, 5000) == b""
        with open(folder / "long.npy", "ab") as file:
            file.write(b"more")
        assert os.fstat(files["long"]).st_size == size
        assert os.pread(files["long"], 100, size - 2)[2:] == b"more"
        os.remove(folder / "gone.npy")
        assert os.pread(files["gone"], size, 0) == arrays.saved(ARRAY)
        for number in files.values():
            os.close(number)
        assert reads(mount) == 0
        # What is opened from now on is looked at first, as ever.
        for name in ("short", "gone"):
            assert not (mount / f"{name}.npy").exists()
            assert f"{name}.npy" in (mount / f"{name}.error").read_text()


def test_a_write_to_the_source_is_seen_at_once(folder, passed):
    save(folder, "c", ARRAY)
    with passed() as mount, open(mount / "c.npy", "rb") as file:
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
            before = mapped[-8:]
            with open(folder / "c.npy", "r+b") as source:
                source.seek(-8, os.SEEK_END)
                source.write(np.float64(123.5).tobytes())
            assert before == ARRAY[-1, -1].tobytes()
            assert np.frombuffer(mapped[-8:])[0] == 123.5
            assert np.frombuffer(os.pread(file.fileno(), 8, len(mapped) - 8))[0] == 123.5


def test_a_file_that_can_be_written_to_is_open_for_reading_and_writing_at_once(folder, passed):
    save(folder, "c", ARRAY, mode="r+")
    with passed("rw") as mount, open(mount / "c.npy", "rb") as reader:
        with open(mount / "c.npy", "r+b", buffering=0) as writer:
            writer.seek(-8, os.SEEK_END)
            writer.write(np.float64(123.5).tobytes())
            reader.seek(-8, os.SEEK_END)
            assert np.frombuffer(reader.read())[0] == 123.5
        assert np.load(folder / "c.npy")[-1, -1] == 123.5


def test_a_file_system_that_the_kernel_refuses_is_read_through_ndcat_and_that_is_said_once(folder, passed, tmp_path):
    """overlayfs lies on other file systems, and the kernel allows only so many upon each other."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", tmp_path], check=True)
    try:
        for name in ("lower", "upper", "work", "manifests"):
            (tmp_path / name).mkdir()
        for name in "ab":
            save(tmp_path / "lower", name, ARRAY)
        layers = f"lowerdir={tmp_path}/lower,upperdir={tmp_path}/upper,workdir={tmp_path}/work"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, folder], check=True)
        with passed() as mount:
            for name in "abab":
                assert (mount / f"{name}.npy").read_bytes() == arrays.saved(ARRAY)
            assert reads(mount) > 0
            assert mount.log().count("which the kernel refuses to read by itself") == 1
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)  # and what is mounted in it


def test_readers_that_come_and_go_beside_each_other_all_succeed(folder, passed):
    """The kernel refuses opens of one file that overlap and differ; sources are replaced under new inodes meanwhile."""
    versions = [arrays.saved(ARRAY + n) for n in range(8)]
    save(folder, "c", ARRAY)
    failures, is_over = [], threading.Event()

    def read(path):
        while not is_over.is_set():
            try:
                with open(path, "rb") as file:
                    with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
                        assert mapped[:] in versions
                    assert file.read() in versions
            except OSError as failure:
                if failure.errno != errno.ESTALE:  # it was replaced twice within one open()
                    failures.append(failure)
                    return
            except Exception as failure:
                failures.append(failure)
                return

    with passed() as mount:
        threads = [threading.Thread(target=read, args=[mount / "c.npy"]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for content in versions * 5:
            (folder / "new").write_bytes(content)
            os.rename(folder / "new", folder / "c.npy")
            ndcat.wait_until(lambda: (mount / "c.npy").read_bytes() == content or failures, what="the new source")
        is_over.set()
        for thread in threads:
            thread.join()
        assert not failures
        assert reads(mount) == 0


def test_without_it_in_libfuse_that_is_said_and_files_are_read_all_the_same(folder):
    save(folder, "c", ARRAY)
    with ndcat.Mount(folder, "-o", "passthrough") as mount:
        assert (mount / "c.npy").read_bytes() == arrays.saved(ARRAY)
        is_there = ndcat.libfuse_version() >= (3, 17) and kernel_version() >= (6, 9) and os.geteuid() == 0
        assert ("-o passthrough: every file is read through ndcat" in mount.log()) == (not is_there)
