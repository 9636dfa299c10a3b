"""A LoRA's low-rank updates are added to what its layers give, for its rows alone."""

import math
from pathlib import Path
from typing import Any

import torch
from transformers.pytorch_utils import Conv1D

from playground.errors import UserError
from playground.methods.common.blocks import sizes
from playground.methods.common.saving import read_config, read_tensors
from playground.models.language_model import LanguageModel
from playground.serving.changes import LowRank
from playground.serving.injection import Injection, check, layer

FRONT, DOWN, UP = "base_model.model.", ".lora_A.weight", ".lora_B.weight"  # peft's names
SIZES = ".lora_magnitude_vector"
# What makes an update more than tensors of these names and one scale.
MORE = ("alpha_pattern", "modules_to_save", "lora_bias", "trainable_token_indices")


def read(model: LanguageModel, folder: Path) -> Injection:
    config, tensors = read_config(folder, "LORA"), read_tensors(folder)
    names = [key[len(FRONT) : -len(DOWN)] for key in tensors if key.endswith(DOWN)]
    known = {f"{FRONT}{name}{part}" for name in names for part in (DOWN, UP, SIZES)}
    used = [name for name in MORE if config.get(name)] + sorted(tensors.keys() - known)
    if used or config.get("bias", "none") != "none":
        raise UserError(f"This LoRA also uses {[*used, 'bias'][0]}: it cannot share a batch.")
    own = {key.removeprefix(FRONT): one.to(model.device) for key, one in tensors.items()}
    return Injection(layers={name: _update(model, name, own, config) for name in names})


def _update(
    model: LanguageModel, name: str, own: dict[str, torch.Tensor], config: dict[str, Any]
) -> LowRank:
    base, down, up = layer(model, name), own[name + DOWN].float(), own[name + UP].float()
    (inputs, outputs), rank = sizes(base), len(down)
    check(model, name + DOWN, tuple(down.shape), (rank, inputs))
    check(model, name + UP, tuple(up.shape), (outputs, rank))
    up = up * (config["lora_alpha"] / (math.sqrt(rank) if config.get("use_rslora") else rank))
    if not config.get("use_dora"):
        return LowRank(down, up)
    check(model, name + SIZES, tuple(own[name + SIZES].shape), (outputs,))
    weight = base.get_parameter("weight").detach().float()
    sums = (weight.T if isinstance(base, Conv1D) else weight) + up @ down
    return LowRank(down, up, own[name + SIZES] / torch.linalg.norm(sums, dim=1))
