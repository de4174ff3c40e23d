"""Every message that manifests/ and core/ can give has an invalid case that shows it.

The messages are found in the sources: every string literal that reads like a piece of a sentence. Each must stand in what
some case under tests/data/invalid, or of make_invalid.py, is expected to say. What no manifest can bring about is held to
a unit test, or listed with the reason why it cannot be brought about at all.
"""

import pathlib
import re
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
INVALID = ROOT / "tests" / "data" / "invalid"
sys.path.insert(0, str(ROOT / "tests" / "data"))
import make_invalid  # noqa: E402

# What only those who call core/ or a parser by themselves can be told: manifests are checked before they get there.
IN_UNIT_TESTS = {
    "core/algebra/array_size.cc": "tests/core/source_view_test.cc",
    "core/algebra/block.cc": "tests/core/algebra_test.cc",
    "core/algebra/concatenate.cc": "tests/core/concatenate_test.cc",
    "core/algebra/select.cc": "tests/core/select_test.cc",
    "core/algebra/source_view.cc": "tests/core/source_view_test.cc",
    "core/dtypes/dtype.cc": "tests/core/dtype_test.cc",
    "core/layout/piece_bounds.cc": "tests/core/file_layout_test.cc",
    "core/writing/appendability.cc": "tests/core/appendability_test.cc",
    "core/writing/inverse_cast.cc": "tests/core/inverse_cast_test.cc",
    "core/writing/writability.cc": "tests/core/writability_test.cc",
    "manifests/numpy_header.cc": "tests/manifests/numpy_header_test.cc",
    "manifests/resolve/resolve_source.cc": "tests/manifests/resolve_limits_test.cc",
    "manifests/words/glob.cc": "tests/manifests/glob_test.cc",
}
NO_MESSAGES = {
    "generic time units": "a part of a value, as NumPy's str() of it",
    ", 'aligned': True}": "a part of a dtype's name",
}
CANNOT_BE_SHOWN = {
    "the header would be longer than NumPy's format allows": "it would take a header of 4 GiB",
    "shows the same bytes of its file twice": "no verb repeats elements; it guards against a fault of ndcat",
    "no number": "the dtypes that take no number are told before; the compiler wants the branch",
    " folders lie below it; name the folder more closely": "it would take a million folders",
}

TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*")|'(?:[^'\\\n]|\\.)+'|[^"'/\s]+|.""", re.DOTALL
)
ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|(.))")
PROSE = re.compile(r"[A-Za-z]{2}.* .*[A-Za-z]{2}|^ ?[a-z]{2,} |  ?[a-z]{2,} ?$| [a-z]{2,} ")


def unescaped(literal):
    simple = {"n": "\n", "t": "\t", "0": "\0"}
    return ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else simple.get(m[2], m[2]), literal[1:-1])


def literals(path):
    """Each string literal of a C++ file with its line, neighbours joined as the compiler does it."""
    # Neither the preprocessor's lines nor assertions speak to users.
    source = re.sub(
        r"^[ \t]*#.*$|\bassert\([^;]*\);", lambda m: "\n" * m[0].count("\n"), path.read_text(), flags=re.MULTILINE
    )
    joined, line, begin = None, 1, 1
    for token in TOKEN.finditer(source):
        if token["text"] is not None:
            if joined is None:
                joined, begin = "", line
            joined += unescaped(token["text"])
        elif token["blank"] is None and joined is not None:
            yield begin, joined
            joined = None
        line += token[0].count("\n")


def messages():
    return [
        (str(path.relative_to(ROOT)), line, text)
        for folder in ["core", "manifests"]
        for path in sorted((ROOT / folder).rglob("*.cc"))
        for line, text in literals(path)
        if PROSE.search(text)
    ]


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """All that the invalid cases are expected to say."""
    special = tmp_path_factory.mktemp("special")
    make_invalid.make(special)
    expected = [*INVALID.rglob("*.expected"), *special.glob("*.expected")]
    return "\n".join(path.read_text() for path in expected)


@pytest.fixture(scope="module")
def in_unit_tests():
    return {path: "\n".join(text for _, text in literals(ROOT / path)) for path in IN_UNIT_TESTS.values()}


def test_messages_are_found():
    texts = [text for _, _, text in messages()]
    assert len(texts) > 500
    for known in [" does not match ", "the file is empty", "a zero character in the name; no file has one"]:
        assert known in texts


def test_every_message_is_shown(shown, in_unit_tests):
    missing = [
        f"{path}:{line}: {text!r}"
        for path, line, text in messages()
        if text not in shown
        and text not in NO_MESSAGES
        and text not in CANNOT_BE_SHOWN
        and text not in in_unit_tests.get(IN_UNIT_TESTS.get(path), "")
    ]
    assert not missing, "no invalid case shows these; add one to tests/data/invalid:\n" + "\n".join(missing)


@pytest.mark.parametrize("text", [*NO_MESSAGES, *CANNOT_BE_SHOWN])
def test_the_exceptions_are_still_needed(text, shown):
    assert text in [found for _, _, found in messages()]
    assert text not in shown
