"""Help, version, usage errors and exit statuses of the real program; colours and terminals."""

import os
import pty
import re

import pytest

from conftest import write

COMMANDS = ["mount", "check", "show", "cat", "help"]


def test_help_is_as_it_was(ndcat, golden):
    texts = {"help": ["help"], **{f"help-{name}": ["help", name] for name in COMMANDS if name != "mount"}}
    for name, words in texts.items():
        result = ndcat(*words)
        assert (result.returncode, result.stderr) == (0, b"")
        golden(name + ".txt", result.stdout.decode())


def test_all_ways_to_ask_for_help_agree(ndcat):
    general = ndcat("help").stdout
    assert ndcat("--help").stdout == ndcat("-h").stdout == general
    for command in COMMANDS:
        text = ndcat("help", command).stdout
        assert ndcat(command, "--help").stdout == ndcat(command, "-h").stdout == text
        assert f"ndcat {command}: ".encode() in text


def test_version(ndcat):
    for words in (["--version"], ["-V"], ["check", "--version"]):
        result = ndcat(*words)
        assert result.returncode == 0
        assert re.fullmatch(r"ndcat \d+\.\d+\.\d+\nFUSE library \d+\.\d+\.\d+\n", result.stdout.decode())


def test_usage_errors(ndcat, runs, golden):
    lines = []
    for words in (
        [],
        ["runs"],
        ["runs", "mnt", "extra"],
        ["runs", "mnt", "--nope"],
        ["check"],
        ["check", "--bogus", "runs"],
        ["show"],
        ["show", "a.json", "b.json"],
        ["cat", "--view", "png", "a.json"],
        ["help", "mont"],
    ):
        result = ndcat(*words)
        assert result.returncode == 2, words
        assert result.stdout == b""
        lines += [f"$ ndcat {' '.join(words)}".rstrip(), result.stderr.decode()]
    golden("usage-errors.txt", "\n".join(lines))


def test_exit_statuses_are_documented(ndcat, runs):
    """Each status that the tests of this folder see stands in the help's table."""
    table = re.findall(r"^  (\d+) ", ndcat("help").stdout.decode(), re.MULTILINE)
    assert table == ["0", "1", "2", "3", "4", "5"]
    write(runs / "bad.json", {})
    (runs.parent / "mnt").mkdir()
    for status, words in enumerate([["check", "runs/all.json"], ["check", "runs/bad.json"], ["check"],
                                    ["check", "runs/nowhere.json"], ["runs", "nowhere"]]):
        result = ndcat(*words)
        assert result.returncode == status, (words, result.stderr)


def on_a_terminal(ndcat, words, **environment):
    """Standard output of a run that has a terminal for it."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", **environment}
    result = ndcat(*words, stdout=theirs, stderr=theirs, env={k: v for k, v in env.items() if v is not None})
    os.close(theirs)
    text = b""
    while True:
        try:
            part = os.read(ours, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        text += part
    os.close(ours)
    return result.returncode, text


@pytest.mark.parametrize("words", [["help"], ["help", "mount"], ["check", "runs/bad.json"]])
def test_colours_only_on_a_terminal(ndcat, runs, words):
    write(runs / "bad.json", {})
    assert b"\033[" in on_a_terminal(ndcat, words, NO_COLOR=None)[1]
    assert b"\033" not in on_a_terminal(ndcat, words, NO_COLOR="1")[1]
    assert b"\033" not in on_a_terminal(ndcat, words, NO_COLOR=None, TERM="dumb")[1]
    assert b"\033[" in on_a_terminal(ndcat, words, NO_COLOR="")[1], "an empty NO_COLOR means nothing"
    piped = ndcat(*words)
    assert b"\033" not in piped.stdout + piped.stderr


def test_a_terminal_gets_no_control_characters_from_names(ndcat, runs):
    name = "evil\033[2J.json"
    write(runs / name, {"full": 0, "shape": [], "dtype": "i1"})
    assert b"\033[2J" in ndcat("check", f"runs/{name}").stdout
    code, text = on_a_terminal(ndcat, ["check", f"runs/{name}"], NO_COLOR="1")
    assert code == 0
    assert b"\033" not in text
    assert b"evil?[2J.json" in text
