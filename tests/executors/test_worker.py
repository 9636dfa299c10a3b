"""What happens to a run in its worker, on a tiny model."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import normalizers
from transformers import PreTrainedTokenizerFast

from playground.errors import UserError
from playground.events import Event, Finished, Loading, Started, Step, Stopped
from playground.executors.worker import run_events
from playground.methods.cards import cards
from playground.methods.common.rates import default_rate
from playground.models.language_model import LanguageModel
from playground.runs.store import Store
from tests.runs.making import TASK, start
from tests.tiny import LARGER, tiny_model, tiny_tokenizer

SAME = replace(TASK, label_words={"pos": "Good", "neg": "good"})  # to a model without capitals
SHORT = {"steps": 2, "batch_size": 2}


def without_capitals(architecture: str) -> LanguageModel:
    backend = copy.deepcopy(tiny_tokenizer().backend_tokenizer)
    backend.normalizer = normalizers.Lowercase()
    special = {name: str(token) for name, token in tiny_tokenizer().special_tokens_map.items()}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, **special)
    return replace(tiny_model(architecture), tokenizer=tokenizer)


@pytest.mark.parametrize("architecture", ["gpt2", "bert"])
@pytest.mark.parametrize("method", ["classifier_head", "linear_probe"])
def test_a_head_needs_no_label_words_that_can_be_told_apart(
    method: str, architecture: str, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    run_id = start(store, task=SAME, method=method, settings=SHORT)
    events = list(run_events(store.folder / run_id, "cpu", without_capitals(architecture)))
    assert isinstance(events[-1], Finished)
    assert next(event for event in events if isinstance(event, Started)).labels == 2
    assert (store.folder / run_id / "adapter" / "adapter_model.safetensors").is_file()


def test_a_method_that_answers_with_them_does(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run_id = start(store, task=SAME, method="lora", settings=SHORT)
    with pytest.raises(UserError, match="'Good' and 'good' as the same tokens"):
        list(run_events(store.folder / run_id, "cpu", without_capitals("gpt2")))


def test_the_size_of_the_model_decides_a_rate_that_nobody_chose(tmp_path: Path) -> None:
    store, model = Store(tmp_path), tiny_model("bert", **LARGER)
    settled = default_rate(cards()["lora"], model.parameters)
    left = start(store, method="lora", settings=SHORT)
    assert "learning_rate" not in store.owned(left, "").settings

    events = list(run_events(store.folder / left, "cpu", model))

    assert max(event.learning_rate for event in events if isinstance(event, Step)) == settled
    assert store.owned(left, "").settings["learning_rate"] == settled
    assert settled < cards()["lora"].setting("learning_rate").default

    given = start(store, method="lora", settings={**SHORT, "learning_rate": 0.01})
    list(run_events(store.folder / given, "cpu", tiny_model("bert", **LARGER)))
    assert store.owned(given, "").settings["learning_rate"] == 0.01


def test_a_run_stopped_while_it_prepares_is_stopped_and_keeps_what_there_is(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path)
    settings = {**SHORT, "share": 0.05}
    run_id = start(store, method="sparse_fine_tuning", settings=settings)
    folder = store.folder / run_id
    events = list(stopped_at("choosing what trains", folder))
    assert [event.what for event in events if isinstance(event, Loading)] == [
        "the model bundled",
        "choosing what trains, batch 1 of 32",
    ]
    assert isinstance(events[-1], Stopped)
    assert (events[-1].step, events[-1].adapter_bytes > 0) == (0, True)


def stopped_at(doing: str, folder: Path) -> Iterator[Event]:
    """What happens to a run that is stopped once it does something."""
    for event in run_events(folder, "cpu", tiny_model("gpt2")):
        if isinstance(event, Loading) and event.what.startswith(doing):
            (folder / "stop").touch()
        yield event
