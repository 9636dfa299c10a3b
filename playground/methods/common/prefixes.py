"""Trainable keys and values prepended to every attention layer's own: what the methods that train
such a prefix share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import peft
import torch
from transformers import Cache, DynamicCache, EncoderDecoderCache, PreTrainedModel

from playground.errors import UserError
from playground.methods.common import inside_attention
from playground.methods.common.attached import attach, attached
from playground.methods.common.inside_attention import Pair
from playground.methods.common.prefix_states import States, states_of
from playground.methods.common.saving import (
    fill,
    public_id,
    read_config,
    read_tensors,
    task_type,
    write_config,
    write_tensors,
)
from playground.methods.common.virtual_tokens import KEY, added
from playground.models.kv_cache import cache_among, cache_argument
from playground.models.language_model import LanguageModel

# Where peft has no prefix (networks that take no cache) or assigns it wrongly (decoders that read
# an encoder: of two layers' parts it drops one, and the other serves both).
OWN = "PLAYGROUND_PREFIX"


class Prefix(torch.nn.Module):
    """The trained keys and values, and the hooks through which a network reads them.

    rows: keys and values for each row of the next batches instead, (batch, layers, 2, heads,
    length, width); None for the trained ones, which all rows share.
    """

    def __init__(
        self, model: LanguageModel, start: States, encoder: torch.nn.Module | None = None
    ) -> None:
        """`encoder`: takes the indices 0 to length - 1 and gives (length, values) to add to the
        start; it trains instead of the keys and values."""
        super().__init__()
        self.layers, _, self.heads, self.length, self.width = start.tensor.shape
        self.cached, self.encoder = start.cached, encoder
        self.argument = cache_argument(model.network) if start.cached else None
        self.decodes = model.network.config.is_encoder_decoder
        # float32 whatever the base: in bfloat16 a small update would round to nothing
        first = start.tensor.detach().float().permute(3, 0, 1, 2, 4).flatten(1).clone()
        if encoder is None:
            self.prompt_embeddings = torch.nn.Parameter(first)
        else:
            self.register_buffer("prompt_embeddings", first)
        self.base, self.task_type = public_id(model.id), task_type(model)
        self.rows: torch.Tensor | None = None
        self.undo: list[Callable[[], None]] = []

    def attach(self, network: PreTrainedModel) -> PreTrainedModel:
        network.requires_grad_(False)
        network.prefix = self
        in_context = self.length if self.cached and not self.decodes else 0
        attach(network, "virtual_tokens", in_context)
        attach(network, "virtual_rows", 0)
        self.undo = [network.register_forward_pre_hook(self.before, with_kwargs=True).remove]
        if not self.cached:
            done = network.register_forward_hook(_forget, always_call=True)
            self.undo += [done.remove, inside_attention.enter(network)]
        return network

    def detach(self, network: PreTrainedModel) -> PreTrainedModel:
        for step in self.undo:
            step()
        del network.prefix, network.virtual_tokens, network.virtual_rows
        return network

    def numbers(self) -> torch.Tensor:
        """Every key and value, without what made them: (length, values), in peft's order."""
        return added(self.prompt_embeddings, self.encoder)

    def stacked(self) -> torch.Tensor:
        """The same as (layers, 2, heads, length, width)."""
        apart = self.numbers().view(self.length, self.layers, 2, self.heads, self.width)
        return apart.permute(1, 2, 3, 0, 4)

    def pairs(self, batch: int, dtype: torch.dtype) -> list[Pair]:
        """Keys and values of every layer for a batch."""
        given = self.stacked()[None] if self.rows is None else self.rows
        given = given.to(dtype).expand(batch, -1, -1, -1, -1, -1)
        return [(layer[:, 0], layer[:, 1]) for layer in given.unbind(1)]

    def before(
        self, network: PreTrainedModel, inputs: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Every forward gets the prefix, unless it goes on from a cache: that has it already."""
        cache = cache_among(named)
        if cache is not None and cache.get_seq_length() > 0:
            return inputs, named
        side = "decoder_" if self.decodes else ""
        own = [
            *inputs[: not side],
            named.get(f"{side}input_ids"),
            named.get(f"{side}inputs_embeds"),
        ]
        text = next(tensor for tensor in own if tensor is not None)
        pairs = self.pairs(len(text), network.dtype)
        if not self.cached:
            inside_attention.reader.set(inside_attention.prepended(pairs))
            return inputs, named
        if cache is None:
            cache = EncoderDecoderCache(DynamicCache(), DynamicCache()) if side else DynamicCache()
        _fill(getattr(cache, "self_attention_cache", cache), pairs)
        given: dict[str, Any] = {str(self.argument): cache}
        if (mask := named.get(f"{side}attention_mask")) is None:
            mask = torch.ones(text.shape[:2], dtype=torch.long, device=text.device)
        given[f"{side}attention_mask"] = torch.cat(
            (mask.new_ones(len(mask), self.length), mask), dim=1
        )
        if (positions := named.get("position_ids")) is not None:
            given["position_ids"] = positions + self.length
        return inputs, {**named, **given}


def _forget(*given: object) -> None:
    inside_attention.reader.set(None)


def _fill(cache: Cache, pairs: list[Pair]) -> None:
    for index, (keys, values) in enumerate(pairs):
        cache.update(keys, values, index)


def save_prefix(network: PreTrainedModel, folder: Path) -> None:
    """In peft's format where peft reads it as it is meant, else in one of our own."""
    prefix = attached(network, "prefix", Prefix)
    write_tensors(folder, {KEY: prefix.numbers()})
    if not prefix.cached or prefix.decodes:
        base = {"peft_type": OWN, "base_model_name_or_path": prefix.base}
        write_config(folder, {**base, "length": prefix.length})
        return
    peft.PrefixTuningConfig(
        task_type=prefix.task_type,
        base_model_name_or_path=prefix.base,
        inference_mode=True,
        num_virtual_tokens=prefix.length,
        token_dim=prefix.heads * prefix.width,
        num_transformer_submodules=1,
        num_attention_heads=prefix.heads,
        num_layers=prefix.layers,
    ).save_pretrained(str(folder))


def load_prefix(model: LanguageModel, folder: Path) -> PreTrainedModel:
    """A prefix saved here or by peft itself. The base it names is not opened.

    The file says where it is prepended: one of our own inside attention (of a decoder, on the
    cache), whatever the base would be given today. So it answers as it did where it was trained.
    """
    one = states_of(model, [model.pad_id])
    if one is None:
        raise UserError(f"{model.id} cannot take a prefix. Pick the model it was made for.")
    decodes = model.network.config.is_encoder_decoder
    own = not one.cached or _is_own(folder)
    read_config(folder, OWN if own else "PREFIX_TUNING")
    cached = one.cached and (decodes or not own)
    given = read_tensors(folder)
    length = len(given[KEY]) if KEY in given else 1
    room = States(one.tensor.repeat_interleave(length, dim=-2), cached)
    prefix = Prefix(model, room)
    fill({KEY: prefix.prompt_embeddings}, given)
    if decodes and not own:
        _as_peft_reads(prefix)
    return prefix.attach(model.network).requires_grad_(False).eval()


def _is_own(folder: Path) -> bool:
    try:
        read_config(folder, OWN)
    except UserError:
        return False
    return True


def _as_peft_reads(prefix: Prefix) -> None:
    """peft 0.21 assigns a prefix to a decoder two layers at a time and drops every second one:
    layer i gets the part of layer 2i, counted on from the first after the last."""
    order = [2 * layer % prefix.layers for layer in range(prefix.layers)]
    with torch.no_grad():
        by_layer = prefix.prompt_embeddings.view(prefix.length, prefix.layers, -1)
        prefix.prompt_embeddings.copy_(by_layer[:, order].flatten(1))
