"""The queue over a placement whose workers are locks in this very process."""

from pathlib import Path

import pytest

from playground.events import Failed
from playground.executors.queue import Scheduler
from playground.runs import changes
from playground.runs.locks import Lock
from playground.runs.store import Store
from tests.runs.making import happened, start, started, stopped
from tests.waiting import PAUSE, until


class Hall:
    """A placement with a seat for each device. A run sits until the test ends it."""

    def __init__(self, devices: tuple[str, ...] = ("",), broken: bool = False) -> None:
        self.devices = devices
        self.broken = broken  # workers end before they take their run
        self.placed: list[tuple[str, str]] = []
        self.locks: dict[str, Lock] = {}
        self.warmed = 0
        self.closed = False

    def warm(self) -> None:
        self.warmed += 1

    def place(self, folder: Path, device: str) -> None:
        if not self.broken:
            lock = Lock(folder / "lock")
            assert lock.acquire(1.0)
            (folder / "lock").write_text(f"1 {device}")
            happened(folder, started())
            self.locks[folder.name] = lock
        self.placed.append((folder.name, device))  # last: a test that sees it may end the run

    def carries(self, folder: Path) -> bool:
        return folder.name in self.locks

    def end(self, folder: Path) -> None:
        happened(folder, stopped(1))
        self.locks.pop(folder.name).release()

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def schedule(store):
    """Start a scheduler over the store with this placement; all are closed at the end."""
    made = []

    def begin(placement: Hall) -> Scheduler:
        made.append(Scheduler(store, placement))
        made[-1].start()
        return made[-1]

    yield begin
    for scheduler in made:
        scheduler.close()


def statuses(store, *run_ids):
    return [store.visible(run_id, "").status for run_id in run_ids]


def test_first_come_first_served_and_one_at_a_time(store, schedule):
    hall, runs = Hall(), [start(store) for _ in range(3)]
    schedule(hall)
    until(lambda: statuses(store, *runs) == ["running", "queued", "queued"])
    PAUSE.wait(0.5)  # long enough for two more looks at the queue
    assert [run for run, _ in hall.placed] == runs[:1]

    hall.end(store.visible(runs[0], "").folder)
    until(lambda: statuses(store, *runs) == ["stopped", "running", "queued"])

    assert [run for run, _ in hall.placed] == runs[:2]


def test_every_device_takes_a_run_of_its_own(store, schedule):
    hall, runs = Hall(("cuda:0", "cuda:1")), [start(store) for _ in range(3)]
    schedule(hall)
    until(lambda: statuses(store, *runs) == ["running", "running", "queued"])

    hall.end(store.visible(runs[0], "").folder)
    until(lambda: store.visible(runs[2], "").status == "running")

    assert hall.placed == [(runs[0], "cuda:0"), (runs[1], "cuda:1"), (runs[2], "cuda:0")]


def test_a_run_stopped_in_the_queue_is_never_placed(store, schedule):
    hall, runs = Hall(), [start(store) for _ in range(3)]
    scheduler = schedule(hall)
    until(lambda: hall.placed)
    changes.stop(store.visible(runs[1], ""))
    hall.end(store.visible(runs[0], "").folder)
    scheduler.wake()
    until(lambda: store.visible(runs[2], "").status == "running")

    assert [run for run, _ in hall.placed] == [runs[0], runs[2]]


def test_a_second_server_watches_and_takes_over_when_the_first_ends(store, schedule):
    first, second, run = Hall(), Hall(), start(store)
    leader = schedule(first)
    until(lambda: first.placed)
    schedule(second)
    waiting = start(store)
    leader.close()
    assert first.closed
    assert store.visible(run, "").status == "running", "a run outlives the server that placed it"

    first.end(store.visible(run, "").folder)
    until(lambda: second.placed)

    assert [name for name, _ in second.placed] == [waiting]


def test_a_run_that_the_last_server_left_running_keeps_its_device_busy(store, schedule):
    orphan, waiting = start(store), start(store)
    lock = Lock(store.visible(orphan, "").folder / "lock")
    lock.acquire()
    happened(store.visible(orphan, "").folder, started())
    hall = Hall()
    schedule(hall)
    until(lambda: hall.warmed)
    assert hall.placed == []

    happened(store.visible(orphan, "").folder, stopped(1))
    lock.release()
    until(lambda: hall.placed)

    assert [run for run, _ in hall.placed] == [waiting]


def test_a_run_whose_workers_never_begin_has_failed_and_the_next_one_is_tried(store, schedule):
    hall, run = Hall(broken=True), start(store)
    (store.home / "standby.log").write_text("ModuleNotFoundError: No module named 'torch'\n")
    scheduler = schedule(hall)
    until(lambda: store.visible(run, "").status == "failed")

    last = store.visible(run, "").events()[0][-1]
    assert isinstance(last, Failed)
    assert "No module named 'torch'" in last.message
    assert len(hall.placed) == 2
    hall.broken = False
    changes.resume(store.visible(run, ""))
    scheduler.wake()
    until(lambda: store.visible(run, "").status == "running")


def test_closing_hands_over_what_can_start_and_begins_nothing_new(store, schedule):
    hall = Hall()
    scheduler = schedule(hall)
    until(lambda: hall.warmed)
    run, warmed = start(store), hall.warmed
    scheduler.close()

    assert [name for name, _ in hall.placed] == [run]
    assert hall.warmed <= warmed + 1
    assert hall.closed


def test_origins_and_the_owners_of_one_take_turns_and_the_position_is_the_true_one(store, schedule):
    crowd, home = "203.0.113.7", "198.51.100.2"
    first = [start(store, "ada's secret token", origin=crowd) for _ in range(3)]
    second = [start(store, "bob's secret token", origin=crowd) for _ in range(2)]
    third = [start(store, "cyd's secret token", origin=home) for _ in range(2)]
    expected = [first[0], third[0], second[0], third[1], first[1], second[1], first[2]]
    places = {record.id: record.position for record in store.all()}
    assert [places[run_id] for run_id in expected] == list(range(1, 8))
    hall = Hall()
    scheduler = schedule(hall)

    for place, run_id in enumerate(expected, start=1):
        until(lambda place=place: len(hall.placed) == place)
        assert hall.placed[-1][0] == run_id, place
        hall.end(store.folder / run_id)
        scheduler.wake()
