"""The answer to how many labels are needed, on curves made by hand."""

from pathlib import Path

import pytest

from playground import studies
from playground.errors import UserError
from playground.events import Evaluated, Finished
from playground.runs.group import Groups
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from playground.studies.intervals import mean_interval
from tests.runs.making import TASK, happened, started, table

END = Finished(9, 6, 1.0, early=False, peak_bytes=1, adapter_bytes=1, steps_per_second=9.0)


def answer(curves: list[list[float]], folder: Path) -> str:
    """For one curve a seed, at 1, 2, 4 labels."""
    study = studies.create("labels_needed", {"most": 4, "seeds": len(curves)})
    groups = Groups(Store(folder))
    group_id = groups.start(study.group(RunSpec(TASK)), table(60))
    shares = (share for curve in curves for share in curve)
    for record, share in zip(groups.one(group_id).runs, shares, strict=True):
        looks = (Evaluated(6, "held_out", share, 0.5, 64), Evaluated(9, "held_out", 0.01, 0.5, 64))
        happened(record.folder, started(), *looks, END)
    return study.finding(groups.one(group_id)).answer


@pytest.mark.parametrize(
    ("curves", "said"),
    [
        ([[0.5, 0.7, 0.7], [0.5, 0.72, 0.73], [0.52, 0.7, 0.68]], "From 2 on more are not shown"),
        ([[0.5, 0.6, 0.7], [0.5, 0.61, 0.72], [0.52, 0.6, 0.71]], "4 still get +10.7 points more"),
        ([[0.6, 0.6, 0.6], [0.7, 0.7, 0.7]], "From 1 on more are not shown to help: 4 get ±0.0"),
        ([[0.5, 0.6, 0.7]], "With one seed, that is a hint at most"),
    ],
)
def test_it_says_from_where_on_more_are_not_shown_to_help(curves, said, tmp_path: Path) -> None:
    assert said in answer(curves, tmp_path)


def test_it_names_the_method_both_ends_and_the_interval(tmp_path: Path) -> None:
    told = answer([[0.5, 0.6, 0.7], [0.5, 0.61, 0.72], [0.52, 0.6, 0.71]], tmp_path)

    assert told.startswith("LoRA gets 50.7\u202f% right with 1 example per label, 71.0\u202f%")
    assert "(95\u202f% interval 68.5\u202f% to 73.5\u202f%)" in told
    assert "over 3 seeds" in told


def test_runs_are_of_nested_sizes_and_the_whole_curve_of_a_seed_comes_first() -> None:
    study = studies.create("labels_needed", {"most": 12, "seeds": 2})
    runs = study.group(RunSpec(TASK, seed=5)).runs

    assert [run.labels_per_class for run in runs] == 2 * [1, 2, 4, 8, 12]
    assert [run.seed for run in runs] == 5 * [5] + 5 * [6]
    with pytest.raises(UserError, match="are 110 runs; 64 are possible"):
        studies.create("labels_needed", {"most": 1024, "seeds": 10}).group(RunSpec(TASK))


def test_an_interval_is_students() -> None:
    mean, low, high = mean_interval((0.1, 0.2, 0.3, 0.4))
    assert (mean, low, high) == pytest.approx((0.25, 0.0447, 0.4553), abs=1e-3)
    assert mean_interval((0.3,)) == (0.3, None, None)
