"""The queue over an executor whose workers are threads of this very process."""

from pathlib import Path

import pytest

from playground import Playground
from playground.events import Failed, Finished, Started, Step
from playground.executors.base import Executor
from playground.executors.queue import Scheduler
from playground.executors.worker import serve
from playground.runs import changes
from playground.runs.locks import Lock
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from tests.executors.in_process import InProcess
from tests.runs.making import TASK, happened, start, started, stopped, table
from tests.tiny import tiny_model
from tests.waiting import PAUSE, until


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def schedule(store):
    """Start a scheduler over the store with this executor; all are closed at the end."""
    made = []

    def begin(executor: Executor) -> Scheduler:
        made.append(Scheduler(store, executor))
        made[-1].start()
        return made[-1]

    yield begin
    for scheduler in made:
        scheduler.close()


def statuses(store, *run_ids):
    return [store.visible(run_id, "").status for run_id in run_ids]


def test_first_come_first_served_and_one_at_a_time(store, schedule):
    executor, runs = InProcess(), [start(store) for _ in range(3)]
    schedule(executor)
    until(lambda: statuses(store, *runs) == ["running", "queued", "queued"])
    PAUSE.wait(0.5)  # long enough for two more looks at the queue
    assert [run for run, _ in executor.placed] == runs[:1]

    executor.end(store.visible(runs[0], "").folder)
    until(lambda: statuses(store, *runs) == ["stopped", "running", "queued"])
    until(lambda: len(executor.placed) == 2)

    assert [run for run, _ in executor.placed] == runs[:2]


def test_every_device_takes_a_run_of_its_own(store, schedule):
    executor, runs = InProcess(("cuda:0", "cuda:1")), [start(store) for _ in range(3)]
    schedule(executor)
    until(lambda: statuses(store, *runs) == ["running", "running", "queued"])

    executor.end(store.visible(runs[0], "").folder)
    until(lambda: len(executor.placed) == 3)

    assert executor.placed == [(runs[0], "cuda:0"), (runs[1], "cuda:1"), (runs[2], "cuda:0")]


def test_a_run_stopped_in_the_queue_is_never_placed(store, schedule):
    executor, runs = InProcess(), [start(store) for _ in range(3)]
    scheduler = schedule(executor)
    until(lambda: executor.placed)
    changes.stop(store.visible(runs[1], ""))
    executor.end(store.visible(runs[0], "").folder)
    scheduler.wake()
    until(lambda: len(executor.placed) == 2)

    assert [run for run, _ in executor.placed] == [runs[0], runs[2]]


def test_a_second_server_watches_and_takes_over_when_the_first_ends(store, schedule):
    first, second, run = InProcess(), InProcess(), start(store)
    leader = schedule(first)
    until(lambda: statuses(store, run) == ["running"])
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
    executor = InProcess()
    schedule(executor)
    until(lambda: executor.warmed)
    assert executor.placed == []

    happened(store.visible(orphan, "").folder, stopped(1))
    lock.release()
    until(lambda: executor.placed)

    assert [run for run, _ in executor.placed] == [waiting]


def test_a_run_whose_workers_never_begin_has_failed_and_the_next_one_is_tried(store, schedule):
    executor, run = InProcess(broken=True), start(store)
    scheduler = schedule(executor)
    until(lambda: store.visible(run, "").status == "failed")

    last = store.visible(run, "").events()[0][-1]
    assert isinstance(last, Failed)
    assert "No module named 'torch'" in last.message
    assert len(executor.placed) == 2
    executor.broken = False
    changes.resume(store.visible(run, ""))
    scheduler.wake()
    until(lambda: store.visible(run, "").status == "running")


def test_closing_hands_over_what_can_start_and_begins_nothing_new(store, schedule):
    executor = InProcess()
    scheduler = schedule(executor)
    until(lambda: executor.warmed)
    run, warmed = start(store), executor.warmed
    scheduler.close()

    assert [name for name, _ in executor.placed] == [run]
    assert executor.warmed <= warmed + 1
    assert executor.closed


def test_origins_and_the_owners_of_one_take_turns_and_the_position_is_the_true_one(store, schedule):
    crowd, home = "203.0.113.7", "198.51.100.2"
    first = [start(store, "ada's secret token", origin=crowd) for _ in range(3)]
    second = [start(store, "bob's secret token", origin=crowd) for _ in range(2)]
    third = [start(store, "cyd's secret token", origin=home) for _ in range(2)]
    expected = [first[0], third[0], second[0], third[1], first[1], second[1], first[2]]
    places = {record.id: record.position for record in store.all()}
    assert [places[run_id] for run_id in expected] == list(range(1, 8))
    executor = InProcess()
    scheduler = schedule(executor)

    for place, run_id in enumerate(expected, start=1):
        until(lambda place=place: len(executor.placed) == place)
        assert executor.placed[-1][0] == run_id, place
        executor.end(store.folder / run_id)
        scheduler.wake()


def trained_on_a_tiny_model(folder: Path, device: str) -> None:
    """What a worker does, with a model that is its own."""
    serve(folder, device, tiny_model("gpt2"))


def test_runs_train_stop_and_go_on_wherever_the_executor_has_its_workers(tmp_path):
    executor = InProcess(("cpu",), trained_on_a_tiny_model)
    with Playground(tmp_path, executor) as playground:
        long, short = (
            playground.start(RunSpec(TASK, settings={"steps": steps}, labels_per_class=4), table())
            for steps in (5_000, 2)
        )
        for event in playground.follow(long):
            if isinstance(event, Step):
                playground.stop(long)
                break
        assert isinstance(list(playground.follow(short))[-1], Finished), "the next in the queue"
        assert playground.record(long).usable, "what was learnt is kept"

        playground.resume(long)
        *_, reached = (one for one in playground.events(long)[0] if isinstance(one, Step))
        went_on = next(
            one for one in playground.follow(long) if isinstance(one, Started) and one.resumed_from
        )
        playground.stop(long)
        until(lambda: not executor.alive(playground.record(long).folder))

        assert went_on.resumed_from == reached.step
        assert playground.record(long).status == "stopped"
        assert [run for run, _ in executor.placed] == [long, short, long]
