"""The story that scripts/demo tells, with NumPy as the judge. Usage: demo.py NDCAT FOLDER (an empty folder)."""

import filecmp
import os
import pathlib
import subprocess
import sys
import time

import numpy as np

COLOURS = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
failures = []


def styled(text, code):
    return f"\033[{code}m{text}\033[0m" if COLOURS else text


def title(text):
    print("\n" + styled(text, 1))


def verdict(what, is_right, seconds=None):
    if not is_right:
        failures.append(what)
    mark = styled("identical", 32) if is_right else styled("DIFFERENT", 31)
    took = f"  ({seconds:.2f} s)" if seconds is not None else ""
    print(f"  {mark}  {what}{took}", flush=True)


def timed(function):
    start = time.perf_counter()
    result = function()
    return result, time.perf_counter() - start


def numbers(rows, columns, first):
    """Every element of every file is another number, so that no mix-up goes unseen."""
    return np.arange(first, first + rows * columns, dtype=np.float64).reshape(rows, columns)


def write_sources(folder):
    """The arrays of a much-read question: many rows in two files, and many columns in two files."""
    arrays = {
        "monday": numbers(5_000, 1_000, 0),
        "tuesday": numbers(15_000, 1_000, 10**9),
        "left": numbers(5_000, 3_000, 2 * 10**9),
        "right": numbers(5_000, 1_000, 3 * 10**9),
    }
    for name, array in arrays.items():
        array.tofile(folder / f"{name}.dat")
    np.save(folder / "north.npy", arrays["left"][:2_500, :1_000].astype(np.float32))
    np.save(folder / "south.npy", np.asfortranarray(arrays["right"][:2_500]))
    return arrays


MANIFESTS = {
    "days": """{
  "concatenate": [
    {"path": "monday.dat", "shape": [5000, 1000]},
    {"path": "tuesday.dat", "shape": [-1, 1000]}
  ],
  "axis": 0,
  "defaults": {"dtype": "float64"}
}
""",
    "wide": """{
  "concatenate": [
    {"path": "left.dat", "shape": [5000, 3000]},
    {"path": "right.dat", "shape": [5000, 1000]}
  ],
  "axis": 1,
  "defaults": {"dtype": "float64"}
}
""",
    "mixed": """{"concatenate": ["north.npy", "south.npy"], "axis": 0, "select": "::-1, 10:900"}
""",
}


def show_command(*words):
    print(styled("  $ " + " ".join(words), 36), flush=True)


