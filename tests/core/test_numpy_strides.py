"""NumPy's strides and memory order of random expressions, against the model in core/algebra/numpy_strides.h."""

import ast
import io
import os
import random
import subprocess

import numpy as np
import pytest

CASES = 3000
DTYPES = ["|u1", "<i2", "<i4", ">i4", "<f8", ">f8"]


class Expressions:
    """Random arrays of a given shape, each with the program that makes the same array in ndcat."""

    def __init__(self, rng):
        self.rng = rng

    def shape(self):
        extents = [0, 1, 1, 2, 2, 3, 3, 4]
        return tuple(self.rng.choice(extents[self.rng.randrange(2):]) for _ in range(self.rng.randrange(5)))

    def source(self, shape):
        dtype, order = self.rng.choice(DTYPES), self.rng.choice("CFFF")
        file = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            file, {"descr": dtype, "fortran_order": order == "F", "shape": shape})
        file.write(bytes(int(np.prod(shape, dtype=int)) * np.dtype(dtype).itemsize))
        file.seek(0)
        return np.load(file), f"source:{dtype}:{order}:{','.join(map(str, shape))}"

    def full(self, shape):
        dtype = self.rng.choice(DTYPES)
        return np.full(shape, 0, dtype), f"full:{dtype}:{','.join(map(str, shape))}"

    def concatenate(self, shape, depth):
        axis, parts = self.rng.randrange(len(shape)), []
        left = shape[axis]
        while not parts or left > 0:
            extent = self.rng.randint(0, left)
            left -= extent
            parts.append(self.of_shape(shape[:axis] + (extent,) + shape[axis + 1:], depth))
        return (np.concatenate([a for a, _ in parts], axis),
                " ".join(p for _, p in parts) + f" concatenate:{len(parts)}:{axis}")

    def stack(self, shape, depth):
        axis = self.rng.randrange(len(shape))
        if shape[axis] == 0:
            return self.source(shape)
        parts = [self.of_shape(shape[:axis] + shape[axis + 1:], depth) for _ in range(shape[axis])]
        return (np.stack([a for a, _ in parts], axis - len(shape)),
                " ".join(p for _, p in parts) + f" stack:{len(parts)}:{axis - len(shape)}")

    def block(self, shape, depth):
        """[[row of blocks], ...] along the last two axes, or a single array at some depth."""
        if self.rng.random() < 0.3:
            array, program = self.of_shape(shape, depth)
            lists = self.rng.randint(0, max(len(shape), 0))
            nest = array
            for _ in range(lists):
                nest = [nest]
            return np.block(nest), program + " block:" + "[" * lists + "x" + "]" * lists
        rows, words, left, pattern = [], [], shape[-2], ""
        while not rows or left > 0:
            height = self.rng.randint(0, left)
            left -= height
            row, rest, letters = [], shape[-1], ""
            while not row or rest > 0:
                width = self.rng.randint(0, rest)
                rest -= width
                array, program = self.of_shape(shape[:-2] + (height, width), depth)
                row.append(array)
                words.append(program)
                letters += "x"
            rows.append(row)
            pattern += f"[{letters}]"
        return np.block(rows), " ".join(words) + f" block:[{pattern}]"

    def select(self, shape, depth):
        inner, items, words = [], [], []
        for extent in shape:
            if self.rng.random() < 0.15:
                size = self.rng.randint(1, 3)
                inner.append(size)
                items.append(self.rng.randrange(size))
                words.append(f"i{items[-1]}")
            if extent == 1 and self.rng.random() < 0.5:
                items.append(np.newaxis)
                words.append("n")
                continue
            step, before = self.rng.choice([1, 1, 2, 3]), self.rng.randint(0, 1)
            last = before + (extent - 1) * step
            inner.append(max(last + 1, before) + self.rng.randint(0, 1))
            if extent == 0:
                items.append(slice(before, before))
            elif self.rng.random() < 0.6:
                items.append(slice(before, last + 1, step))
            else:
                items.append(slice(last, before - 1 if before else None, -step))
            s = items[-1]
            words.append("s" + ":".join("" if v is None else str(v) for v in (s.start, s.stop, s.step)))
        if self.rng.random() < 0.3 or not items:
            at = self.rng.randint(0, len(items))
            items.insert(at, ...)
            words.insert(at, "e")
        array, program = self.of_shape(tuple(inner), depth)
        return array[tuple(items)], f"{program} select:{','.join(words)}"

    def transpose(self, shape, depth):
        axes = list(range(len(shape)))
        self.rng.shuffle(axes)
        inner = [0] * len(shape)
        for i, axis in enumerate(axes):
            inner[axis] = shape[i]
        array, program = self.of_shape(tuple(inner), depth)
        return array.transpose(axes), f"{program} transpose:{','.join(map(str, axes))}"

    def astype(self, shape, depth):
        array, program = self.of_shape(shape, depth)
        dtype = self.rng.choice(DTYPES)
        return array.astype(dtype), f"{program} astype:{dtype}"

    def of_shape(self, shape, depth):
        if depth == 0:
            return self.full(shape) if self.rng.random() < 0.1 else self.source(shape)
        verbs = [self.select, self.astype, self.transpose]
        verbs += [self.concatenate, self.stack] if shape else []
        verbs += [self.block] if len(shape) >= 2 else []
        return self.rng.choice(verbs)(shape, depth - 1)


