"""What every method that goes through peft's layers shares: wrap, save, load, merge.

And `Tuner`, for a method that is one of peft's tuners and nothing else.
"""

import copy
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import peft
import torch
from transformers.pytorch_utils import Conv1D

from playground.errors import UserError
from playground.methods.common.blocks import (
    attention_linears,
    blocks,
    feed_forward_linears,
    query_and_value,
    target_modules,
)
from playground.methods.common.saving import (
    fill,
    public_id,
    read_config,
    read_tensors,
    task_type,
    write_tensors,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

Config = TypeVar("Config", bound=peft.PeftConfig)
ADAPTER = "default"  # peft's name for the one adapter there is
PLACEMENTS = {
    "attention": query_and_value,
    "feed-forward": feed_forward_linears,
    "all linear": lambda block: attention_linears(block) | feed_forward_linears(block),
}
# Settings of a saved adapter that change more than its layers, whatever its kind
REFUSED = ("modules_to_save", "trainable_token_indices", "layer_replication", "target_parameters")
TARGETING = (
    "target_modules",
    "exclude_modules",
    "layers_to_transform",
    "layers_pattern",
    "fan_in_fan_out",
)


def chosen_layers(network: torch.nn.Module, placement: str) -> list[str]:
    """Names of the linear layers that a placement means, in order."""
    wanted = PLACEMENTS[placement]
    return [f"{path}.{name}" for path, block in blocks(network) for name in wanted(block)]


def transposed(network: torch.nn.Module, chosen: Sequence[str]) -> bool:
    """Whether the chosen layers are transposed ones (Conv1D, as in GPT-2)."""
    return bool(chosen) and isinstance(network.get_submodule(chosen[0]), Conv1D)


def no_linear_layers(model: LanguageModel, title: str) -> str | None:
    """Why a method cannot work beside torch's own linear layers in the model's blocks."""
    chosen = chosen_layers(model.network, "all linear")
    if not chosen:
        return f"{title} finds no linear layers in {model.id}. Pick another model."
    if transposed(model.network, chosen):
        return (
            f"{title} is not made for transposed (Conv1D) layers, which those of {model.id} are."
            " Try LoRA, or pick a model that is not of GPT-2's kind."
        )
    return None


def target_fields(model: LanguageModel, chosen: list[str]) -> dict[str, Any]:
    """target_modules of a peft configuration, exactly the chosen linear layers, and task_type."""
    return {
        "target_modules": target_modules(model.network, chosen),
        "task_type": task_type(model),
    }


def all_linear_fields(model: LanguageModel) -> dict[str, Any]:
    """`target_fields` of every linear layer of the model's blocks."""
    return target_fields(model, chosen_layers(model.network, "all linear"))


def wrap(model: LanguageModel, config: peft.PeftConfig) -> peft.PeftModel:
    """The model's network with a fresh adapter set into it; only the adapter trains."""
    network = peft.get_peft_model(model.network, config)
    config.base_model_name_or_path = public_id(model.id)  # peft would write this machine's path
    return network


def adapter_config(network: peft.PeftModel, kind: type[Config]) -> Config:
    """The configuration of a network's adapter. Raises ValueError for one of another kind."""
    found = network.peft_config[ADAPTER]
    if not isinstance(found, kind):
        raise ValueError(f"this network has a {type(found).__name__}, and not a {kind.__name__}")
    return found


def tensors(network: peft.PeftModel) -> dict[str, torch.Tensor]:
    """The adapter's parameters, by the names peft gives them in a file."""
    return peft.get_peft_model_state_dict(network, save_embedding_layers=False)


def save(network: peft.PeftModel, folder: Path) -> None:
    write_tensors(folder, tensors(network))
    network.peft_config[ADAPTER].save_pretrained(str(folder))


def saved_settings(folder: Path, kind: str, restored: Sequence[str] = ()) -> dict[str, Any]:
    """The `restored` fields of a saved adapter's configuration, and those that target its layers.

    Raises UserError where it also changes something else.
    """
    saved = read_config(folder, kind)
    foreign = [name for name in REFUSED if saved.get(name)]
    if saved.get("bias", "none") not in ("none", False):
        foreign.append("bias")
    if foreign:
        raise UserError(f"This adapter also uses {foreign[0]}, which is not opened.")
    return {name: saved[name] for name in (*restored, *TARGETING) if name in saved}


def open_saved(
    model: LanguageModel,
    folder: Path,
    kind: type[peft.PeftConfig],
    settings: Mapping[str, Any],
    prepare: Callable[[peft.PeftModel], None] = lambda network: None,
) -> peft.PeftModel:
    """The base with the adapter of a folder, ready to be asked. The base it names is not opened.

    `prepare`: what is done to the fresh adapter before its parameters are filled in.
    Raises UserError when it does not fit; the base is then as it was.
    """
    given, fields = read_tensors(folder), {field.name for field in dataclasses.fields(kind)}
    restored = {name: value for name, value in settings.items() if name in fields}
    network = wrap(model, kind(**restored, task_type=task_type(model)))
    try:
        prepare(network)
        fill(tensors(network), given)
    except UserError:
        network.unload()
        raise
    return network.requires_grad_(False).eval()


def merged(network: peft.PeftModel) -> torch.nn.Module:
    """A copy of the plain network with the adapter merged into its weights: the same answers, to
    rounding, at the cost of the base's. `network` itself stays as it is."""
    return copy.deepcopy(network).merge_and_unload().requires_grad_(False).eval()


class Tuner:
    """A method that is one of peft's tuners with a configuration, and nothing else.

    kind: peft's class of that configuration. restored: the fields of a saved one that are read.
    """

    title: str
    kind: type[peft.PeftConfig]
    restored: Sequence[str] = ()

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        """For this model, which is not refused."""
        raise NotImplementedError

    def refuse(self, model: LanguageModel) -> str | None:
        return no_linear_layers(model, self.title)

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        return wrap(model, self.config(model))

    def save(self, network: peft.PeftModel, folder: Path) -> None:
        save(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """What was saved here or by peft itself. The base it names is not opened."""
        kind = peft.PeftType(self.kind().peft_type).value
        settings = saved_settings(folder, kind, self.restored)
        return open_saved(model, folder, self.kind, settings)

    def merge(self, network: peft.PeftModel) -> torch.nn.Module:
        return merged(network)

    def remove(self, network: peft.PeftModel) -> torch.nn.Module:
        return network.unload()