def run(ndcat, folder, *words):
    show_command("ndcat", *words)
    lines = subprocess.run([ndcat, *words], cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
    print("".join(f"  {line}\n" for line in lines.splitlines()), end="", flush=True)


def compare_rows(mounted, expected):
    title("Along axis 0: (5000, 1000) and (15000, 1000) float64 in two files without headers")
    array, seconds = timed(lambda: np.load(mounted / "days.npy", mmap_mode="r"))
    print(f"  np.load(\"mnt/days.npy\", mmap_mode=\"r\") is float64 {array.shape} after {seconds * 1000:.1f} ms")
    same, seconds = timed(lambda: np.array_equal(array, expected))
    verdict("every element, through the map", same, seconds)
    raw = np.memmap(mounted / "days.raw", dtype="float64", mode="r", shape=(20_000, 1_000))
    verdict("np.memmap of days.raw: rows 4990 to 5010, across the border of the files",
            np.array_equal(raw[4_990:5_010], expected[4_990:5_010]))
    verdict("one column with a step: [::7, 123]", np.array_equal(array[::7, 123], expected[::7, 123]))


def compare_with_save(mounted, folder, expected):
    copy = folder / "copy.npy"
    np.save(copy, expected)
    same, seconds = timed(lambda: filecmp.cmp(mounted / "days.npy", copy, shallow=False))
    verdict("cmp mnt/days.npy copy.npy, the copy made by np.save, header and all", same, seconds)
    copy.unlink()


def compare_dd(mounted, expected):
    command = ["dd", f"if={mounted}/days.raw", "bs=8", "skip=4999999", "count=2", "status=none"]
    show_command("dd if=mnt/days.raw bs=8 skip=4999999 count=2")
    found = np.frombuffer(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(f"  {found}")
    verdict("dd: the last element of the first file and the first of the second",
            np.array_equal(found, expected.ravel()[4_999_999:5_000_001]))


def compare_columns(mounted, sources, arrays):
    title("Along axis 1: (5000, 3000) and (5000, 1000) float64, both in C order")
    expected = np.concatenate([arrays["left"], arrays["right"]], axis=1)
    array = np.load(mounted / "wide.npy", mmap_mode="r")
    same, seconds = timed(lambda: np.array_equal(array, expected))
    verdict(f"np.load of wide.npy, shape {array.shape}: every element", same, seconds)
    corner = np.s_[4_998:, 2_998:3_003]
    verdict("a slice across the border of the files", np.array_equal(array[corner], expected[corner]))
    print("  The usual recipe appends one file to the other and opens the result with order='F':")
    recipe_file = sources.parent / "recipe.dat"
    with open(recipe_file, "wb") as stream:
        for name in ("left", "right"):
            stream.write((sources / f"{name}.dat").read_bytes())
    recipe = np.memmap(recipe_file, dtype="float64", mode="r", shape=expected.shape, order="F")
    right_by_luck = int(np.count_nonzero(recipe == expected))
    print(f"    element [1, 0] is        {expected[1, 0]:.0f}")
    print(f"    ndcat shows              {array[1, 0]:.0f}")
    print(f"    the recipe shows         {recipe[1, 0]:.0f}   " +
          styled(f"({right_by_luck} of its {expected.size} elements are right)", 31))
    if np.array_equal(recipe, expected):
        failures.append("the recipe should have been wrong")
    recipe_file.unlink()


def compare_mixed(mounted, sources):
    title("Files with headers, float32 and float64, C and F order, reversed and cut out on the way")
    expected = np.concatenate([np.load(sources / "north.npy"), np.load(sources / "south.npy")])[::-1, 10:900]
    array = np.load(mounted / "mixed.npy")
    verdict(f"{array.dtype} {array.shape}: every element",
            array.dtype == expected.dtype and np.array_equal(array, expected))


def main(ndcat, folder):
    folder = pathlib.Path(folder)
    sources, mounted = folder / "data", folder / "mnt"
    sources.mkdir()
    mounted.mkdir()
    title(f"Writing sources to {sources}")
    arrays, seconds = timed(lambda: write_sources(sources))
    size = sum(file.stat().st_size for file in sources.iterdir())
    print(f"  {len(os.listdir(sources))} files, {size / 1e6:.0f} MB, every element another number ({seconds:.1f} s)")
    for name, manifest in MANIFESTS.items():
        (sources / f"{name}.json").write_text(manifest)
    show_command("cat data/wide.json")
    print("".join(f"  {line}\n" for line in MANIFESTS["wide"].splitlines()), end="")

    title("Checking and mounting")
    run(ndcat, folder, "check", "data")
    run(ndcat, folder, "data", "mnt")
    print("  ls mnt: " + "  ".join(sorted(os.listdir(mounted))))

    days = np.concatenate([arrays["monday"], arrays["tuesday"]])
    compare_rows(mounted, days)
    compare_with_save(mounted, folder, days)
    compare_dd(mounted, days)
    compare_columns(mounted, sources, arrays)
    compare_mixed(mounted, sources)

    title("Where it comes from")
    run(ndcat, folder, "show", "data/wide.json")
    if failures:
        print(styled(f"\n{len(failures)} comparisons FAILED", 31))
        return 1
    print(styled("\nEvery comparison was identical; no array was copied.", 32))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
