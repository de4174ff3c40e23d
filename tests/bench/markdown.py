"""Tables and numbers as text."""


def number(value):
    """Three digits, as far as they go in front of the decimal point; thousands apart."""
    if value is None:
        return "–"
    if abs(value) >= 99.95:
        return f"{value:,.0f}".replace(",", " ")
    if value == 0:
        return "0"
    digits = 3 - len(str(int(abs(value)))) if abs(value) >= 1 else 3
    return f"{value:.{digits}f}"


def table(header, lines):
    """Columns as wide as their widest cell; all but the first flush right."""
    widths = [max(len(line[i]) for line in [header, *lines]) for i in range(len(header))]

    def text(line):
        return "| " + " | ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                                 for i, (cell, width) in enumerate(zip(line, widths))) + " |"
    rule = "|" + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":" for i, width in enumerate(widths)) + "|"
    return "\n".join([text(header), rule, *map(text, lines)])
