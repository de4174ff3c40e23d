"""Writes the table in unicode_printable.cc from Python's own (3.11: Unicode 14.0): python3 unicode_printable.py

Each run is a pair of steps: so many printable characters, then so many that are not.
"""
import itertools
import unicodedata

runs = [
    (printable, sum(1 for _ in group))
    for printable, group in itertools.groupby(chr(c).isprintable() for c in range(0x110000))
]
if runs[0][0] is False:
    runs.insert(0, (True, 0))
numbers = [str(count) for _, count in runs]
line, lines = "   ", []
for number in numbers:
    if len(line) + len(number) + 2 > 110:
        lines.append(line)
        line = "   "
    line += f" {number},"
lines.append(line)
print(f"// Unicode {unicodedata.unidata_version}")
print("\n".join(lines))
