"""How much is measured, and for how long."""

from dataclasses import dataclass

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True)
class Scale:
    name: str
    size: int  # bytes of an array
    first_element_size: int  # bytes of the array whose first element is waited for
    cold_size: int  # bytes of an array that is read through a throttle
    written_size: int  # bytes of an array that is written
    appended_size: int  # bytes that are appended to one
    source_counts: tuple[int, ...]
    random_touches: int
    cold_touches: int
    rounds: int  # at most
    seconds: float  # for the whole run; cases share what is left of it
    cell_seconds: float  # for one measurement, before it is cut short or given up
    waits_for_disk: bool  # until it has written what the preparations and the writes left to it
    preparation_seconds: float  # for a rival to get ready, and again to have its data checked


WHOLE = Scale("whole", GIB, 2 * GIB, 256 * MIB, 512 * MIB, 128 * MIB, (1, 90, 9_000, 100_000), 4_000, 100, 7, 35 * 60, 20, True, 40)
QUICK = Scale("quick", 128 * MIB, 256 * MIB, 64 * MIB, 64 * MIB, 16 * MIB, (1, 90, 9_000), 1_000, 20, 3, 150, 6, True, 12)
# Only shows that everything runs.
SMOKE = Scale("smoke", MIB, MIB, MIB, MIB, MIB // 4, (1, 9), 16, 4, 1, 10, 10, False, 40)

SCALES = {scale.name: scale for scale in (WHOLE, QUICK, SMOKE)}
