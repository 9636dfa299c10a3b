"""An (IA)³'s numbers multiply what its layers give, or what feed-forward layers read."""

from pathlib import Path

from playground.errors import UserError
from playground.methods.common.blocks import sizes
from playground.methods.common.saving import read_config, read_tensors
from playground.models.language_model import LanguageModel
from playground.serving.changes import Change, InputScale, Scale
from playground.serving.injection import Injection, check, layer

FRONT, NUMBERS = "base_model.model.", ".ia3_l"  # peft's names


def read(model: LanguageModel, folder: Path) -> Injection:
    config = read_config(folder, "IA3")
    layers: dict[str, Change] = {}
    if config.get("modules_to_save"):
        raise UserError("This (IA)³ also uses modules_to_save: it cannot share a batch.")
    for key, tensor in read_tensors(folder).items():
        name = key.removeprefix(FRONT).removesuffix(NUMBERS)
        inputs, outputs = sizes(layer(model, name))
        reads = tensor.shape[0] == 1  # peft keeps these as a row, the others as a column
        check(model, key, tuple(tensor.shape), (1, inputs) if reads else (outputs, 1))
        numbers = tensor.flatten().float().to(model.device)
        layers[name] = InputScale(numbers) if reads else Scale(numbers)
    return Injection(layers=layers)
