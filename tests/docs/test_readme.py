"""What the README shows is what happens: its example is run, line by line, and its links lead somewhere.

Environment: NDCAT_BINARY, the program.
"""

import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BINARY = os.environ["NDCAT_BINARY"]


def console_blocks():
    return re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def steps(block):
    """[(command, expected output)] of a block in which commands stand after "$ "."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert parts[0] == ""
    return list(zip(parts[1::2], parts[2::2]))


@pytest.fixture
def shell(tmp_path):
    """Runs a command line as the README's reader would: ndcat on the PATH, python3 with NumPy, data in runs/."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "ndcat").symlink_to(BINARY)
    (programs / "python3").symlink_to(sys.executable)
    here = tmp_path / "here"
    (here / "runs").mkdir(parents=True)
    np.save(here / "runs" / "monday.npy", np.arange(5_000_000, dtype=np.float64).reshape(5000, 1000))
    np.save(here / "runs" / "tuesday.npy", np.arange(15_000_000, dtype=np.float64).reshape(15000, 1000))
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}

    def run(command):
        return subprocess.run(["bash", "-c", command], cwd=here, env=env, stdin=subprocess.DEVNULL, timeout=120, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    yield run
    if os.path.ismount(here / "mnt"):
        subprocess.run(["fusermount3", "-uz", here / "mnt"], check=True)
        assert False, "the example left its mount behind"


def test_the_example_works(shell):
    if not os.path.exists("/dev/fuse"):
        pytest.skip("no /dev/fuse: the README's example cannot mount")
    block, = [block for block in console_blocks() if "ndcat runs mnt" in block]
    ran = steps(block)
    assert len(ran) >= 5
    for command, expected in ran:
        result = shell(command)
        assert result.stdout.split() == expected.split(), command
        assert result.returncode == 0, command


def test_the_two_commands_are_there():
    first = [command.partition("#")[0].split() for command, _ in steps(console_blocks()[0])]
    assert first == [["scripts/demo"], ["scripts/test"]]
    for script in re.findall(r"scripts/[\w-]+", README):
        assert os.access(ROOT / script, os.X_OK), script


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target
    for path in re.findall(r"`((?:core|manifests|fs|tests|scripts)/[\w./-]*)`", README):
        assert (ROOT / path).exists(), path


def test_commands_that_are_named_exist():
    helped = subprocess.run([BINARY, "help"], check=True, capture_output=True, text=True).stdout
    named = set(re.findall(r"`ndcat (\w+)", README)) - {"runs"}
    assert named
    for command in named:
        assert re.search(rf"^  {command} ", helped, re.MULTILINE), command
