"""What a training begins with: fresh weights, those of an earlier training, or of a model."""

from pathlib import Path
from typing import TypeVar

import torch
from transformers import (
    AutoConfig,
    LlamaConfig,
    LlamaForCausalLM,
    ModernBertForMaskedLM,
    PreTrainedModel,
)

from playground.errors import UserError
from playground.pretraining import checkpoint, history, tokenizer
from playground.pretraining.carrying import carry
from playground.pretraining.plan import check_same
from playground.pretraining.records import StageRecord, TrainingRecord

CONFIG = "config.json"
SAME = ("family", "size", "vocabulary")  # of a training and the one it begins with

Network = TypeVar("Network", bound=PreTrainedModel)


def earlier(folder: Path | None) -> list[StageRecord]:
    """The stages that the weights of a folder went through, as far as they were noted there."""
    return history.stages(folder) if folder and not is_model(folder) else []


def model_name(folder: Path | None) -> str:
    """Of the model a training goes on from, "" where it goes on from none."""
    return folder.resolve().name if folder and is_model(folder) else ""


def is_model(folder: Path) -> bool:
    """Whether it holds a model rather than a training."""
    return (folder / CONFIG).is_file() and not (folder / history.RUN).is_file()


def put(folder: Path, network: PreTrainedModel, about: TrainingRecord) -> None:
    """Give a fresh network the weights of a training or a model; a masked one may have those of a
    causal model (see carrying.py).

    about: family, size, vocabulary and data of the training to be. Raises UserError when those
    weights are of another network, or learnt other tokens.
    """
    if is_model(folder):
        _put_model(folder, network, about["data"]["tokenizer"])
        return
    begun = history.read(folder)
    now = {name: value for name, value in about.items() if name in SAME}
    check_same(begun, now)
    _check_tokenizer(begun["data"]["tokenizer"], about["data"]["tokenizer"], folder)
    checkpoint.restore_weights(folder / checkpoint.LATEST, network)


def _put_model(folder: Path, network: PreTrainedModel, learnt: str) -> None:
    _check_tokenizer(tokenizer.fingerprint(tokenizer.load(folder)), learnt, folder)
    try:
        kind = AutoConfig.from_pretrained(folder, local_files_only=True).model_type
        if isinstance(network, ModernBertForMaskedLM) and kind == LlamaConfig.model_type:
            carry(_opened(LlamaForCausalLM, folder, network.dtype), network)
        elif kind == network.config.model_type:
            found = _opened(type(network), folder, network.dtype)
            network.load_state_dict(found.state_dict())
        else:
            raise ValueError(f"{kind} instead of {network.config.model_type}")
    except (OSError, ValueError, RuntimeError) as error:
        raise UserError(
            f"{folder} does not fit: its weights are of another kind or size than the network to"
            f" be trained. Choose another --size or --family, or leave --start-from away. ({error})"
        ) from error


def _opened(kind: type[Network], folder: Path, dtype: torch.dtype) -> Network:
    return kind.from_pretrained(folder, dtype=dtype, local_files_only=True)


def _check_tokenizer(one: str, other: str, folder: Path) -> None:
    if one != other:
        raise UserError(
            f"The text was packed with another tokenizer than that of {folder}. Pack it with"
            " --tokenizer of that folder."
        )
