"""A run tries its model before the first step, and says what came of it."""

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, AutoModelForMaskedLM

from playground.errors import UserError
from playground.events import Finished, Noted, Step
from playground.executors.worker import run_events
from playground.runs.store import Store
from tests.models.test_decoder_start import PUBLISHED, saved
from tests.runs.making import start
from tests.tiny import save_tiny

SMALL = {
    **{"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "vocab_size": 400},
    **{"num_attention_heads": 2, "max_position_embeddings": 66, "pad_token_id": 1},
}


def masked(kind: str, folder: Path) -> Path:
    """A tiny model of an architecture with a tokenizer that names no length."""
    save_tiny("bert", folder)
    torch.manual_seed(0)
    network = AutoModelForMaskedLM.from_config(AutoConfig.for_model(kind, **SMALL))
    with torch.no_grad():
        for weight in network.parameters():
            weight.mul_(4)
    network.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    record = json.loads(path.read_text())
    del record["model_max_length"]
    path.write_text(json.dumps(record))
    return folder


def events(model: Path, home: Path) -> list:
    store = Store(home)
    run_id = start(store, model=str(model), method="lora", settings={"steps": 2, "rank": 2})
    return list(run_events(store.visible(run_id, "").folder, "cpu"))


def test_a_model_that_would_answer_wrongly_is_refused_before_the_first_step(tmp_path):
    folder = masked("fnet", tmp_path / "fnet")

    with pytest.raises(UserError, match="padding shows"):
        events(folder, tmp_path / "home")


def test_what_was_put_right_is_said_in_the_run(tmp_path):
    found = events(masked("mpnet", tmp_path / "mpnet"), tmp_path / "home")

    (noted,) = [event.text for event in found if isinstance(event, Noted)]
    assert "reads 64 tokens" in noted
    assert isinstance(found[-1], Finished)


@pytest.mark.parametrize("kind", ["t5", "mbart"])
def test_a_published_configuration_trains(kind, tmp_path):
    (tmp_path / kind).mkdir()
    folder = saved(kind, PUBLISHED[kind][0], tmp_path / kind)

    found = events(folder, tmp_path / "home")

    assert sum(isinstance(event, Step) for event in found) == 2
    assert isinstance(found[-1], Finished)
