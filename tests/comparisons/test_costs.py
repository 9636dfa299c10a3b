"""What runs cost, read off their folders, and how long their answers take."""

import dataclasses

import pytest
import torch

from playground import methods
from playground.comparisons.costs import CostTable
from playground.errors import UserError
from playground.events import Finished
from playground.executors.processes import Processes
from playground.inference.client import InferenceClient
from playground.inference.jobs import latency
from playground.inference.replies import Measured
from playground.inference.requests import RunAdapter, TimeAnswers
from playground.inference.resident import Resident
from playground.models.answer_words import answer_words
from playground.models.loading import load
from playground.runs.store import Store
from tests.runs.making import TASK, happened, start, started
from tests.tiny import save_tiny

BEGUN = dataclasses.replace(started(), trainable=250, parameters=10_000)
ENDED = Finished(8, 8, 4.0, early=False, peak_bytes=77, adapter_bytes=1, steps_per_second=2.0)
ROWS = ({"text": "a good film"}, {"text": "a dull and lifeless film"})


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def ledger(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where the stopwatch keeps its notes
    client = InferenceClient(tmp_path, Processes(tmp_path, fork=False), "tests.inference.stopwatch")
    yield CostTable(store, client)
    client.close()


def finished(store, name, **changed):
    run_id = start(store, name=name, **changed)
    folder = store.visible(run_id, changed.get("owner", "")).folder
    (folder / "adapter").mkdir()
    (folder / "adapter" / "adapter_config.json").write_text("{}")
    (folder / "adapter" / "adapter_model.safetensors").write_text("x" * 998)
    happened(folder, BEGUN, ENDED)
    return run_id


def nothing(done):
    return None


def test_a_run_stands_next_to_the_full_copy_of_its_base(ledger, store):
    run = finished(store, "LoRA")

    full, row = ledger.rows([run], "")

    assert (full.run_id, full.name, full.model) == ("", "reviews.csv", "bundled")
    assert (full.trainable, full.share, full.bytes) == (10_000, 1.0, 40_000)
    assert (full.peak_bytes, full.seconds_per_step, full.answer) == (None, None, None)
    assert (row.run_id, row.name, row.method) == (run, "LoRA", "lora")
    assert (row.trainable, row.share, row.bytes) == (250, 0.025, 1_000), "on disk, not as said"
    assert (row.peak_bytes, row.seconds_per_step) == (77, 0.5)
    assert (row.answer, row.merged, row.not_mergeable) == (None, None, "")


def test_each_base_and_each_task_has_its_own_full_copy(ledger, store, tmp_path):
    model = str(save_tiny("gpt2", tmp_path / "gpt2"))
    task = dataclasses.replace(TASK, template="{text} It was")
    runs = [finished(store, "one"), finished(store, "other", model=model)]
    runs += [finished(store, "one"), finished(store, "two", task=task)]

    rows = ledger.rows(runs, "")

    assert [row.model for row in rows] == ["bundled"] * 3 + [model] * 2 + ["bundled"] * 2
    names = [row.name for row in rows if row.run_id]
    assert names == ["one", "one (2)", "other", "two"]
    assert [row.run_id == "" for row in rows] == [True, False, False, True, False, True, False]


def test_what_has_learnt_nothing_or_is_somebody_elses_has_no_row(ledger, store):
    with pytest.raises(UserError, match="no adapter"):
        ledger.rows([start(store)], "")
    with pytest.raises(UserError, match="no run"):
        ledger.rows([finished(store, "hers", owner="a secret of hers")], "another secret")


def test_answers_are_timed_together_on_the_runs_own_held_out_examples(ledger, store, tmp_path):
    lora, prompt = finished(store, "LoRA"), finished(store, "soft", method="soft_prompt")
    done = []

    full, first, second = ledger.time([lora, prompt], "", done.append)

    assert (tmp_path / "order").read_text().splitlines() == ["lora soft_prompt 16"]
    assert done == list(range(1, 13))
    assert full.answer == Measured(10.0, 9.0, 11.0)
    assert (first.answer, first.merged) == (Measured(12, 11, 13), Measured(10.0, 9.5, 10.5))
    assert (first.answer_ratio.median, first.merged_ratio.median) == (1.2, 1.0)
    assert (second.merged, second.not_mergeable) == (None, "not mergeable: for a test")
    assert full.repeats == first.repeats == 12


def test_times_taken_together_are_kept_until_an_adapter_changes(ledger, store):
    run, other, third = (finished(store, name) for name in ("LoRA", "other", "third"))
    ledger.time([run, other], "", nothing)

    def repeats(*runs):
        return [row.repeats for row in ledger.rows(runs, "")]

    assert repeats(run, other) == repeats(other, run) == [12, 12, 12]
    assert repeats(run) == [12, 12]
    assert repeats(run, third) == [0, 0, 0], "times of other moments are not laid side by side"
    folder = store.visible(run, "").folder
    (folder / "adapter" / "adapter_model.safetensors").write_text("trained on")
    assert repeats(run, other) == [0, 0, 0]
    assert repeats(other) == [12, 12]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """What the inference worker is told about a tiny model and one run of every method."""
    model = str(save_tiny("qwen2", tmp_path_factory.mktemp("model")))
    folder, runs = tmp_path_factory.mktemp("adapters"), {}
    for name in methods.METHODS:
        method, base = methods.create(name, {}), load(model, torch.device("cpu"))
        if method.refuse(base):
            continue
        method.save(method.build(base, answer_words(base, TASK)), folder / name)
        runs[name] = RunAdapter(name, str(folder / name), "1", name, {})
    return model, runs


def request(model, adapters):
    return TimeAnswers(TASK, tuple(adapters), ROWS, model=model)


@pytest.mark.slow
def test_every_method_is_timed_and_the_resident_base_stays(tiny):
    (model, runs), resident, done = tiny, Resident(), []
    base = resident.base(model).network
    before = {key: tensor.clone() for key, tensor in base.state_dict().items()}

    asked = request(model, runs.values())
    reply = latency.times(resident.base(model), asked, done.append, (2, 2))

    assert (reply.repeats, done) == (2, [1, 2])
    for name, found in zip(runs, reply.runs, strict=True):
        for one in (reply.full, found.unmerged, found.unmerged_ratio):
            assert 0 < one.low <= one.median <= one.high, name
        merges = hasattr(methods.METHODS[name], "merge")
        assert (found.merged is not None, bool(found.not_mergeable)) == (merges, not merges), name
    assert resident.base(model).network is base
    assert base.state_dict().keys() == before.keys()
    assert all(torch.equal(base.state_dict()[key], before[key]) for key in before)


def test_ways_take_turns_and_every_round_another_is_first():
    asked = []
    ways = {name: lambda row, name=name: asked.append((name, row)) for name in "ab"}

    found = latency._rounds(ways, 2, nothing, (3, 3))

    assert "".join(name for name, _ in asked) == "baabbaabba"
    assert [row for _, row in asked] == [0, 0, 1, 1, 0, 0, 1, 1, 0, 0]
    assert {name: len(seconds) for name, seconds in found.items()} == {"a": 3, "b": 3}


def test_why_there_is_nothing_to_fold_in(tiny):
    model, runs = tiny
    words = {
        "soft_prompt": "vectors in front",
        "adapter": "beside the weights",
        "linear_probe": "a head of its own",
        "prompt_based_fine_tuning": "in the weights already",
    }

    asked = request(model, (runs[name] for name in words))
    reply = latency.times(load(model, torch.device("cpu")), asked, nothing, (1, 1))

    for word, found in zip(words.values(), reply.runs, strict=True):
        assert word in found.not_mergeable


def test_copies_that_do_not_fit_are_refused_in_a_sentence(tiny, monkeypatch):
    model, runs = tiny
    monkeypatch.setattr(latency, "available_bytes", lambda device: 10)

    with pytest.raises(UserError, match="Time fewer runs"):
        latency.time_answers(request(model, [runs["lora"]]), Resident(), nothing)
