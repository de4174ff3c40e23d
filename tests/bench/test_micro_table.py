"""MICRO.md from what Google Benchmark says."""

from bench.micro_table import GROUPS, EFFORTS, cells_of, group_table, report, spread


def one(name, ratio, family=0, repetition=0, run_type="iteration"):
    return {"run_name": f"{name}/manual_time", "run_type": run_type, "memcpy": ratio, "family_index": family,
            "repetition_index": repetition}


def found(*benchmarks):
    return {"context": {"kernels": "AVX2"}, "benchmarks": list(benchmarks)}


def test_a_cell_is_the_median_of_its_rounds_for_each_warmth():
    groups = cells_of(found(*(one("gather/step 2/1 B/cache", ratio, 0, i) for i, ratio in enumerate([0.5, 0.9, 0.6])),
                            one("gather/step 2/1 B/memory", 0.75, 1)))
    assert group_table(groups["gather"]).splitlines()[-1] == "| step 2 | 0.600 · 0.750 |"
    assert spread(groups["gather"]) == "The rounds of a cell lie within ±17 % (median), ±33 % at most."


def test_rows_and_columns_stand_as_they_were_registered_whatever_the_shuffle():
    groups = cells_of(found(one("g/b/y/cache", 1, 2), one("g/a/y/cache", 2, 1), one("g/a/x/cache", 3, 0)))
    assert group_table(groups["g"]).splitlines() == ["|   |    x |    y |", "|---|-----:|-----:|", "| a | 3.00 | 2.00 |", "| b |      | 1.00 |"]


def test_aggregates_are_left_out():
    groups = cells_of(found(one("g/a/x/cache", 1.0), one("g/a/x/cache", 9.0, run_type="aggregate")))
    assert groups["g"]["a"]["x"]["cache"].figures == [1.0]


def test_the_report_has_all_groups_and_what_was_measured_on():
    text = report(found(*(one(f"{group}/row/column/cache", 1.0) for group in GROUPS)), "scripts/bench --micro", EFFORTS["whole"])
    assert all(f"## {title}\n" in text for title in GROUPS.values())
    assert "`scripts/bench --micro`" in text and "; kernels: AVX2\n" in text and "- machine: " in text
