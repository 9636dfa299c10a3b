"""Runs as folders: made whole, found again, seen by whom they belong to."""

import json
import os

import pytest

from playground.errors import UserError
from playground.events import Loading
from playground.runs.locks import Lock
from playground.runs.store import Store, read_examples
from tests.runs.making import TASK, happened, start, stopped

ADA, BOB = "ada's secret token", "bob's secret token"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def test_a_run_is_on_disk_before_anything_runs_and_reads_back_the_same(store, tmp_path):
    run_id = start(store, settings={"rank": 4}, seed=7, name="first")

    record = Store(tmp_path).visible(run_id, "")

    assert (record.status, record.position, record.name) == ("queued", 1, "first")
    assert record.spec.task == TASK
    assert record.spec.settings["rank"] == 4
    assert record.spec.settings["steps"] > 0, "settings that were left out are filled in"
    assert record.about.labelled == 8
    labelled, held_out = read_examples(record.folder)
    assert (len(labelled), len(held_out)) == (8, 16)
    assert not {one.row["text"] for one in labelled} & {one.row["text"] for one in held_out}


def test_the_owners_token_is_on_no_disk(store, tmp_path):
    run_id = start(store, owner=ADA)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(ADA in path.read_text() for path in files)
    assert store.visible(run_id, ADA).owner_hash not in ("", ADA)


def test_nobody_else_may_open_the_folder_of_a_run(store):
    run_id = start(store)

    folder = store.visible(run_id, "").folder
    for path in (folder.parent, folder, *folder.iterdir()):
        assert os.stat(path).st_mode & 0o077 == 0, path.name


def test_a_strangers_run_is_as_good_as_missing(store):
    run_id, missing = start(store, owner=ADA), "x" * 22
    answers = []
    for asked in (run_id, missing):
        with pytest.raises(UserError) as error:
            store.visible(asked, BOB)
        answers.append(str(error.value).replace(asked, "ID"))

    assert answers[0] == answers[1]
    assert store.own(BOB) == []
    assert [record.id for record in store.own(ADA)] == [run_id]
    with pytest.raises(UserError, match="There is no run"):
        store.visible(run_id, "")


def test_a_shared_run_can_be_seen_by_its_id_and_changed_by_its_owner_alone(store):
    run_id = start(store, owner=ADA)
    (store.visible(run_id, ADA).folder / "shared").touch()

    assert store.visible(run_id, BOB).id == run_id
    assert store.own(BOB) == []
    with pytest.raises(UserError, match="only its owner"):
        store.owned(run_id, BOB)
    assert store.owned(run_id, ADA).id == run_id


def test_the_queue_is_in_the_order_of_coming_whoever_comes(store):
    first, second, third = start(store), start(store, owner=ADA), start(store)
    happened(store.visible(first, "").folder, stopped(0))

    places = {record.id: record.position for record in store.all()}

    assert places == {first: 0, second: 1, third: 2}
    assert store.visible(third, "").position == 2
    assert store.queue() == (0, 2)


def test_a_run_whose_worker_holds_its_lock_trains_and_one_that_lost_it_has_died(store):
    run_id = start(store)
    folder = store.visible(run_id, "").folder
    lock = Lock(folder / "lock")
    lock.acquire()
    happened(folder, Loading("the model", 1.0))

    assert store.visible(run_id, "").status == "starting"
    lock.release()
    assert store.visible(run_id, "").status == "died"
    assert store.visible(run_id, "").over


def test_what_is_no_run_is_left_out_of_the_list(store, tmp_path):
    run_id = start(store)
    (tmp_path / "runs" / "stray").mkdir()
    (tmp_path / "runs" / "file").touch()

    assert [record.id for record in Store(tmp_path).all()] == [run_id]


def test_the_end_of_the_workers_log_comes_without_paths(store):
    folder = store.visible(start(store), "").folder
    (folder / "worker.log").write_text("x\n" * 90 + 'File "/home/ada/work/deep.py", line 3\nKilled')

    tail = store.all()[0].log_tail

    assert tail.endswith('File "deep.py", line 3\nKilled')
    assert tail.count("\n") < 40


def test_spec_json_is_plain_json_that_a_person_can_read(store):
    folder = store.visible(start(store, name="a name"), "").folder

    values = json.loads((folder / "spec.json").read_text())

    assert values["spec"]["task"]["template"] == TASK.template
    assert values["spec"]["name"] == "a name"
    assert values["about"]["table"] == "reviews.csv"
