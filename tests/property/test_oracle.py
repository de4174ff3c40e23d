"""The oracle itself: examples whose results are plain from NumPy's documentation and the contract."""

import json
import os
import random
import sys

import numpy as np
import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dtypes  # noqa: E402
import expressions  # noqa: E402
import oracle  # noqa: E402
import selections  # noqa: E402
import sources  # noqa: E402


@pytest.fixture
def evaluate(tmp_path):
    def evaluate(manifest):
        (tmp_path / "all.json").write_text(json.dumps(manifest))
        return oracle.evaluate(str(tmp_path / "all.json"))
    return evaluate


def test_concatenation_of_files_in_natural_order(tmp_path, evaluate):
    parts = {n: np.full((n, 2), n, "f4") for n in (2, 10, 9)}
    for n, part in parts.items():
        np.save(tmp_path / f"part-{n}.npy", part)
    wanted = np.concatenate([parts[2], parts[9], parts[10]])
    for pattern in ("part-*.npy", "part-{2,9,10}.npy"):
        assert np.array_equal(evaluate({"concatenate": [pattern]}).array, wanted)


def test_raw_file_with_inferred_extent_and_fortran_order(tmp_path, evaluate):
    array = np.arange(12, dtype=">i2").reshape(3, 4)
    (tmp_path / "x.raw").write_bytes(b"abc" + array.tobytes("F"))
    result = evaluate({"path": "x.raw", "dtype": ">i2", "shape": [3, -1], "order": "F", "offset": 3})
    assert np.array_equal(result.array, array)
    assert result.order == "F"
    assert result.npy().endswith(array.tobytes("F"))


@pytest.mark.parametrize("size", [23, 25])
def test_short_and_long_raw_files_are_rejected(tmp_path, evaluate, size):
    (tmp_path / "x.raw").write_bytes(bytes(size))
    with pytest.raises(oracle.Rejected):
        evaluate({"path": "x.raw", "dtype": "<i2", "shape": [3, 4]})


def test_missing_sources_are_skipped_or_filled(tmp_path, evaluate):
    np.save(tmp_path / "a.npy", np.ones((2, 3)))
    result = evaluate({"stack": ["a.npy", {"path": "b.npy", "missing": {"fill": 7}},
                                 {"path": "c.npy", "missing": "skip"}]})
    assert np.array_equal(result.array, [np.ones((2, 3)), np.full((2, 3), 7.0)])


@pytest.mark.parametrize("missing", ["skip", {"fill": 7}])
def test_a_missing_sources_selection_must_be_one(evaluate, missing):
    gap = {"path": "b.npy", "missing": missing}
    listed = [{"full": 7, "shape": [2, 3]}]
    evaluate({"stack": [*listed, {**gap, "select": "99"}]})  # of nothing, nobody knows whether it has so many rows
    with pytest.raises(oracle.Rejected):
        evaluate({"stack": [*listed, {**gap, "select": "::0"}]})


def test_modifiers_apply_in_the_order_of_the_contract(tmp_path, evaluate):
    array = np.arange(24.0).reshape(2, 3, 4)
    np.save(tmp_path / "a.npy", array)
    result = evaluate({"astype": "i1", "transpose": True, "path": "a.npy", "select": "1, ::-1, newaxis, 1:"})
    assert np.array_equal(result.array, array[1, ::-1, None, 1:].transpose().astype("i1"))


@pytest.mark.parametrize("pattern, names", [
    ("a{b,c}d", ["abd", "acd"]), ("{8..11}", ["8", "9", "10", "11"]), ("{008..010}", ["008", "009", "010"]),
    ("{1,2}{x,y}", ["1x", "1y", "2x", "2y"]), ("plain", ["plain"])])
def test_braces_expand_as_in_a_shell(pattern, names):
    assert oracle.expand_braces(pattern) == names


def test_a_kept_case_is_evaluated_from_its_text_alone(tmp_path):
    folder = tmp_path / "original"
    folder.mkdir()
    case = expressions.Case(random.Random(5), str(folder), "c5")
    case.write()
    first = oracle.evaluate(case.path)
    folder.rename(tmp_path / "moved")
    again = oracle.evaluate(str(tmp_path / "moved" / "c5.json"))
    assert again.npy() == first.npy()


def test_the_same_seed_makes_the_same_case(tmp_path):
    texts = set()
    for name in "ab":
        (tmp_path / name).mkdir()
        texts.add(expressions.Case(random.Random("7/3"), str(tmp_path / name), "c").write())
    assert len(texts) == 1


def test_a_selection_turns_its_array_into_the_wanted_shape():
    for seed in range(200):
        generator = random.Random(seed)
        shape = tuple(generator.randint(0, 4) for _ in range(generator.randint(0, 5)))
        text, larger = selections.random_selection(generator, shape)
        assert np.empty(larger)[oracle.parse_selection(text)].shape == shape, seed


def test_dtypes_survive_their_json():
    for seed in range(200):
        generator = random.Random(seed)
        dtype = dtypes.any_dtype(generator)
        text = json.dumps(dtypes.to_json(generator, dtype))
        assert dtypes.from_json(json.loads(text)) == dtype, seed


def test_every_file_is_one_that_numpy_reads(tmp_path):
    for seed in range(200):
        generator = random.Random(seed)
        array = sources.random_array(generator, dtypes.any_dtype(generator), (3, generator.randint(0, 4)))
        sources.write_npy(generator, tmp_path / "x.npy", array)
        loaded = np.load(tmp_path / "x.npy", allow_pickle=False)
        assert loaded.dtype == array.dtype and loaded.shape == array.shape, seed
        if not dtypes.has_gaps(array.dtype):
            assert loaded.tobytes() == array.tobytes(), seed


def test_gaps_are_found_where_they_are():
    aligned = np.dtype([("a", "u1"), ("b", "<i4")], align=True)
    assert dtypes.meaningful(aligned).tolist() == [True] + [False] * 3 + [True] * 4
    assert dtypes.meaningful(np.dtype("f8")).all()
    assert dtypes.meaningful(np.dtype("longdouble")).sum() == 10
