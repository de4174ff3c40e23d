"""Tables and numbers as text."""

import math


def number(value):
    """Three digits, or two behind the zeros of a small number; thousands apart, and none of their digits left out."""
    if value is None:
        return "–"
    if abs(value) >= 99.95:
        return f"{value:,.0f}".replace(",", " ")
    if abs(value) >= 1:
        return f"{value:.{3 - len(str(int(abs(value))))}f}"
    if abs(value) >= 0.01:
        return f"{value:.3f}"
    return f"{value:.{1 - math.floor(math.log10(abs(value)))}f}" if value else "0"


def table(header, lines):
    """Columns as wide as their widest cell; all but the first flush right."""
    widths = [max(len(line[i]) for line in [header, *lines]) for i in range(len(header))]

    def text(line):
        return "| " + " | ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                                 for i, (cell, width) in enumerate(zip(line, widths))) + " |"
    rule = "|" + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":" for i, width in enumerate(widths)) + "|"
    return "\n".join([text(header), rule, *map(text, lines)])
