"""What an owner can do to a run, while it waits, trains and after."""

import pytest

from playground.errors import UserError
from playground.events import Failed, Finished, Queued, Stopped
from playground.runs import changes, log
from playground.runs.locks import Lock, is_held
from playground.runs.store import Store
from tests.runs.making import happened, start, started, step, stopped


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def look(store, run_id):
    return store.visible(run_id, "")


def test_a_run_that_waits_is_stopped_without_a_worker(store):
    run_id = start(store)

    changes.stop(look(store, run_id))

    assert look(store, run_id).status == "stopped"
    assert look(store, run_id).events()[0][-1] == Stopped(0, 0, 0.0, 0, 0, 0.0)


def test_a_run_that_trains_is_asked_and_its_log_left_to_its_worker(store):
    run_id = start(store)
    folder = look(store, run_id).folder
    happened(folder, started(), step(1))
    size = (folder / "events.jsonl").stat().st_size
    lock = Lock(folder / "lock")
    lock.acquire()

    changes.stop(look(store, run_id))

    assert (folder / "stop").exists()
    assert look(store, run_id).status == "stopping"
    assert (folder / "events.jsonl").stat().st_size == size
    lock.release()


def test_stopping_a_run_that_is_over_changes_nothing(store):
    run_id = start(store)
    folder = look(store, run_id).folder
    happened(folder, started(), stopped(4))

    changes.stop(look(store, run_id))

    assert not (folder / "stop").exists()
    assert look(store, run_id).events()[0][-1] == stopped(4)


@pytest.mark.parametrize("end", [stopped(4), Failed("no memory"), step(4)])
def test_a_resumed_run_waits_at_the_end_of_the_queue(store, end):
    run_id, other = start(store), start(store)
    folder = look(store, run_id).folder
    happened(folder, started(), step(4), end)
    (folder / "stop").touch()

    changes.resume(look(store, run_id))

    assert look(store, run_id).status == "queued"
    assert (look(store, other).position, look(store, run_id).position) == (1, 2)
    assert not (folder / "stop").exists()


def test_a_resumed_run_that_is_stopped_in_the_queue_is_where_it_was(store):
    run_id = start(store)
    happened(look(store, run_id).folder, started(), step(4), stopped(4))
    changes.resume(look(store, run_id))

    changes.stop(look(store, run_id))

    assert look(store, run_id).events()[0][-1] == stopped(4)


def test_a_run_that_goes_on_or_is_finished_cannot_be_resumed(store):
    run_id = start(store)
    with pytest.raises(UserError, match="queued already"):
        changes.resume(look(store, run_id))

    happened(look(store, run_id).folder, Finished(9, 9, 1.0, False, 1, 1, 9.0))
    with pytest.raises(UserError, match="more steps"):
        changes.resume(look(store, run_id))
    assert isinstance(log.last(look(store, run_id).folder / "events.jsonl"), Finished)


def test_a_new_name_stays_and_an_empty_one_is_refused(store, tmp_path):
    run_id = start(store, name="old")

    changes.rename(look(store, run_id), "  new\n name ")

    assert look(Store(tmp_path), run_id).name == "new name"
    for name in ("", "   ", "x" * 81):
        with pytest.raises(UserError, match="1 to 80"):
            changes.rename(look(store, run_id), name)


def test_sharing_can_be_taken_back(store):
    run_id = start(store, owner="ada's secret token")
    record = store.owned(run_id, "ada's secret token")

    changes.share(record, True)
    assert look(store, run_id).shared
    changes.share(record, False)
    with pytest.raises(UserError):
        look(store, run_id)


def test_a_deleted_run_is_gone_and_one_that_trains_stays(store, tmp_path):
    run_id = start(store)
    lock = Lock(look(store, run_id).folder / "lock")
    lock.acquire()
    with pytest.raises(UserError, match="Stop it first"):
        changes.delete(look(store, run_id), store)
    trains = look(store, run_id)
    lock.release()
    with pytest.raises(UserError, match="Stop it first"):
        changes.delete(trains, store)
    assert not is_held(store.folder / run_id / "lock"), "let go again"

    changes.delete(look(store, run_id), store)

    assert store.all() == []
    assert not list((tmp_path / "runs").iterdir())
    assert not list((tmp_path / "drafts").iterdir())


def test_a_resumed_run_joins_the_queue_with_an_event(store):
    run_id = start(store)
    happened(look(store, run_id).folder, started(), step(1), stopped(1))

    changes.resume(look(store, run_id))

    assert isinstance(look(store, run_id).events()[0][-1], Queued)