def answers(programs):
    run = subprocess.run([os.environ["NDCAT_STRIDES_ORACLE"]], input="\n".join(programs) + "\n",
                         capture_output=True, text=True, check=True, timeout=300)
    return run.stdout.splitlines()


def compared(strides, shape):
    """Those that anything depends on. Without elements they do matter, but only to a result with elements."""
    return [s for s, n in zip(strides, shape) if n != 1] if 0 not in shape else []


def facts(array):
    strides = compared(array.strides, array.shape)
    order = "F" if np.lib.format.header_data_from_array_1_0(array)["fortran_order"] else "C"
    return array.dtype.str, array.shape, strides, order


def parse(answer):
    assert not answer.startswith("error"), answer
    dtype, shape, strides, order = answer.split(";")
    shape, strides = ast.literal_eval(shape), ast.literal_eval(strides)
    return dtype, shape, compared(strides, shape), order


@pytest.fixture(scope="module")
def seed():
    value = int(os.environ.get("NDCAT_SEED", random.SystemRandom().randrange(2**32)))
    print(f"NDCAT_SEED={value}")
    return value


def test_random_expressions(seed):
    expressions = Expressions(random.Random(seed))
    made = [expressions.of_shape(expressions.shape(), depth % 5) for depth in range(CASES)]
    for (array, program), answer in zip(made, answers([p for _, p in made])):
        assert parse(answer) == facts(array), f"NDCAT_SEED={seed}: {program}"


@pytest.mark.parametrize("orders", ["CC", "CF", "FC", "FF"])
@pytest.mark.parametrize("columns", [512, 513])
def test_block_on_both_sides_of_its_switch(orders, columns):
    """np.block lays out arrays of more than 512 * 512 elements at once, with an order rule of its own."""
    arrays = [np.zeros((512, n), "<i2", order) for n, order in zip((columns - 1, 1), orders)]
    program = " ".join(f"source:<i2:{o}:{a.shape[0]},{a.shape[1]}" for a, o in zip(arrays, orders))
    nest = np.block([[arrays[0], arrays[1]]])
    assert parse(answers([program + " block:[[xx]]"])[0]) == facts(nest)


@pytest.mark.parametrize("rows", [65, 66])
def test_block_promotes_list_by_list_or_all_at_once(rows):
    """i2 with u2 is i4, and i4 with f4 is f8; but of all three together NumPy 1.24 makes f4."""
    rows_of_dtypes = [["<i2", "<u2"], ["<f4", "<f4"]]
    nest = [[np.zeros((rows, 1000), dtype) for dtype in row] for row in rows_of_dtypes]
    program = " ".join(f"source:{a.dtype.str}:C:{rows},1000" for row in nest for a in row)
    assert parse(answers([program + " block:[[xx][xx]]"])[0]) == facts(np.block(nest))
    assert np.block(nest).dtype == (np.float64 if rows == 65 else np.float32)
