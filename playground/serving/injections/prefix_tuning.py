"""A prefix's keys and values are seen by the attention of its rows alone."""

from pathlib import Path

from playground.errors import UserError
from playground.methods.common.prefix_states import States, states_of
from playground.methods.common.prefixes import OWN
from playground.methods.common.saving import read_config, read_tensors
from playground.methods.common.virtual_tokens import KEY
from playground.models.language_model import LanguageModel
from playground.serving.injection import Injection, check, tensor_of


def read(model: LanguageModel, folder: Path) -> Injection:
    shape = states_of(model, [model.pad_id])
    if shape is None:
        raise UserError(f"{model.id} has no place for a prefix. Pick the model it was made for.")
    decodes = model.network.config.is_encoder_decoder
    read_config(folder, OWN if decodes or not shape.cached else "PREFIX_TUNING")
    numbers = tensor_of(read_tensors(folder), KEY)
    layers, _, heads, _, width = shape.tensor.shape
    check(model, KEY, tuple(numbers.shape), (len(numbers), layers * 2 * heads * width))
    apart = numbers.view(len(numbers), layers, 2, heads, width).permute(1, 2, 3, 0, 4)
    prefix = States(apart.to(model.device), shape.cached)
    context = len(numbers) if shape.cached and not decodes else 0
    return Injection(prefix=prefix, virtual_tokens=context)
