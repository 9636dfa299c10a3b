"""What every study owes: a question, its cost beforehand, an answer as it grows."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from playground import limits, studies
from playground.errors import UserError
from playground.events import Evaluated, Finished
from playground.runs.group import Group, Groups
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from playground.studies.costs import Cost, cost
from playground.studies.finding import Finding
from tests.runs.making import TASK, happened, started, table

NAMES = sorted(studies.cards())
FILES = Path(studies.__file__).parent
BASE = RunSpec(TASK, settings={"steps": 10})
END = Finished(9, 9, 1.0, early=False, peak_bytes=1, adapter_bytes=1, steps_per_second=9.0)


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_every_file_that_says_so_is_found_and_asks_something(name: str) -> None:
    card = studies.cards()[name]
    found = [path.stem for path in FILES.glob("*.py") if "\nSTUDY = " in path.read_text()]

    assert sorted(found) == NAMES
    assert card.title.endswith("?")
    assert card.about
    assert {one.name: one.default for one in card.settings} == vars(studies.create(name, {}))
    with pytest.raises(UserError, match="has no setting 'magic'"):
        studies.create(name, {"magic": 1})
    with pytest.raises(UserError, match="no study 'magic'"):
        studies.create("magic", {})


def test_its_cost_is_told_before_and_its_runs_fit_into_a_group(name: str) -> None:
    spec = studies.create(name, {}).group(BASE)
    told = cost(spec, seconds_per_step=0.5)

    if spec is None:
        assert told == Cost(0, 0, 0.0)
        return
    assert told == Cost(len(spec.runs), 10 * len(spec.runs), 5.0 * len(spec.runs))
    assert cost(spec).seconds is None, "nobody has measured a step"
    assert 1 < len(spec.runs) <= limits.GROUP_RUNS
    assert all(run.task == TASK and run.method == BASE.method for run in spec.runs)


def test_it_answers_from_whatever_is_done(name: str, tmp_path: Path) -> None:
    store, study = Store(tmp_path), studies.create(name, {})
    spec = study.group(BASE)
    if spec is None:
        check(study.finding(None))
        return
    groups = Groups(store)
    group_id = groups.start(spec, table(300), "")
    runs = groups.one(group_id).runs
    check(study.finding(groups.one(group_id)), 0, len(runs))
    for done, record in enumerate(runs, start=1):
        share = 0.5 + done / 200
        happened(record.folder, started(), Evaluated(9, "held_out", share, 0.5, 64), END)
        if done in (1, 2, len(runs) // 2, len(runs)):
            check(study.finding(groups.one(group_id)), done, len(runs))
    groups.delete(group_id)
    check(study.finding(Group(group_id, "", (), 0, 0.0, "")), 0, 0)


def check(found: Finding, done: int | None = None, total: int | None = None) -> None:
    """Whether a page could draw it."""
    assert found.answer.endswith(".")
    assert {len(row) for row in found.rows} <= {len(found.heads)}
    assert json.dumps(asdict(found), allow_nan=False)
    shown = sum(len(one.points) for one in found.figure.series)
    assert shown == len(found.rows)
    for point in (one for line in found.figure.series for one in line.points):
        assert min(point.each) <= point.y <= max(point.each)
        assert (point.low is None) == (len(point.each) == 1)
    if done is not None:
        assert (found.done, found.total) == (done, total)
