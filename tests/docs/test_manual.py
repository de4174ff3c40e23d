"""The manual page and --help say the same, and the page and the shell completions are well-formed.

Environment: NDCAT_BINARY, the program; NDCAT_BUILD, the build folder.
"""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

BINARY = os.environ["NDCAT_BINARY"]
BUILD = pathlib.Path(os.environ["NDCAT_BUILD"])
MANUAL = BUILD / "fs" / "commands" / "manual"
COMMANDS = ["mount", "check", "show", "cat", "help"]


def help_text(*words):
    return subprocess.run([BINARY, "help", *words], check=True, capture_output=True, text=True).stdout


def help_entries(text, title):
    """{term: words} of one part of a help text, lines joined."""
    part = re.search(rf"^{re.escape(title)}:\n((?:  .*\n)+)", text, re.MULTILINE)
    if part is None:
        return {}
    entries, term = {}, None
    for line in part.group(1).splitlines():
        if re.match(r"  \S", line):
            term, _, words = line.strip().partition("  ")
            entries[term] = words.strip()
        else:
            entries[term] = f"{entries[term]} {line.strip()}".strip()
    return entries


def plain(roff):
    for escape, character in {r"\-": "-", r"\(rs": "\\", r"\(ti": "~", r"\(ha": "^", r"\(ga": "`", r"\(aq": "'",
                              r"\(dq": '"', r"\&": ""}.items():
        roff = roff.replace(escape, character)
    return roff


def manual_sections():
    page = (MANUAL / "ndcat.1").read_text()
    names = re.findall(r"^\.SH (.*)$", page, re.MULTILINE)
    parts = re.split(r"^\.SH .*\n", page, flags=re.MULTILINE)[1:]
    return dict(zip((plain(name) for name in names), parts))


def manual_entries(section):
    return {plain(term): plain(words) for term, words in re.findall(r'^\.TP\n\.B "(.*)"\n(.*)$', section, re.MULTILINE)}


def manual_commands():
    parts = re.split(r'^\.SS "ndcat (.*)"\n', manual_sections()["COMMANDS"], flags=re.MULTILINE)
    return {plain(synopsis): part for synopsis, part in zip(parts[1::2], parts[2::2])}


def test_sections():
    assert list(manual_sections()) == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "MOUNT OPTIONS", "WRITING",
        "FSTAB AND SYSTEMD", "SHOW --JSON", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO",
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_the_same_in_both(command):
    text = help_text(command)
    usage = re.search(r"^Usage:\n  ndcat (.*(?:\n {12}.*)*)", text, re.MULTILINE).group(1)
    section = manual_commands()[" ".join(usage.split())]
    entries = {**help_entries(text, "Arguments"), **help_entries(text, "Options")}
    assert entries, "the help was understood"
    assert manual_entries(section) == entries
    paragraphs = re.findall(r"^\.PP\n(.*)$", section, re.MULTILINE)
    assert paragraphs
    for paragraph in paragraphs:
        assert plain(paragraph) in " ".join(text.split())


def test_the_other_tables_say_the_same_in_both():
    sections = manual_sections()
    assert manual_entries(sections["OPTIONS"]) == help_entries(help_text(), "Options")
    assert manual_entries(sections["MOUNT OPTIONS"]) == help_entries(help_text("mount"), "Mount options (-o)")
    assert manual_entries(sections["EXIT STATUS"]) == help_entries(help_text(), "Exit status")
    assert len(help_entries(help_text("mount"), "Mount options (-o)")) > 5


def test_every_command_is_in_both():
    assert list(help_entries(help_text(), "Commands (ndcat help COMMAND says more)")) == COMMANDS
    assert len(manual_commands()) == len(COMMANDS)


def test_examples_are_in_both():
    examples = manual_sections()["EXAMPLES"]
    shown = [plain(line) for line in re.findall(r"^\.EX\n(.*)\n\.EE$", examples, re.MULTILINE)]
    for command in COMMANDS:
        text = help_text(command)
        for line in re.findall(r"^  # .*\n  (.*)$", text, re.MULTILINE):
            shown.remove(line)
    assert not shown, "examples that no help has"


def test_man_has_no_complaint():
    result = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-P", "cat", MANUAL / "ndcat.1"], check=True,
                            capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"})
    assert result.stderr == ""
    assert "ndcat - many array files" in result.stdout


@pytest.mark.parametrize("shell, name", [("bash", "ndcat"), ("zsh", "_ndcat"), ("fish", "ndcat.fish")])
def test_completions_are_well_formed(shell, name):
    assert shutil.which(shell), f"{shell} is missing; scripts/install-packages test installs it"
    result = subprocess.run([shell, "-n", MANUAL / name], check=False, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("words, expected", [
    (["ch"], {"check"}),
    (["cat", "--view", ""], {"npy", "raw"}),
    (["cat", "--v"], {"--version", "--view"}),
    (["-"], {"-h", "--help", "-V", "--version", "-o", "--options", "-f", "--foreground", "-d", "--debug", "-s",
             "--single-threaded"}),
    (["src", "mnt", "-o", "ro,allow_o"], {"ro,allow_other"}),
    (["show", "runs/"], {"runs/a b.json", "runs/deep"}),
    (["help", "s"], {"show"}),
])
def test_bash_completes(tmp_path, words, expected):
    (tmp_path / "runs" / "deep").mkdir(parents=True)
    for name in ("a b.json", "other.npy"):
        (tmp_path / "runs" / name).touch()
    script = f"""
        compopt() {{ :; }}   # works only while completing
        source '{MANUAL}/ndcat'
        COMP_WORDS=(ndcat "$@") COMP_CWORD=$#
        _ndcat
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    result = subprocess.run(["bash", "-c", script, "bash", *words], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert set(result.stdout.splitlines()) == expected


def test_everything_is_installed(tmp_path):
    subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", tmp_path], check=True,
                   capture_output=True)
    installed = {path.relative_to(tmp_path / "usr/local").as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert installed == {
        "bin/ndcat",
        "share/man/man1/ndcat.1",
        "share/bash-completion/completions/ndcat",
        "share/zsh/site-functions/_ndcat",
        "share/fish/vendor_completions.d/ndcat.fish",
        "share/doc/ndcat/FORMAT.md",
        "share/doc/ndcat/schema.json",
    }
    version = subprocess.run([tmp_path / "usr/local/bin/ndcat", "--version"], check=True, capture_output=True, text=True)
    assert version.stdout.startswith("ndcat ")
