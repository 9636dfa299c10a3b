"""An adapter's bottlenecks follow the layers of its rows; their layer norms have its numbers."""

from pathlib import Path

import torch

from playground.methods.adapter import KIND
from playground.methods.common.blocks import sizes
from playground.methods.common.saving import read_config, read_tensors
from playground.models.language_model import LanguageModel
from playground.serving.changes import Bottleneck, Change, Norm
from playground.serving.injection import Injection, check, layer

DOWN = ".down.weight"
PARTS = ("down.weight", "down.bias", "up.weight", "up.bias")


def read(model: LanguageModel, folder: Path) -> Injection:
    read_config(folder, KIND)
    tensors = {name: one.to(model.device) for name, one in read_tensors(folder).items()}
    places = [name[: -len(DOWN)] for name in tensors if name.endswith(DOWN)]
    layers: dict[str, Change] = {place: _bottleneck(model, place, tensors) for place in places}
    inside = {f"{place}.{part}" for place in places for part in PARTS}
    norms: dict[str, dict[str, torch.Tensor]] = {}
    for name in tensors.keys() - inside:
        place, _, part = name.rpartition(".")
        own = getattr(layer(model, place), part, None)
        check(model, name, tuple(tensors[name].shape), tuple(getattr(own, "shape", ())))
        norms.setdefault(place, {})[part] = tensors[name]
    layers.update((place, Norm(own)) for place, own in norms.items())
    return Injection(layers=layers)


def _bottleneck(model: LanguageModel, place: str, tensors: dict[str, torch.Tensor]) -> Bottleneck:
    found = [tensors[f"{place}.{part}"] for part in PARTS if f"{place}.{part}" in tensors]
    width, outputs = len(tensors[place + DOWN]), sizes(layer(model, place))[1]
    wanted = ((width, outputs), (width,), (outputs, width), (outputs,))
    check(model, place, tuple(tuple(one.shape) for one in found), wanted)
    return Bottleneck(*found)
