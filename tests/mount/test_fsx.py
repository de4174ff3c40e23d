"""Random operations on one virtual file at a time, byte for byte; see fsx_program.py, which also runs longer ones."""

import os

import pytest

import fsx_program

# NDCAT_SEED replays a run.
SEED = int(os.environ.get("NDCAT_SEED") or int.from_bytes(os.urandom(4), "little"))
OPERATIONS = 450


@pytest.mark.deadline(120)
@pytest.mark.parametrize("number", range(4 if os.environ.get("NDCAT_SLOW") else 10))
def test_every_byte_is_as_it_must_be(number):
    print(f"NDCAT_SEED={SEED}")
    fsx_program.run_world(SEED + number, OPERATIONS, ["-s"] if number == 1 else [])
