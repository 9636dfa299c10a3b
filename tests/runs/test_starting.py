"""What is asked for is checked before there is a run."""

from dataclasses import replace

import pytest

from playground import Playground, limits
from playground.comparisons.question import Question
from playground.errors import UserError
from playground.runs import changes, starting
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from tests.runs.making import TASK, happened, start, stopped, table


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"method": "magic"}, "no method 'magic'"),
        ({"settings": {"ranks": 8}}, "no setting 'ranks'"),
        ({"settings": {"rank": 0}}, "rank is 0"),
        ({"settings": {"rank": "8"}}, "rank is '8'"),
        ({"model": "../../etc"}, None),
        ({"model": "gpt 2"}, "not the name of a model"),
        ({"labels_per_class": 0}, "labels per class"),
        ({"labels_per_class": True}, "labels per class"),
        ({"seed": -1}, "seed -1"),
        ({"seed": 0.5}, "seed 0.5"),
        ({"name": "x" * 100}, "1 to 80"),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_value(changes, said, tmp_path):
    store = Store(tmp_path)
    if said is None:  # the form of a folder's name is fine; whether it is there is asked before
        assert start(store, **changes)
        return

    with pytest.raises(UserError, match=said):
        start(store, **changes)
    assert store.all() == []


def test_a_table_without_rows_to_hold_out_is_refused(tmp_path):
    spec = RunSpec(TASK, labels_per_class=4)

    with pytest.raises(UserError, match="hold out"):
        starting.start(spec, table(rows=2), "", Store(tmp_path))


def test_a_run_without_a_name_is_called_after_its_method(tmp_path):
    store = Store(tmp_path)

    assert store.visible(start(store, method="soft_prompt"), "").name == "Soft prompt"


def test_one_owner_cannot_fill_the_queue_nor_can_all(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "QUEUED_RUNS", 3 * limits.QUEUED_RUNS_PER_OWNER)
    store = Store(tmp_path)
    owners = [f"owner number {n}" for n in range(limits.QUEUED_RUNS // 12 + 1)]
    first = start(store, owner=owners[0])
    for _ in range(limits.QUEUED_RUNS_PER_OWNER - 1):
        start(store, owner=owners[0])

    with pytest.raises(UserError, match="of your runs"):
        start(store, owner=owners[0])
    happened(store.visible(first, owners[0]).folder, stopped(1))
    assert start(store, owner=owners[0]), "room again once one is over"
    for number in range(limits.QUEUED_RUNS - limits.QUEUED_RUNS_PER_OWNER):
        start(store, owner=owners[1 + number // limits.QUEUED_RUNS_PER_OWNER])
    with pytest.raises(UserError, match="in the queue"):
        start(store, owner="one more owner")


def test_invented_owners_of_one_address_share_its_places_in_the_queue(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "QUEUED_RUNS_PER_ORIGIN", 16)
    store, address = Store(tmp_path), "203.0.113.7"
    runs = [
        (start(store, owner=f"invented owner {n % 8}", origin=address), f"invented owner {n % 8}")
        for n in range(limits.QUEUED_RUNS_PER_ORIGIN)
    ]

    with pytest.raises(UserError, match="from your address"):
        start(store, owner="one more invented", origin=address)
    assert start(store, owner="one more invented", origin="198.51.100.2"), "others are not shut out"
    happened(store.visible(*runs[0]).folder, stopped(1))
    starting.check_room(runs[0][1], store, address)
    changes.resume(store.owned(*runs[0]), store.origin(address))
    with pytest.raises(UserError, match="from your address"):
        starting.check_room(runs[0][1], store, address)
    kept = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not any(address in text for text in kept), "the address itself is on no disk"


def test_half_a_character_is_refused_before_there_is_a_run(tmp_path):
    store = Store(tmp_path)
    words = {"pos": "positive", "neg": "nega\ud800tive"}

    with pytest.raises(UserError, match="ud800, which is half a character"):
        start(store, task=replace(TASK, label_words=words))
    assert store.all() == []
    assert store.visible(start(store, name="a \ud800 name"), "").name == "a ? name"


def test_a_spec_survives_json():
    spec = RunSpec(TASK, "owner/name", "lora", {"rank": 4, "alpha": 2.5}, None, 3, "a name")

    assert RunSpec.from_json(spec.to_json()) == spec


def test_a_model_that_is_not_there_is_told_before_anything_waits_for_it(tmp_path):
    spec = RunSpec(task=TASK, model="/no/such/model", labels_per_class=4)
    question = Question(spec=spec, table=table())
    with Playground(tmp_path) as playground:
        for ask in (
            lambda: playground.start(spec, table()),
            lambda: playground.request(question),
            lambda: playground.answer("fine", question),
        ):
            with pytest.raises(UserError, match="no folder '/no/such/model'"):
                ask()
        assert playground.runs() == []
        run_id = starting.start(spec, table(), "", Store(tmp_path))
        happened(playground.record(run_id).folder, stopped(1))
        with pytest.raises(UserError, match="no folder"):
            playground.resume(run_id)


def test_a_missing_model_of_the_hub_is_told_without_a_connection(tmp_path):
    spec = RunSpec(task=TASK, model="them/else", labels_per_class=4)
    with Playground(tmp_path) as playground, pytest.raises(UserError, match="cannot be reached"):
        playground.start(spec, table(), owner="a visitor's secret")


def test_strangers_may_not_name_a_folder_of_the_machine(tmp_path):
    spec = RunSpec(task=TASK, model="/etc")
    question = Question(spec=spec, table=table())
    with Playground(tmp_path, folders=False) as playground:
        for ask in (
            lambda: playground.start(spec, table()),
            lambda: playground.request(question),
            lambda: playground.answer("fine", question),
            lambda: playground.preview(TASK, table().rows[0], model="./models"),
            lambda: playground.describe("~/models", "lora", {}),
        ):
            with pytest.raises(UserError, match="opens no folders"):
                ask()
