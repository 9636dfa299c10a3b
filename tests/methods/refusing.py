"""What a method must refuse: files that somebody has changed, and a model it cannot tune."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel

from playground.errors import UserError
from playground.methods import Method
from playground.models.language_model import LanguageModel
from tests.methods.cases import logits
from tests.tiny import tiny_model, tiny_tokenizer


def change_config(folder: Path, change: Mapping[str, Any]) -> dict[str, Any]:
    """Write other values into a saved adapter_config.json; returns what it held."""
    path = folder / "adapter_config.json"
    before = json.loads(path.read_text())
    path.write_text(json.dumps({**before, **change}))
    return before


def base_that_refuses(
    method: Method, architecture: str, folder: Path, said: str
) -> PreTrainedModel:
    """The network of a fresh base on which loading the folder failed with a sentence, and which
    answers as it did before."""
    model = tiny_model(architecture)
    before = logits(model.network)
    with pytest.raises(UserError, match=said):
        method.load(model, folder)
    assert torch.equal(logits(model.network), before)
    return model.network


def mixture_of_experts() -> LanguageModel:
    """Its experts are one big tensor, with no layer an adapter could follow."""
    model = tiny_model("llama")
    config = AutoConfig.for_model(
        "mixtral",
        vocab_size=len(tiny_tokenizer()),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        num_local_experts=2,
    )
    model.network = AutoModelForCausalLM.from_config(config)
    return model
