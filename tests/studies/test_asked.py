"""A study is asked for like a run, and read while it grows."""

from pathlib import Path

import pytest

from playground import GroupSpec, Playground, RunSpec, StudySpec, UserError
from playground.events import Evaluated, Finished
from playground.runs.group import Groups
from playground.runs.store import Store
from playground.studies.asked import group_of
from tests.runs.making import TASK, happened, started, table

ADA, BOB = "ada's secret token", "bob's secret token"
SPEC = StudySpec("labels_needed", RunSpec(TASK, settings={"steps": 10}), {"most": 2, "seeds": 1})
END = Finished(9, 9, 1.0, early=False, peak_bytes=1, adapter_bytes=1, steps_per_second=4.0)


def test_it_is_a_group_that_remembers_its_question(tmp_path: Path) -> None:
    groups = Groups(Store(tmp_path))
    group_id = groups.start(group_of(SPEC), table(), ADA)
    first, _ = groups.one(group_id, ADA).runs
    with Playground(tmp_path) as playground:
        assert playground.study(group_id, ADA).answer == "No run has finished yet."
        assert playground.study_cost(SPEC, ADA).seconds is None
        happened(first.folder, started(), Evaluated(9, "held_out", 0.75, 0.5, 16), END)

        assert "gets 75.0\u202f% right" in playground.study(group_id, ADA).answer
        assert playground.study_cost(SPEC, ADA).seconds == 2 * 10 / 4
        with pytest.raises(UserError, match="no group"):
            playground.study(group_id, BOB)


def test_one_with_stored_figures_has_nothing_to_run(tmp_path: Path) -> None:
    spec = StudySpec("number_of_tasks", RunSpec(TASK))
    with Playground(tmp_path) as playground:
        assert playground.study_cost(spec).runs == 0
        with pytest.raises(UserError, match="figures that are stored"):
            playground.start_study(spec, table())


@pytest.mark.parametrize("about", [{}, {"study": 3}, {"study": "labels_needed", "settings": 1}])
def test_a_group_of_no_study_answers_nothing(about: dict[str, object], tmp_path: Path) -> None:
    spec = GroupSpec((RunSpec(TASK),), "some runs", about)
    group_id = Groups(Store(tmp_path)).start(spec, table(), ADA)
    playground = Playground(tmp_path)
    with playground, pytest.raises(UserError, match="'some runs' belongs to no study"):
        playground.study(group_id, ADA)
