"""Manifests that ndcat once got wrong, found by against_numpy.py or in use: by `ndcat cat`, against the oracle."""

import json
import os
import sys

import numpy as np
import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ndcat  # noqa: E402
import shrinking  # noqa: E402

ONCE_WRONG = {
    # np.save records order F only of arrays that are not C-contiguous, too.
    "order F of one axis": {"full": 1, "shape": [5], "dtype": "i4", "order": "F"},
    "order F of one long axis": {"full": 1, "shape": [1, 5, 1], "dtype": "i4", "order": "F"},
    "order F without elements": {"full": 1, "shape": [3, 0, 2], "dtype": "i4", "order": "F"},
    "order F of a plane": {"full": 1, "shape": [3, 2], "dtype": "i4", "order": "F"},
    "order F of a sum of parts": {"concatenate": ["a.npy", "a.npy"], "order": "F"},
    # A missing source is as its neighbours are; only what it says itself may contradict them.
    "a gap with an inherited dtype": {"stack": [{"full": 1, "shape": [2], "dtype": "i2"},
                                                {"path": "gone.raw", "missing": {"fill": 3}}],
                                      "defaults": {"dtype": "<i4"}},
}


@pytest.mark.parametrize("name", ONCE_WRONG)
def test_cat_agrees_with_numpy(tmp_path, name):
    np.save(tmp_path / "a.npy", np.arange(6))
    (tmp_path / "x.json").write_text(json.dumps(ONCE_WRONG[name]))
    assert shrinking.cat_disagreement(str(tmp_path / "x.json")) is None


@pytest.mark.parametrize("dtype", ["f16", ">c32", "c32"])
def test_the_same_text_is_the_same_element(tmp_path, dtype):
    """A long double has six spare bytes; with anything but zeros in them a manifest differed from itself (ESTALE)."""
    (tmp_path / "x.json").write_text(json.dumps({"full": 2.5, "shape": [2], "dtype": dtype}))
    outputs = {ndcat.run("cat", "--view", "raw", tmp_path / "x.json").stdout for _ in range(5)}
    assert len(outputs) == 1
    spare = np.frombuffer(outputs.pop(), "u1").reshape(-1, 16)
    assert not (spare[:, :6] if dtype[0] == ">" else spare[:, 10:]).any()
