"""A loss of power at any moment: what fsync covered is there, nothing that nobody wrote is, and no file is damaged."""

import os
import threading
import time
import traceback

import numpy as np
import pytest

import arrays
import ndcat
import power_cut
import power_loss_program
import power_loss_world as world

# NDCAT_SEED replays what is written, but the moments have a clock in them.
SEED = int(os.environ.get("NDCAT_SEED") or int.from_bytes(os.urandom(4), "little"))
CUTS = 40


@pytest.fixture
def disk(tmp_path):
    with power_cut.Disk(tmp_path) as made:
        yield made


def start(run, *arguments):
    """In a process of its own; its exit code is 0 when nothing was wrong."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            ndcat.dies_with_parent()
            run(*arguments)
            code = 0
        except BaseException:  # noqa: B902 - the child must end here, whatever it was
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


def let_the_kernel_write(rng, folder):
    """It writes out a file's data, or its journal, at moments of its own: here more often than it would."""
    choice = int(rng.integers(8))
    if choice < 4:
        files = world.SOURCES + world.TAILS
        with open(folder / files[rng.integers(len(files))].name, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # begins to write what is dirty
    elif choice == 4:
        with open(folder / "other", "ab") as file:
            os.fsync(file.write(b"x") and file.fileno())


@pytest.mark.needs_root
@pytest.mark.deadline(120)
def test_while_a_program_writes(disk):
    print(f"NDCAT_SEED={SEED}")
    rng = np.random.default_rng(SEED)
    folder = disk.path / "arrays"
    folder.mkdir()
    world.create(folder)
    record, syncs = world.Record(), world.shared(len(power_loss_program.WAYS) + len(world.TAILS), "i8")
    with ndcat.Mount(folder, "-o", "rw") as mount:
        child = start(power_loss_program.run, SEED, mount, record, syncs)
        try:
            for number in range(CUTS):
                time.sleep(rng.exponential(0.1) * ndcat.SLOW)
                let_the_kernel_write(rng, folder)
                time.sleep(rng.exponential(0.002))
                must = record.must()
                cut = disk.cut()
                may = record.may()
                with disk.left(cut) as path:
                    world.check(path / "arrays", must, may)
                    if number % 10 == 0:
                        with ndcat.Mount(path / "arrays") as again:
                            world.check_mount(path / "arrays", again)
        finally:
            record.is_over[0] = 1
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code == 0
        assert syncs.all(), syncs


@pytest.mark.needs_root
@pytest.mark.deadline(120)
def test_while_a_header_is_written_anew(disk):
    """The file is the old one or the new one, whole, at each of some moments while it is opened to append."""
    print(f"NDCAT_SEED={SEED}")
    rng = np.random.default_rng(SEED)
    text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (3, 5)}"
    head = b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text
    tails = [world.Tail(f"narrow-{n}.npy", f"narrow-{n}.raw", "<f8", 5, head) for n in range(8)]
    folder = disk.path / "arrays"
    folder.mkdir()
    for tail in tails:
        (folder / tail.name).write_bytes(tail.content)
        arrays.write_manifest(folder / tail.view.replace("raw", "json"), {"path": tail.name, "mode": "r+",
                                                                         "append": tail.name})
    world.sync(folder)
    end = 1000
    with ndcat.Mount(folder, "-o", "rw") as mount:
        for tail in tails:
            kept, cuts = [tail.begins_with], []

            def append():
                with open(mount / tail.view, "ab", buffering=0) as file:
                    file.write(tail.stream[kept[0]:end])
                    os.fsync(file.fileno())
                kept[0] = end

            writer = threading.Thread(target=append)
            writer.start()
            while writer.is_alive():
                time.sleep(rng.exponential(0.0005) * ndcat.SLOW)
                must = kept[0]
                cuts.append((must, disk.cut()))
            writer.join()
            cuts.append((kept[0], disk.cut()))
            assert cuts[-1][0] == end
            for must, cut in cuts:
                with disk.left(cut) as path:
                    tail.check(path / "arrays", must, end)
