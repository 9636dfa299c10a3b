"""Thirty runs of one person are one thing: in the queue, in a list, and when they end."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from playground import Playground, limits
from playground.errors import UserError
from playground.events import Finished
from playground.runs import changes, files, turns
from playground.runs.group import Group, Groups, GroupSpec
from playground.runs.locks import Lock
from playground.runs.quotas import Quota
from playground.runs.record import Record
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from tests.runs.making import TASK, happened, start, started, step, stopped, table

ADA, BOB = "ada's secret token", "bob's secret token"
DONE = Finished(9, 9, 2.5, early=False, peak_bytes=1, adapter_bytes=1, steps_per_second=4.0)


def curve(runs: int, name: str = "How many labels?") -> GroupSpec:
    """So many runs on ever more labels."""
    specs = (RunSpec(TASK, labels_per_class=1 + n % 4, seed=n // 4) for n in range(runs))
    return GroupSpec(tuple(specs), name, {"study": "labels"})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def made(store: Store, runs: int = 3, owner: str = ADA) -> Group:
    groups = Groups(store)
    return groups.one(groups.start(curve(runs), table(), owner), owner)


def test_a_learning_curve_of_thirty_runs_is_one_thing(store: Store) -> None:
    group = made(store, 30)

    assert (group.status, group.done, group.total, group.missing) == ("queued", 0, 30, 0)
    assert (group.name, group.about) == ("How many labels?", {"study": "labels"})
    assert [one.spec.labels_per_class for one in group.runs[:5]] == [1, 2, 3, 4, 1]
    assert {one.group for one in group.runs} == {group.id}
    assert [one.id for one in store.line(store.all())] == [one.id for one in group.runs]
    for _ in range(limits.QUEUED_RUNS_PER_OWNER - 1):
        assert start(store, ADA), "a group takes one place in the queue"
    with pytest.raises(UserError, match="of your runs are waiting"):
        start(store, ADA)


def test_what_it_has_done_is_computed_from_its_folders(store: Store) -> None:
    first, second, _ = made(store).runs
    happened(first.folder, started(), step(9), DONE)
    lock = Lock(second.folder / "lock")
    assert lock.acquire()
    happened(second.folder, started(), step(1), step(2))

    for fresh in (store, Store(store.home)):  # as after a restart
        (group,) = Groups(fresh).own(ADA)
        assert (group.status, group.done, group.seconds) == ("running", 1, 4.5)
    lock.release()
    (group,) = Groups(store).own(ADA)
    assert group.status == "queued", "one was killed, another still waits"
    happened(group.runs[2].folder, started(), DONE)
    assert Groups(store).own(ADA)[0].status == "failed"


def test_a_group_does_not_starve_a_single_run_of_anybody(store: Store) -> None:
    group = made(store, 30)
    single, own = start(store, BOB), start(store, ADA)

    line = [record.id for record in store.line(store.all())]
    assert line.index(single) == 1
    assert line.index(own) == 2, "nor one of the same owner"
    turns.note(store.home, store.owned(group.runs[0].id, ADA))
    assert [one.id for one in store.line(store.all())][:2] == [single, own]


def test_it_stops_and_goes_on_as_one(store: Store) -> None:
    group, groups = made(store), Groups(store)
    lock = Lock(group.runs[0].folder / "lock")
    assert lock.acquire()
    happened(group.runs[0].folder, started())

    groups.stop(group.id, ADA)
    assert [one.status for one in groups.one(group.id, ADA).runs] == [
        *("stopping", "stopped", "stopped"),
    ]
    asked = [(one.folder / "stop").stat().st_mtime_ns for one in group.runs]
    assert max(asked) == asked[0], "no other begins when the one that trains ends"
    happened(group.runs[0].folder, stopped(3))
    lock.release()
    assert groups.one(group.id, ADA).status == "stopped"
    happened(group.runs[1].folder, DONE)
    groups.resume(group.id, ADA)
    assert [one.status for one in groups.one(group.id, ADA).runs] == [
        *("queued", "finished", "queued"),
    ]
    assert [one.position for one in groups.one(group.id, ADA).runs] == [1, 0, 2]
    with pytest.raises(UserError, match="is queued and has no run to go on with"):
        groups.resume(group.id, ADA)


def test_it_is_deleted_as_one_but_not_while_it_trains(store: Store) -> None:
    group, groups, other = made(store), Groups(store), start(store, ADA)
    lock = Lock(group.runs[2].folder / "lock")
    assert lock.acquire()
    happened(group.runs[2].folder, started())
    with pytest.raises(UserError, match="Stop it first"):
        groups.delete(group.id, ADA)
    assert len(groups.one(group.id, ADA).runs) == 3, "nothing is deleted by half"
    happened(group.runs[2].folder, stopped(1))
    lock.release()

    groups.delete(group.id, ADA)

    assert [one.id for one in store.all()] == [other]
    assert groups.all() == []
    assert list((store.home / "groups").iterdir()) == []
    with pytest.raises(UserError, match="no group"):
        groups.one(group.id, ADA)


def test_a_damaged_run_leaves_the_others_theirs(store: Store) -> None:
    group, groups = made(store), Groups(store)
    (group.runs[1].folder / "examples.jsonl").write_text("nothing")
    groups.stop(group.id, ADA)

    (seen,) = groups.own(ADA)
    assert (seen.status, [one.id for one in seen.damaged]) == ("failed", [group.runs[1].id])
    groups.resume(group.id, ADA)
    assert [one.status for one in groups.one(group.id, ADA).runs] == [
        *("queued", "damaged", "queued"),
    ]
    changes.delete(store.owned(group.runs[1].id, ADA), store)
    assert groups.one(group.id, ADA).missing == 1
    groups.delete(group.id, ADA)
    assert store.all() == []


@pytest.mark.parametrize("content", ["", "[]", '{"name": 3}', "\udcff"])
def test_a_group_whose_own_file_is_damaged_is_what_its_runs_say(content: str, store: Store) -> None:
    group, groups = made(store), Groups(store)
    (store.home / "groups" / group.id / "group.json").write_text(content, errors="surrogateescape")

    (seen,) = groups.own(ADA)
    assert (seen.total, seen.about) == (3, {})
    assert seen.damage
    shutil.rmtree(store.home / "groups" / group.id)
    (seen,) = groups.own(ADA)
    assert {one.id for one in seen.runs} == {one.id for one in group.runs}
    groups.delete(group.id, ADA)
    assert groups.all() == []


@pytest.mark.parametrize("call", [Groups.one, Groups.stop, Groups.resume, Groups.delete])
@pytest.mark.parametrize("owner", [BOB, ""])
def test_another_visitor_neither_sees_nor_touches_it(call, owner: str, store: Store) -> None:
    group = made(store)
    changes.share(store.owned(group.runs[0].id, ADA), True)

    for name in (group.id, files.new_id(), "../runs", ""):
        with pytest.raises(UserError, match="There is no group"):
            call(Groups(store), name, owner)
    assert Groups(store).own(owner) == []
    assert Groups(store).one(group.id, ADA).status == "queued"


def test_a_run_that_somebody_else_made_cannot_slip_in(store: Store) -> None:
    group = made(store)
    stranger = store.owned(start(store, BOB), BOB)
    spec = files.read_json(stranger.folder / "spec.json")
    files.write_json(stranger.folder / "spec.json", {**spec, "group": group.id})

    assert stranger.id not in {one.id for one in Groups(store).one(group.id, ADA).runs}


@pytest.mark.parametrize("runs", [0, limits.GROUP_RUNS + 1])
def test_a_group_has_its_own_quota(runs: int, store: Store) -> None:
    with pytest.raises(UserError, match=f"{runs} runs are asked for"):
        made(store, runs)
    assert store.all() == []


def test_its_examples_all_together_are_not_too_long(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(limits, "GROUP_CHARACTERS", 3_000)

    assert made(store, 2)
    with pytest.raises(UserError, match=r"examples of 9 runs have [\d,]+ characters"):
        made(store, 9)
    assert len(store.all()) == 2


def test_one_person_has_so_many_groups_on_their_way_and_so_many_in_all(tmp_path: Path) -> None:
    store = Store(tmp_path, Quota(groups=limits.GROUPS_GOING_PER_OWNER + 1))
    for _ in range(limits.GROUPS_GOING_PER_OWNER):
        made(store, 1)
    with pytest.raises(UserError, match="are on their way"):
        made(store, 1)
    assert made(store, 1, BOB), "others have their own"
    ended(*(one for group in Groups(store).own(ADA) for one in group.runs))
    ended(*made(store, 1).runs)
    with pytest.raises(UserError, match="as many as one may keep"):
        made(store, 1)


def test_runs_of_a_group_leave_the_owner_as_many_others(tmp_path: Path) -> None:
    store = Store(tmp_path, Quota(runs=2))
    made(store, 3)

    assert [start(store, ADA) for _ in range(2)]
    with pytest.raises(UserError, match="Your 2 runs are as many"):
        start(store, ADA)


def test_a_run_from_before_there_were_groups_stands_for_itself(store: Store) -> None:
    run = store.owned(start(store, ADA), ADA)
    spec = files.read_json(run.folder / "spec.json")
    assert spec.pop("group") == ""
    files.write_json(run.folder / "spec.json", spec)

    seen = Store(store.home).owned(run.id, ADA)
    assert (seen.group, seen.status, seen.damage) == ("", "queued", "")
    assert Groups(store).own(ADA) == []


@pytest.mark.parametrize("wrong", ["../../other", 3, None, ["x"]])
def test_a_run_of_an_impossible_group_is_damaged(wrong: object, store: Store) -> None:
    run = store.owned(start(store, ADA), ADA)
    spec = files.read_json(run.folder / "spec.json")
    files.write_json(run.folder / "spec.json", {**spec, "group": wrong})

    assert Store(store.home).all()[0].status == "damaged"
    assert Groups(store).all() == []


def test_nothing_is_made_where_one_run_cannot_be(store: Store) -> None:
    wrong = replace(curve(3), runs=(*curve(3).runs, RunSpec(TASK, method="magic")))
    for spec, said in ((wrong, "magic"), (replace(curve(2), about={"x": object()}), "plain")):
        with pytest.raises(UserError, match=said):
            Groups(store).start(spec, table(), ADA)
    assert (store.all(), Groups(store).all()) == ([], [])


def test_the_playground_offers_it(tmp_path: Path) -> None:
    with Playground(tmp_path) as playground:
        assert playground.groups(ADA) == []
        with pytest.raises(UserError, match="no folder"):
            playground.start_group(GroupSpec((RunSpec(TASK, model="./none"),)), table(), ADA)
        group_id = Groups(Store(tmp_path)).start(curve(2), table(), ADA)
        assert [one.id for one in playground.groups(ADA)] == [group_id]
        playground.stop_group(group_id, ADA)
        assert playground.group(group_id, ADA).status == "stopped"
        with pytest.raises(UserError, match="no group"):
            playground.resume_group(group_id, BOB)
        playground.delete_group(group_id, ADA)
        assert playground.runs(ADA) == []


def ended(*records: Record) -> None:
    for record in records:
        happened(record.folder, DONE)
