"""What methods with a classifier head share: the head, and the network that answers with it."""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import Cache, PreTrainedModel
from transformers.utils import ModelOutput

from playground.errors import UserError
from playground.methods import Method
from playground.methods.common.saving import (
    fill,
    public_id,
    read_config,
    read_tensors,
    write_config,
    write_tensors,
)
from playground.models.answer_words import AnswerWords, answer_words
from playground.models.classes import class_words
from playground.models.language_model import LanguageModel
from playground.tasks.classification import Task

STANDARD_DEVIATION = 0.02  # of fresh weights, as in GPT and BERT
HEAD, BODY = "head.", "model."  # what the saved tensors of each begin with


class Head(torch.nn.Module):
    """One logit for each label from one hidden state: linear, or after a dense layer and tanh.

    dense: (width, width), None for a linear head. out: (classes, width) and a bias.
    """

    def __init__(self, width: int, classes: int, dense: bool) -> None:
        super().__init__()
        self.dense = torch.nn.Linear(width, width) if dense else None
        self.out = torch.nn.Linear(width, classes)
        for layer in (self.dense, self.out):
            if layer is not None:
                torch.nn.init.normal_(layer.weight, std=STANDARD_DEVIATION)
                torch.nn.init.zeros_(layer.bias)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        states = states.to(self.out.weight.dtype)
        return self.out(states if self.dense is None else torch.tanh(self.dense(states)))


class Classifier(torch.nn.Module):
    """A network whose hidden states go to a head over `classes` in place of its own output head.

    Called as the network is; its logits are (batch, length, classes), one row for each position
    of the input, and whoever asks takes the row of the pooled one.
    """

    def __init__(
        self, base: LanguageModel, network: PreTrainedModel, head: Head, classes: Sequence[str]
    ) -> None:
        super().__init__()
        self.base = base  # no module: what it holds is not saved or trained with this
        self.network, self.head, self.classes = network, head, tuple(classes)

    def forward(self, **named: Any) -> ModelOutput:
        below = self.network.base_model
        output = _encoded_and_decoded(below, named) if below is self.network else below(**named)
        logits = self.head(output["last_hidden_state"])
        caches = {name: value for name, value in output.items() if isinstance(value, Cache)}
        return ModelOutput(logits=logits, **caches)


def _encoded_and_decoded(network: PreTrainedModel, named: dict[str, Any]) -> ModelOutput:
    """The decoder's output, of a network like T5 that has no part of its own below its head."""
    read = {name: named.get(name) for name in ("input_ids", "attention_mask")}
    return network.get_decoder()(
        input_ids=named["decoder_input_ids"],
        encoder_hidden_states=network.get_encoder()(**read).last_hidden_state,
        encoder_attention_mask=read["attention_mask"],
    )


def body(network: PreTrainedModel) -> dict[str, torch.nn.Parameter]:
    """Every weight below the output head, by name; one that is also the head's is among them."""
    if network.base_model is not network:
        return dict(network.base_model.named_parameters())
    parts = (network.get_encoder(), network.get_decoder())
    below = {id(weight) for part in parts for weight in part.parameters()}
    return {name: w for name, w in network.named_parameters() if id(w) in below}


def refusal(model: LanguageModel) -> str | None:
    """Why no classifier head can be put on a model, as a sentence; None when one can."""
    network = model.network
    if network.base_model is network and not network.config.is_encoder_decoder:
        return (
            f"{model.id} gives no states to put a classifier head on. Pick a causal or a masked"
            " model, or a method that answers with label words."
        )
    if model.family.name == "masked" and not model.start_ids:
        return (
            f"The tokenizer of {model.id} puts no token like [CLS] before a text, where a"
            " classifier head would read it. Pick another model."
        )
    return None


def fresh_head(model: LanguageModel, classes: Sequence[str], dense: bool) -> Head:
    """A random head in float32: in bfloat16 small updates would be rounded away."""
    config = model.network.config.get_text_config()
    width = getattr(config, "word_embed_proj_dim", None) or config.hidden_size  # OPT's goes first
    with torch.device(model.device):
        return Head(width, len(classes), dense)


def words_for(method: Method, model: LanguageModel, task: Task) -> AnswerWords:
    """What the network a method builds is to answer with: the task's label words, or its labels
    where the method puts a head of its own on, which no label word can hinder.

    Raises UserError for label words that this model has no tokens for or reads as the same.
    """
    if getattr(method, "head", False):
        return class_words(task.labels, task.labels)
    return answer_words(model, task)


def classes_in(words: AnswerWords | None) -> tuple[str, ...]:
    """The labels of a task; two where none is named, so that a method can be counted."""
    return words.labels if words is not None else ("0", "1")


def own_copy(network: PreTrainedModel) -> PreTrainedModel:
    """A copy whose weights below the head may be trained; the output head, which nobody asks, is
    not copied."""
    below = {id(weight) for weight in body(network).values()}
    unused = {id(weight): weight for weight in network.parameters() if id(weight) not in below}
    return copy.deepcopy(network, unused)


def save(network: Classifier, folder: Path, kind: str, whole: bool) -> None:
    """The head, the labels and, of a `whole` model, every weight below the head."""
    write_tensors(folder, _tensors(network, whole))
    config = {
        "peft_type": kind,
        "base_model_name_or_path": public_id(network.base.id),
        "classes": list(network.classes),
        "dense": network.head.dense is not None,
    }
    write_config(folder, config)


def load(model: LanguageModel, folder: Path, kind: str, whole: bool) -> Classifier:
    """The saved network on a base, frozen; a `whole` one on a copy of it."""
    config = read_config(folder, kind)
    classes = config.get("classes")
    if not isinstance(classes, list) or len(classes) < 2:
        raise UserError("The classifier head names no labels. Train or export it anew.")
    network = own_copy(model.network) if whole else model.network
    head = fresh_head(model, [str(label) for label in classes], bool(config.get("dense")))
    made = Classifier(model, network, head, classes)
    fill(_tensors(made, whole), read_tensors(folder))
    return made.requires_grad_(False).eval()


def _tensors(network: Classifier, whole: bool) -> dict[str, torch.Tensor]:
    """What is saved of a network, by the names it has in the file."""
    tensors: dict[str, torch.Tensor] = {
        HEAD + name: weight for name, weight in network.head.named_parameters()
    }
    if whole:
        tensors |= {BODY + name: weight for name, weight in body(network.network).items()}
    return tensors
