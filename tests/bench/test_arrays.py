"""What the benchmark puts on disk is what the parts say, for NumPy and for the loops over maps that stand for users' own."""

import numpy as np
import pytest

from bench import cache_states, recipes
from bench.making import make
from bench.opened import Copied, Parts
from bench.parts import concatenated
from bench.scale import MIB

RECIPES = [one for one in vars(recipes).values() if isinstance(one, recipes.Recipe)] + [recipes.of_many(7)]


@pytest.fixture(params=RECIPES, ids=lambda recipe: recipe.name)
def array(request, tmp_path):
    return make(request.param, MIB // 4, tmp_path / "array")


def test_numpy_puts_the_parts_together_as_the_native_file_has_them(array):
    expected = array.reference()
    assert np.array_equal(concatenated(array.grid), expected)
    assert len(np.unique(expected)) > expected.size // 2, "values that tell elements apart"


@pytest.mark.parametrize("opened", [Parts, Copied])
def test_every_way_to_touch_an_array_gives_its_elements(array, opened):
    found, expected = opened(array.grid, array.dtype), array.reference()
    height, width = expected.shape
    assert found.shape == expected.shape
    for begin, end in [(0, 1), (height // 2 - 1, height // 2 + 1), (1, height)]:
        assert np.array_equal(found.rows(begin, end), expected[begin:end])
    for begin, end in [(0, width), (width // 2, width // 2 + 1), (width - 1, width)]:
        assert np.array_equal(found.run(height // 2, begin, end), expected[height // 2, begin:end])
    for number in (0, width // 2, width - 1):
        assert np.array_equal(found.column(number), expected[:, number])
    assert found.total() == expected.sum()


def test_rows_are_added_by_hand(tmp_path):
    array = make(recipes.GROWING, MIB // 4, tmp_path / "array", is_writable=True)
    before = array.reference()
    with cache_states.shortened_again(array.sources):
        with Parts(array.grid, array.dtype).growing() as tail:
            tail.append(before[:2])
            tail.append(before[1:2])
        last = np.load(array.sources[-1])
        assert np.array_equal(last, np.concatenate([before[array.shape[0] // 2:], before[:2], before[1:2]]))
    assert np.array_equal(concatenated(array.grid), before)
