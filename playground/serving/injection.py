"""What a finished adapter puts into its base, and where: read from its files, never written."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch

from playground.errors import UserError
from playground.methods.common.prefix_states import States
from playground.models.language_model import LanguageModel
from playground.serving.changes import Change

# Of a tensor, or of each of several.
Shapes = tuple[int, ...] | tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Injection:
    """One adapter, ready to be used by some rows of a batch.

    front:  (vectors, width), read in front of the row's own tokens.
    prefix: keys and values that every attention layer sees in front of its own.
    layers: what it changes, by the layer's name within the base.
    virtual_tokens: how many places of its row's context it takes.
    """

    front: torch.Tensor | None = None
    prefix: States | None = None
    layers: Mapping[str, Change] = field(default_factory=dict)
    virtual_tokens: int = 0

    @property
    def prefix_length(self) -> int:
        return 0 if self.prefix is None else self.prefix.tensor.shape[-2]


def read(model: LanguageModel, method: str, folder: Path) -> Injection:
    """The adapter that a run of this method saved in `folder`. The base is only looked at.

    Raises UserError when the files are damaged or made for another model.
    """
    return importlib.import_module(f"playground.serving.injections.{method}").read(model, folder)


def layer(model: LanguageModel, name: str) -> torch.nn.Module:
    """A layer of the base by its name; UserError where the base has none, as another model's."""
    try:
        return model.network.get_submodule(name)
    except AttributeError as error:
        raise UserError(
            f"The adapter does not fit {model.id}: it changes {name}, which is not there."
            " Pick the model it was made for."
        ) from error


def check(model: LanguageModel, name: str, found: Shapes, wanted: Shapes) -> None:
    """UserError unless a tensor, or each of several, has the shape its layer asks for."""
    if found != wanted:
        raise UserError(
            f"The adapter does not fit {model.id}: {name} is {found} and should be {wanted}."
            " Pick the model it was made for."
        )


def tensor_of(tensors: Mapping[str, torch.Tensor], key: str) -> torch.Tensor:
    """The tensor of this name; UserError where a file has none."""
    if key not in tensors:
        raise UserError(f"The adapter has no {key}. Train or export it anew.")
    return tensors[key]
