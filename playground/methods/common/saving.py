"""How every method saves and loads its parameters: JSON and safetensors, nothing else."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from playground.errors import UserError
from playground.models.language_model import LanguageModel

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"  # peft's names
CONFIG_BYTES = 1_000_000


def public_id(model_id: str) -> str:
    """The model's name as it may leave this machine: of a local folder, only its last part."""
    local = Path(model_id).is_absolute() or model_id.startswith(".")
    return Path(model_id).name if local else model_id


def task_type(model: LanguageModel) -> str:
    """peft's name for the family. It has none for masked models: the one used for them leaves
    inputs and outputs as they are."""
    names = {"causal": "CAUSAL_LM", "seq2seq": "SEQ_2_SEQ_LM"}
    return names.get(model.family.name, "FEATURE_EXTRACTION")


def write_tensors(folder: Path, tensors: Mapping[str, torch.Tensor]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    own = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    save_file(own, folder / WEIGHTS, metadata={"format": "pt"})


def write_config(folder: Path, config: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(config, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / CONFIG).write_text(text + "\n", encoding="utf-8")


def read_config(folder: Path, kind: str) -> dict[str, Any]:
    """adapter_config.json, when it is of the kind asked for (its peft_type). Else UserError."""
    path = folder / CONFIG
    if not path.is_file() or path.stat().st_size > CONFIG_BYTES:
        raise UserError(f"The adapter has no {CONFIG} that can be read. Train or export it anew.")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UserError(f"{CONFIG} is not JSON: {error}. Train or export it anew.") from error
    found = config.get("peft_type") if isinstance(config, dict) else None
    if found != kind:
        raise UserError(f"{CONFIG} says peft_type {found!r}, and {kind} is wanted.")
    return config


def read_tensors(folder: Path) -> dict[str, torch.Tensor]:
    """The tensors of adapter_model.safetensors; a pickle beside it is never opened."""
    path = folder / WEIGHTS
    if not path.is_file():
        raise UserError(f"The adapter has no {WEIGHTS}; other formats are not opened.")
    try:
        return load_file(path)
    except SafetensorError as error:
        raise UserError(f"{WEIGHTS} is damaged ({error}). Train or export it anew.") from error


def fill(wanted: Mapping[str, torch.Tensor], given: Mapping[str, torch.Tensor]) -> None:
    """Copy the given tensors into the wanted ones, in place; UserError unless they are the same
    names and shapes, which is how an adapter made for another model shows."""
    missing, foreign = sorted(wanted.keys() - given.keys()), sorted(given.keys() - wanted.keys())
    if missing or foreign:
        raise UserError(
            f"The adapter does not fit this model: {(missing + foreign)[0]} is"
            f" {'missing from' if missing else 'unknown to'} it. Pick the model it was made for."
        )
    for name, tensor in wanted.items():
        if tensor.shape != given[name].shape:
            raise UserError(
                f"The adapter does not fit this model: {name} is {tuple(given[name].shape)} and"
                f" should be {tuple(tensor.shape)}. Pick the model it was made for."
            )
    with torch.no_grad():
        for name, tensor in wanted.items():
            tensor.copy_(given[name])
