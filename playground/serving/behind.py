"""Rows behind prefixes of different lengths, or none, in one forward of a network that takes keys
and values from outside."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import DynamicCache

from playground.methods.common.prefix_states import States
from playground.models.kv_cache import cache_argument
from playground.models.language_model import LanguageModel
from playground.serving.lines import attention


def behind(
    model: LanguageModel, given: dict[str, Any], prefixes: Sequence[States | None]
) -> dict[str, Any]:
    """What the network is called with, each row behind its own prefix; shorter ones are filled up
    with what is not seen, and every row's positions go on from its own.

    given: attention_mask (rows, length) or, with branches, (rows, 1, length, length) and
    position_ids. Raises ValueError for a network that takes none from outside.
    """
    present = [prefix.tensor for prefix in prefixes if prefix is not None]
    if not present:
        return given
    argument = cache_argument(model.network)
    if argument is None:
        raise ValueError(f"{model.id} takes no keys and values from outside")
    lengths = [0 if prefix is None else prefix.tensor.shape[-2] for prefix in prefixes]
    device = model.device
    counts = torch.tensor(lengths, device=device)[:, None]
    seen = torch.arange(max(lengths), device=device) < counts  # (rows, longest)
    mask = given["attention_mask"]
    if mask.dim() == 2:
        places = (mask.cumsum(1) - 1).clamp(min=0)  # padding stays within the known positions
        mask = torch.cat([seen.to(mask.dtype), mask], dim=1)
    else:
        every = seen[:, None, :].expand(-1, mask.shape[2], -1)
        mask, places = torch.cat([attention(model, every), mask], dim=3), given["position_ids"]
    kept = _cache(model, prefixes, present[0], max(lengths))
    return {**given, argument: kept, "attention_mask": mask, "position_ids": places + counts}


def _cache(
    model: LanguageModel, prefixes: Sequence[States | None], like: torch.Tensor, longest: int
) -> DynamicCache:
    layers, pair, heads, _, width = like.shape
    shape = (len(prefixes), layers, pair, heads, longest, width)
    whole = torch.zeros(shape, dtype=model.network.dtype, device=model.device)
    for row, prefix in zip(whole, prefixes, strict=True):
        if prefix is not None:
            row[..., : prefix.tensor.shape[-2], :] = prefix.tensor
    cache = DynamicCache()
    for layer in range(layers):
        cache.update(whole[:, layer, 0], whole[:, layer, 1], layer)
    return cache
