"""The cache of keys and values that a network takes and gives back, whatever it calls it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from weakref import WeakKeyDictionary

import torch
from transformers import Cache, DynamicCache, EncoderDecoderCache, PreTrainedModel

# Forward's argument for it, as transformers calls it from 5.24 on and as it did before. Which one a
# network takes is tried out: an argument that is accepted need not be one that is used.
NAMES = ("cache", "past_key_values")
# What a network raises that has no place for an argument, or for a cache of this kind.
UNFIT = (TypeError, ValueError, AttributeError, LookupError, RuntimeError)

_cache_argument: WeakKeyDictionary[PreTrainedModel, str | None] = WeakKeyDictionary()
_without_cache: WeakKeyDictionary[PreTrainedModel, dict[str, bool]] = WeakKeyDictionary()


def cache_among(values: Mapping[str, object]) -> Cache | None:
    """The cache among a forward's named arguments, or in its output; None where there is none."""
    return next((value for value in values.values() if isinstance(value, Cache)), None)


def cache_argument(network: PreTrainedModel) -> str | None:
    """The name under which the network's forward takes a cache; None where it takes none.

    Found by a forward over one token, once for each network: the cache handed over is filled.
    """
    if network not in _cache_argument:
        filled = (name for name in NAMES if _fills(network, name))
        _cache_argument[network] = next(filled, None)
    return _cache_argument[network]


def without_cache(network: PreTrainedModel) -> dict[str, bool]:
    """What to call the network with so that it keeps nothing; {} where it has no such argument."""
    if network not in _without_cache:
        unkept = {"use_cache": False}
        _without_cache[network] = unkept if _takes(network, unkept) else {}
    return _without_cache[network]


def _fills(network: PreTrainedModel, name: str) -> bool:
    cache = DynamicCache()
    decodes = network.config.is_encoder_decoder
    handed = EncoderDecoderCache(cache, DynamicCache()) if decodes else cache
    return _takes(network, {name: handed, "use_cache": True}) and cache.get_seq_length() > 0


def _takes(network: PreTrainedModel, arguments: Mapping[str, object]) -> bool:
    """Whether a forward over one token goes through with these arguments.

    Random numbers that are drawn on the way (dropout) do not count: a curve stays the same. Nor
    is anything computed in the format of an autocast around it, which would keep weights that it
    has converted without a gradient.
    """
    one = torch.zeros(1, 1, dtype=torch.long, device=network.device)
    given = {"input_ids": one}  # no mask: one on a network without weights would be looked into
    if network.config.is_encoder_decoder:
        given["decoder_input_ids"] = one
    devices = [network.device] if network.device.type == "cuda" else []
    own_format = _in_its_own_format(network.device.type)
    with torch.random.fork_rng(devices), torch.no_grad(), own_format:
        try:  # of the network only: what is raised around it is a fault of ours
            network(**given, **arguments)
        except UNFIT:
            return False
    return True


def _in_its_own_format(device: str) -> AbstractContextManager[object]:
    """No autocast; a device that has none ("meta": a network without weights) needs no switch."""
    available = torch.amp.is_autocast_available(device)
    return torch.autocast(device, enabled=False) if available else nullcontext()
