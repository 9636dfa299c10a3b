"""A damaged run is listed with what is wrong and can be deleted; nobody else notices."""

import json
import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from playground import Playground
from playground.errors import UserError
from playground.events import Finished, Queued
from playground.executors.queue import Scheduler
from playground.runs import changes, log
from playground.runs.locks import Lock
from playground.runs.spec import RunSpec
from playground.runs.store import Store, read_examples
from playground.tasks.splits import split
from tests.executors.in_process import InProcess
from tests.runs.making import TASK, happened, start, started, step, stopped, table
from tests.waiting import until

FINISHED = Finished(1, 1, 1.0, False, 1, 1, 1.0)
MADE = RunSpec(TASK, name="made", labels_per_class=4), split(table(), TASK, 4, 0), "reviews.csv"
ADA, BOB = "ada's secret token", "bob's secret token"
DEEP = "[" * 100_000
WRONG = ("null", "[]", "3", '"text"', "", "{", DEEP, '{"spec": ' * 20_000, "NaN", "1e999")


def written(name: str, text: str) -> Callable[[Path], object]:
    return lambda run: (run / name).write_text(text, errors="surrogatepass")


def bytes_written(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda run: (run / name).write_bytes(data)


def instead(name: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Damage that puts something else in the place of a file."""

    def damage(run: Path) -> None:
        (run / name).unlink(missing_ok=True)
        make(run / name)

    return damage


def changed(*path: str, value: object) -> Callable[[Path], None]:
    """Damage that changes one value of spec.json."""

    def damage(run: Path) -> None:
        values = json.loads((run / "spec.json").read_text())
        place = values
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        (run / "spec.json").write_text(json.dumps(values))

    return damage


FOLDER, PIPE = Path.mkdir, os.mkfifo
RING, AWAY = (lambda path: path.symlink_to(path)), (lambda path: path.symlink_to("/etc/passwd"))
ELSEWHERE = [
    instead(name, make)
    for name in ("spec.json", "examples.jsonl", "events.jsonl", "name", "lock")
    for make in (FOLDER, PIPE, RING, AWAY)
]
TEXTS = [written(name, text) for name in ("spec.json", "examples.jsonl") for text in WRONG]
VALUES = [
    changed("spec", value=None),
    changed("spec", "task", value=[]),
    changed("spec", "task", "label_words", value={"a": "b"}),
    changed("spec", "method", value="magic"),
    changed("spec", "method", value=["lora"]),
    changed("spec", "settings", value=3),
    changed("spec", "seed", value="0"),
    changed("spec", "labels_per_class", value=1.5),
    changed("spec", "name", value=None),
    changed("spec", "name", value="\ud800"),
    changed("about", value={}),
    changed("about", "table", value=3),
    changed("about", "labelled", value=None),
    changed("owner", value=3),
    changed("owner", value="ada"),
    changed("created", value="now"),
    changed("created", value=float("nan")),
    changed("created", value=True),
    changed("created", value=float("inf")),
]
NAMES = [
    bytes_written("name", b"\xff\xfe"),
    bytes_written("name", b"x" * 5_000),
    bytes_written("spec.json", b"\xff{}"),
    bytes_written("events.jsonl", b""),
    bytes_written("events.jsonl", b"\0" * 10_000),
    instead("spec.json", lambda path: None),
    instead("examples.jsonl", lambda path: None),
    instead("events.jsonl", lambda path: None),
]
ENDS = [
    lambda run, line=line: (run / "events.jsonl").open("a").write(line + "\n")
    for line in (
        "3",
        '"text"',
        "null",
        '{"event": "Unknown"}',
        '{"event": ["Step"]}',
        '{"event": "Step", "step": "1"}',
        '{"event": "Queued", "time": 1e999}',
        '{"event": "Queued", "time": NaN}',
        '{"event": "Stopped"}',
        "\0" * 100,
        "x" * 3_000_000,
        DEEP,
    )
]


def whole_folder(run: Path, make: Callable[[Path], object]) -> None:
    shutil.rmtree(run)
    make(run)


@pytest.mark.parametrize("damage", [*TEXTS, *VALUES, *NAMES, *ENDS, *ELSEWHERE])
def test_a_damaged_run_is_listed_with_its_reason_and_deleted_by_its_owner(damage, tmp_path):
    store = Store(tmp_path)
    other, run_id = start(store, BOB, name="whole"), start(store, ADA)
    damage(store.folder / run_id)

    for seen in (store, Store(tmp_path)):  # a server that knew it before, and one that did not
        (record,) = seen.own(ADA)
        assert (record.id, record.status) == (run_id, "damaged")
        assert record.damage
        assert [one.name for one in seen.own(BOB)] == ["whole"]
        assert [one.id for one in seen.line(seen.all())] == [other], "the queue leaves it out"
    assert isinstance((record.settings, record.log_tail, record.events()), tuple)
    changes.delete(store.owned(run_id, ADA), store)

    assert store.own(ADA) == []
    assert Path("/etc/passwd").exists()
    assert not list((tmp_path / "drafts").iterdir())


@pytest.mark.parametrize(
    "make", [Path.touch, Path.mkdir, os.mkfifo, RING, lambda run: run.symlink_to("/etc")]
)
def test_a_run_that_is_no_folder_is_shown_to_the_machine_alone_and_only_itself_deleted(
    make, tmp_path
):
    store = Store(tmp_path)
    run_id = start(store, ADA)
    whole_folder(store.folder / run_id, make)
    fresh = Store(tmp_path)

    (record,) = fresh.own("")
    assert (record.id, record.status, fresh.own(ADA)) == (run_id, "damaged", [])
    changes.delete(record, fresh)

    assert fresh.all() == []
    assert Path("/etc/passwd").exists()


def test_what_cannot_be_read_is_said_and_what_can_be_mended_is(tmp_path):
    with Playground(tmp_path) as playground:
        store = Store(tmp_path)
        lost, unnamed, torn, hollow = (start(store, ADA, name=f"run {n}") for n in range(4))
        written("spec.json", "null")(store.folder / lost)
        bytes_written("name", b"\xff")(store.folder / unnamed)
        happened(store.folder / torn, started(), stopped(1))
        written("events.jsonl", "3\n")(store.folder / torn)
        written("examples.jsonl", '{"part": 3}\n')(store.folder / hollow)

        for act in (playground.export, playground.code, playground.resume):
            with pytest.raises(UserError, match="damaged"):
                act(lost, owner=ADA)
        with pytest.raises(UserError, match="damaged"):
            playground.compare([lost], owner=ADA)
        with pytest.raises(UserError, match="cannot be read any more"):
            read_examples(store.folder / hollow)
        for name, said in (("events.jsonl", "damaged: events.jsonl is a folder"), ("owner", "")):
            run_id = start(store, ADA)
            happened(store.folder / run_id, started(), stopped(1))
            instead(name, FOLDER)(store.folder / run_id)
            if said:
                with pytest.raises(UserError, match=said):
                    playground.resume(run_id, ADA)
            else:
                changes.resume(store.owned(run_id, ADA))
                assert playground.record(run_id, ADA).status == "queued"
        assert "another name" in playground.record(unnamed, ADA).damage
        playground.rename(unnamed, "named again", ADA)
        assert playground.record(unnamed, ADA).status == "queued"
        changes.resume(store.owned(torn, ADA))
        assert playground.record(torn, ADA).status == "queued"


def test_the_queue_goes_on_past_damaged_runs(tmp_path):
    store = Store(tmp_path)
    first, second = start(store), start(store)
    instead("lock", FOLDER)(store.folder / first)
    executor = InProcess()
    scheduler = Scheduler(store, executor)
    scheduler.start()
    until(lambda: executor.placed)
    bytes_written("lock", b"\xff\xff")(store.folder / second)
    executor.end(store.folder / second)
    third = start(store)
    scheduler.wake()
    until(lambda: len(executor.placed) == 2)
    scheduler.close()

    assert [run for run, _ in executor.placed] == [second, third]


def test_a_run_that_trains_does_so_whatever_is_damaged_meanwhile(tmp_path):
    store = Store(tmp_path)
    run_id = start(store, ADA)
    lock = Lock(store.folder / run_id / "lock")
    lock.acquire()
    happened(store.folder / run_id, started(), step(1))
    written("spec.json", "null")(store.folder / run_id)

    assert Store(tmp_path).visible(run_id, ADA).status == "running", "its device is taken"
    lock.release()
    assert store.visible(run_id, ADA).status == "damaged"


@pytest.mark.parametrize("seed", range(2))
def test_random_damage_raises_nothing_but_sentences(seed, tmp_path):
    """50 runs a seed, each corrupted at random, beside one that is not."""
    chance, store = random.Random(seed), Store(tmp_path)
    whole = start(store, BOB)
    runs = [store.create(*MADE, f"invented owner {number}") for number in range(50)]
    for run_id in runs:
        happened(store.folder / run_id, started(), step(1), FINISHED)
        for _ in range(chance.randint(1, 3)):
            corrupt(chance, chance.choice([*(store.folder / run_id).iterdir()]))
    for look in (Store(tmp_path), store):
        assert [one.id for one in look.own(BOB)] == [whole]
        assert next(one.id for one in look.line(look.all())) == whole
    with Playground(tmp_path) as playground:
        for number, run_id in enumerate(runs):
            owner = f"invented owner {number}"
            for record in playground.runs(owner):
                assert isinstance((record.settings, record.log_tail, record.usable), tuple)
            with suppress(UserError):
                playground.events(run_id, chance.randint(-9, 999), owner)
            with suppress(UserError):
                playground.code(run_id, owner)


def corrupt(chance: random.Random, path: Path) -> None:
    """Cut the file, turn some of its bytes, glue or put something else in its place."""
    if path.is_symlink() or not path.is_file():
        return
    data = bytearray(path.read_bytes())
    kind = chance.randint(0, 5)
    if kind == 0:
        del data[chance.randint(0, len(data)) :]
    elif kind == 1:
        at = chance.randint(0, len(data))
        data[at : at + 9] = b"\0" * 9
    elif kind == 2 and data:
        for _ in range(chance.randint(1, 9)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif kind == 3:
        data = bytearray(chance.choice(WRONG).encode())
    elif kind == 4:
        at = chance.randint(0, len(data))
        data[at:at] = data[: chance.randint(0, len(data))]
    path.unlink()
    if kind == 5:
        chance.choice((FOLDER, PIPE, RING, AWAY))(path)
    else:
        path.write_bytes(data)


def test_the_owner_of_a_damaged_run_is_known_from_beside_it(tmp_path):
    store = Store(tmp_path)
    run_id = start(store, ADA)
    happened(store.folder / run_id, Queued(1.0))
    (store.folder / run_id / "owner").unlink()
    assert [one.id for one in Store(tmp_path).own(ADA)] == [run_id], "runs of before have none"

    written("spec.json", "")(store.folder / run_id)
    fresh = Store(tmp_path)
    assert (fresh.own(ADA), [one.id for one in fresh.own("")]) == ([], [run_id])
    assert isinstance(log.last(store.folder / run_id / "events.jsonl"), Queued)


def test_a_run_deleted_while_it_is_looked_at_is_no_trouble_of_the_home(tmp_path, monkeypatch):
    store, kept = Store(tmp_path), os.lstat
    going, staying = (store.folder / start(store) for _ in range(2))

    def seen(path: object, **more: object) -> os.stat_result:
        found = kept(path, **more)
        if path == f"{going}/events.jsonl":
            shutil.rmtree(going)
        return found

    monkeypatch.setattr(os, "lstat", seen)

    assert [one.id for one in Store(tmp_path).all()] == [staying.name]
