"""One picture for each group of rows: bars of all rivals side by side."""

from bench.rivals import TITLES

COLOURS = {"native": "#4d4d4d", "constant": "#999999", "ndcat": "#d62728", "ndcat-plain": "#ff9896",
           "ndcat-unpredicted": "#ff9896"}
OTHERS = ["#1f77b4", "#aec7e8", "#6baed6", "#2ca02c", "#98df8a", "#9467bd"]
LEGEND = 0.5  # inches above the panels


def draw(rows, path):
    """Writes an SVG; one panel for each unit, with a logarithmic scale where figures lie far apart."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "ndcat", "font.size": 8}
    from matplotlib import pyplot

    units = list(dict.fromkeys(row.quantity.unit for row in rows))
    panels = [[row for row in rows if row.quantity.unit == unit] for unit in units]
    height = LEGEND + 0.4 * len(panels) + 0.6 * len(rows)  # inches
    figure, axes = pyplot.subplots(len(panels), 1, squeeze=False, layout="constrained", figsize=(9, height),
                                   height_ratios=[len(panel) for panel in panels])
    for panel, unit, axis in zip(panels, units, axes[:, 0]):
        draw_panel(panel, axis, unit)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="upper center", ncols=5, frameon=False)
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - LEGEND / height))
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def draw_panel(rows, axis, unit):
    names = [name for name in TITLES if any(name in row.cells for row in rows)]
    palette = iter(OTHERS)
    thickness = 0.85 / len(names)
    for place, name in enumerate(names):
        colour = COLOURS.get(name) or next(palette)
        bars = [(y, row.cells[name]) for y, row in enumerate(rows) if name in row.cells and row.cells[name].known]
        axis.barh([y + (place - (len(names) - 1) / 2) * thickness for y, _ in bars], [cell.median for _, cell in bars], thickness,
                  xerr=[cell.median * cell.spread for _, cell in bars] if bars else None, color=colour, label=TITLES[name],
                  error_kw={"linewidth": 0.5})
    known = [cell.median for row in rows for cell in row.cells.values() if cell.median]
    if known and max(known) > 30 * min(known):
        axis.set_xscale("log")
    axis.set_yticks(range(len(rows)), [row.title for row in rows])
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.set_xlabel(unit + (" (more is better)" if rows[0].quantity.more_is_better else " (less is better)"))
    axis.grid(axis="x", linewidth=0.3)
