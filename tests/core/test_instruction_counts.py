"""Lost fast paths: the instructions of fixed reads, counted by callgrind, against what they were.

No time is measured: a program that does the same executes the same instructions. What varies is taken away: the
instruction set is chosen by name, and memcpy is glibc's for SSE2 on every processor. What is left, another compiler or
another libc, is well within the margin, and a lost fast path is well beyond: it takes two to fourteen times as many.

After a change that is meant to cost more, or costs less than half, put the printed counts below.
"""

import os
import pathlib
import shutil
import subprocess

import pytest

PROGRAM = os.environ["NDCAT_COUNTED_READS"]
MARGIN = 1.25
NO_VECTORS_IN_MEMCPY = "glibc.cpu.hwcaps=-AVX512F,-AVX2,-AVX,-ERMS,-FSRM"

# Thousands of instructions for one virtual MiB, its plan included; g++ 12, -O2 (kernels -O3).
EXPECTED = {
    "AVX2": {
        "contiguous": 117,
        "pieces of 128 bytes": 5785,
        "rows of 8 + 8 KB": 144,
        "interleaved 8 + 8": 1050,
        "interleaved 1 + 1": 663,
        "rows of 7 + 7": 1501,
        "every second u2": 524,
        "u1 reversed": 573,
        "u1 transposed": 958,
        "f8 transposed": 367,
        ">f4 -> <f8": 181,
        "u1 -> f4": 198,
        "f8 -> u1": 2573,
        "f4 -> f2": 869,
        "f8 -> f2": 2245,
        "every second >f4 -> <f8": 499,
        ">f4 transposed -> <f8": 701,
    },
    "portable": {
        "contiguous": 117,
        "pieces of 128 bytes": 5785,
        "rows of 8 + 8 KB": 144,
        "interleaved 8 + 8": 1050,
        "interleaved 1 + 1": 7474,
        "rows of 7 + 7": 1501,
        "every second u2": 3893,
        "u1 reversed": 7463,
        "u1 transposed": 7895,
        "f8 transposed": 1216,
        ">f4 -> <f8": 1197,
        "u1 -> f4": 443,
        "f8 -> u1": 5784,
        "f4 -> f2": 11093,
        "f8 -> f2": 30426,
        "every second >f4 -> <f8": 2267,
        ">f4 transposed -> <f8": 2496,
    },
}


def under_valgrind(options, *words):
    environment = os.environ | {"GLIBC_TUNABLES": NO_VECTORS_IN_MEMCPY}
    done = subprocess.run(["valgrind", "-q", *options, PROGRAM, *words], env=environment, capture_output=True, text=True,
                          check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def count(target, folder):
    """Thousands of instructions of each case."""
    out = folder / "counts"
    names = under_valgrind(["--tool=callgrind", "--toggle-collect=counted_case", "--dump-after=counted_case",
                            f"--callgrind-out-file={out}"], target)
    counts = {}
    for number, name in enumerate(names, start=1):
        lines = pathlib.Path(f"{out}.{number}").read_text().splitlines()
        [total] = [int(line.split()[1]) for line in lines if line.startswith("totals:")]
        counts[name] = total // 1000
    return counts


def complaints(counts, expected):
    found = [f"{name}: {counts[name]}, expected about {wanted}" for name, wanted in expected.items()
             if counts[name] > wanted * MARGIN]
    found += [f"{name}: {counts[name]}, far below the {wanted} that the guard knows" for name, wanted in expected.items()
              if counts[name] < wanted / 2]
    return found


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """The counts of a target, each counted once."""
    if shutil.which("valgrind") is None:
        pytest.skip("needs valgrind")
    # Valgrind's processor, not this one: it has no AVX-512.
    targets = under_valgrind(["--tool=none"])
    known = {}

    def counts_of(target):
        if target not in targets:
            pytest.skip(f"needs Highway and a processor with {target}: valgrind offers {', '.join(targets)}")
        if target not in known:
            known[target] = count(target, tmp_path_factory.mktemp("counts"))
        return known[target]

    return counts_of


@pytest.mark.parametrize("target", EXPECTED)
def test_no_fast_path_is_lost(counted, target):
    counts = counted(target)
    print(counts)
    assert counts.keys() == EXPECTED[target].keys()
    assert not complaints(counts, EXPECTED[target])


def test_a_lost_fast_path_is_seen(counted):
    """Plain loops, where vectors are expected, are just what a lost fast path is."""
    seen = {line.split(":")[0] for line in complaints(counted("portable"), EXPECTED["AVX2"])}
    assert seen == {"interleaved 1 + 1", "every second u2", "u1 reversed", "u1 transposed", "f8 transposed", ">f4 -> <f8",
                    "u1 -> f4", "f8 -> u1", "f4 -> f2", "f8 -> f2", "every second >f4 -> <f8", ">f4 transposed -> <f8"}


def test_counts_far_from_expected_are_complained_of():
    assert complaints({"a": 125}, {"a": 100}) == []
    assert complaints({"a": 126}, {"a": 100}) == ["a: 126, expected about 100"]
    assert complaints({"a": 50}, {"a": 100}) == []
    assert complaints({"a": 49}, {"a": 100}) == ["a: 49, far below the 100 that the guard knows"]
