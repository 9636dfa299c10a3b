"""A hook into a network's attention, for networks that take no key-value cache.

transformers looks attention up by a name in the configuration; under this name it is sdpa's, with
keys and values that may be changed first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from transformers import AttentionInterface, PreTrainedModel
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

NAME = "sdpa_with_a_reader"
Pair = tuple[torch.Tensor, torch.Tensor]  # keys and values, (batch, heads, length, width)
Reader = Callable[[torch.Tensor, torch.Tensor], Pair]
# Of this thread's forward alone, as several networks may be asked at once.
reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


def _attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **named: Any,
) -> tuple[torch.Tensor, None]:
    """sdpa's; what the reader prepends to keys and values is attended to by every query."""
    read = reader.get()
    if read is not None:
        length = keys.shape[-2]
        keys, values = read(keys, values)
        if attention_mask is not None:
            seen = True if attention_mask.dtype == torch.bool else 0.0
            added = (keys.shape[-2] - length, 0)
            attention_mask = torch.nn.functional.pad(attention_mask, added, value=seen)
    return sdpa_attention_forward(module, query, keys, values, attention_mask, **named)


AttentionInterface.register(NAME, _attention)
AttentionMaskInterface.register(NAME, sdpa_mask)


def enter(network: PreTrainedModel) -> Callable[[], None]:
    """Have the network use this attention; what is returned restores its own one."""
    config, before = network.config, network.config._attn_implementation
    config._attn_implementation = NAME
    return lambda: setattr(config, "_attn_implementation", before)


@contextmanager
def reading(network: PreTrainedModel, read: Reader) -> Iterator[None]:
    """For one forward: every attention of the network, in order, hands its keys and values."""
    leave, token = enter(network), reader.set(read)
    try:
        yield
    finally:
        reader.reset(token)
        leave()


def prepended(pairs: list[Pair]) -> Reader:
    """The first pair for the first attention that asks, and so on."""
    waiting = iter(pairs)

    def read(keys: torch.Tensor, values: torch.Tensor) -> Pair:
        first, second = next(waiting)
        return (
            torch.cat((first.to(keys.dtype), keys), dim=-2),
            torch.cat((second.to(values.dtype), values), dim=-2),
        )

    return read
