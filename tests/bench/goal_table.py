"""The goals as a table: the first thing in the report."""

from bench.goals import GOALS, lost_rows, verdicts
from bench.markdown import number, table
from bench.rivals import TITLES

NO_REASON = "**no reason yet**"


def goal_table(rows, reasons):
    found = verdicts(GOALS, rows, reasons)
    notes, lines = [], []
    for verdict in found:
        value = f"{number(verdict.value)}{verdict.goal.unit and ' ' + verdict.goal.unit}" if verdict.value is not None else "–"
        bound = f"{'≥' if verdict.goal.at_least else '≤'} {number(verdict.bound)}"
        lines.append([verdict.goal.text, verdict.row.title, bound, value, judgement(verdict, notes)])
    lost, count = lost_rows(rows)
    for row, rival, advantage in lost:
        reason = reasons.get(f"rivals: {row.key} {rival}", reasons.get("rivals", ""))
        lines.append([f"faster than {TITLES[rival]} wherever FUSE can be", row.title, "≥ 1.00", number(advantage),
                      "missed " + note(notes, reason or NO_REASON)])
    met = sum(verdict.is_met for verdict in found)
    missed = sum(verdict.is_missed for verdict in found)
    summary = [f"{met} of {len(found)} goal rows met, {missed} missed, {len(found) - met - missed} not measured. "
               f"Against rivals: ahead in {count - len(lost)} of {count} rows in which FUSE's own limit is ahead."]
    for line, before in zip(lines[:0:-1], lines[-2::-1]):  # from the end on, each goal is told once
        if line[0] == before[0]:
            line[0] = ""
    body = [table(["goal", "row", "bound", "measured", ""], lines)] if lines else []
    return "\n\n".join([*summary, *body, "\n".join(f"{i}. {text}" for i, text in enumerate(notes, 1))]).rstrip()


def judgement(verdict, notes):
    if verdict.is_met:
        return "met"
    if verdict.is_missed:
        return "missed " + note(notes, verdict.reason or NO_REASON)
    return "not measured " + note(notes, verdict.why_not_measured)


def note(notes, text):
    """The number of a note below the table; one for equal texts."""
    if text not in notes:
        notes.append(text)
    return f"({notes.index(text) + 1})"
