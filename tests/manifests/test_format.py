"""FORMAT.md, the examples, schema.json and the invalid manifests agree with each other, with NumPy and with ndcat."""

import json
import os
import pathlib
import re
import subprocess
import sys

import jsonschema
import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANIFESTS = ROOT / "manifests"
EXAMPLES = MANIFESTS / "examples"
INVALID = ROOT / "tests" / "data" / "invalid"
NDCAT = os.environ["NDCAT_BINARY"]

SHOWN = re.findall(
    r"\[`([a-z-]+\.json)`\]\(examples/\1\)\n```json\n(.*?)```\n```python\n(.*?)```",
    (MANIFESTS / "FORMAT.md").read_text(),
    re.DOTALL,
)


@pytest.fixture(scope="session")
def schema():
    text = json.loads((MANIFESTS / "schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(text)
    return jsonschema.Draft7Validator(text)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A copy of the examples with their sources beside them."""
    folder = tmp_path_factory.mktemp("examples")
    for example in EXAMPLES.glob("*.json"):
        (folder / example.name).write_text(example.read_text())
    subprocess.run([sys.executable, EXAMPLES / "make_sources.py", folder], check=True, timeout=60)
    return folder


def test_every_example_is_shown():
    assert {name for name, _, _ in SHOWN} == {path.name for path in EXAMPLES.glob("*.json")}


@pytest.mark.parametrize("name, text", [(name, text) for name, text, _ in SHOWN])
def test_the_example_is_the_text_that_is_shown(name, text):
    assert (EXAMPLES / name).read_text() == text


@pytest.mark.parametrize("name, code", [(name, code) for name, _, code in SHOWN])
def test_the_example_is_what_numpy_makes_of_it(name, code, folder, monkeypatch, tmp_path):
    monkeypatch.chdir(folder)
    expected = eval(code, {"np": np})  # the code is this repository's own
    manifest = json.loads((folder / name).read_text())
    if "npy" in manifest.get("views", ["npy"]):
        np.save(tmp_path / "expected.npy", expected)
        view, content = "npy", (tmp_path / "expected.npy").read_bytes()
    else:
        view, content = "raw", expected.tobytes()
    shown = subprocess.run([NDCAT, "cat", "--view", view, name], capture_output=True, timeout=60)
    assert shown.stderr == b""
    assert shown.stdout == content


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_the_schema_accepts_the_example(example, schema):
    schema.validate(json.loads(example.read_text()))


@pytest.mark.parametrize("case", sorted((INVALID / "language").glob("*.json")), ids=lambda path: path.stem)
def test_the_schema_rejects_what_it_can_see(case, schema):
    assert not schema.is_valid(json.loads(case.read_text()))


@pytest.mark.parametrize("case", sorted((INVALID / "arrays").glob("*.json")), ids=lambda path: path.stem)
def test_the_schema_accepts_what_only_the_sources_can_tell(case, schema):
    schema.validate(json.loads(case.read_text()))


@pytest.mark.parametrize("case", sorted((INVALID / "text").glob("*.json")), ids=lambda path: path.stem)
def test_the_text_is_no_json(case):
    def no_constants(name):
        raise ValueError(name)

    def no_infinity(text):
        if float(text) in (float("inf"), float("-inf")):
            raise ValueError(text)
        return float(text)

    def no_duplicates(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("duplicate key")
        return dict(pairs)

    with pytest.raises((ValueError, UnicodeError)):
        parsed = json.loads(
            case.read_bytes().decode(),
            parse_constant=no_constants,
            parse_float=no_infinity,
            object_pairs_hook=no_duplicates,
        )
        json.dumps(parsed, ensure_ascii=False).encode()  # half a surrogate pair


@pytest.mark.parametrize("kind", ["text", "language", "arrays"])
def test_ndcat_check_says_the_same(kind):
    """With real files: the whole command line says of each case what the unit tests expect of resolve()."""
    cases = sorted((INVALID / kind).glob("*.expected"))
    assert cases
    for expected in cases:
        manifest = expected.with_suffix(".json").name
        checked = subprocess.run([NDCAT, "check", manifest], cwd=expected.parent, capture_output=True, timeout=60)
        assert checked.returncode == 1, manifest
        assert checked.stderr.decode() == expected.read_text(), manifest
