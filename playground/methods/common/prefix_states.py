"""The key-value states of some tokens in a network: whether a prefix can be prepended to them, of
what shape, and what it is initialised from."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import Cache, DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from playground.methods.common import inside_attention
from playground.methods.common.inside_attention import Pair
from playground.methods.common.virtual_tokens import frequent_tokens, too_long
from playground.models.answer_words import AnswerWords
from playground.models.kv_cache import cache_among, cache_argument
from playground.models.language_model import LanguageModel

PLAIN_LAYERS = (DynamicLayer, DynamicSlidingWindowLayer)
STANDARD_DEVIATION = 0.02  # of keys and values that start at random


@dataclass(frozen=True)
class States:
    """The key-value states of some tokens. `tensor`: (layers, 2, heads, length, width), keys first.

    cached: the network takes keys and values as a cache. Else they are prepended inside its
    attention, and the text keeps the positions it has.
    """

    tensor: torch.Tensor
    cached: bool


def states_of(model: LanguageModel, ids: Sequence[int]) -> States | None:
    """The keys and values of these tokens alone; None where no prefix can be prepended: layers
    without attention, of several shapes, or with attention that cannot be reached.

    Raises ValueError for a network that has a prefix already.
    """
    if hasattr(model.network, "prefix"):
        raise ValueError("this network reads a prefix already: remove that one first")
    network, tokens = model.network, torch.tensor([list(ids)], device=model.device)
    cached = cache_argument(network) is not None
    with torch.no_grad():
        words = network.get_input_embeddings()(tokens)  # as ids are looked into: not without memory
        pairs = (_of_cache if cached else _of_attention)(network, words)
    shapes = {tensor.shape for pair in pairs for tensor in pair}
    if (
        len(pairs) != network.config.get_text_config(decoder=True).num_hidden_layers
        or len(shapes) != 1
    ):
        return None
    tensor = torch.stack([torch.cat(pair) for pair in pairs])
    return States(tensor, cached) if tensor.shape[-2] == len(ids) else None


def _of_cache(network: PreTrainedModel, words: torch.Tensor) -> list[Pair]:
    """From the cache that the network fills: its own, or the one an encoder is given."""
    if network.config.is_encoder_decoder:
        given = {"inputs_embeds": words, "decoder_inputs_embeds": words}
        given["decoder_attention_mask"] = _looking_back(words)
        both = cache_among(network(**given, use_cache=True))
        cache: Cache | None = getattr(both, "self_attention_cache", None)
    elif (cache := cache_among(network(inputs_embeds=words, use_cache=True))) is None:
        cache = DynamicCache()
        network(inputs_embeds=words, **{str(cache_argument(network)): cache})
    layers = getattr(cache, "layers", [])
    plain = all(type(layer) in PLAIN_LAYERS and layer.keys is not None for layer in layers)
    return [(layer.keys, layer.values) for layer in layers] if plain else []


def _looking_back(words: torch.Tensor) -> torch.Tensor:
    """To be added to attention's scores. BART would look into a mask that it makes itself, which a
    network without memory cannot."""
    length, never = words.shape[1], torch.finfo(words.dtype).min
    return words.new_full((1, 1, length, length), never).triu(1)


def _of_attention(network: PreTrainedModel, words: torch.Tensor) -> list[Pair]:
    pairs: list[Pair] = []

    def note(keys: torch.Tensor, values: torch.Tensor) -> Pair:
        pairs.append((keys, values))
        return keys, values

    with inside_attention.reading(network, note):
        network(inputs_embeds=words)
    return pairs


def prefix_refusal(model: LanguageModel, length: int) -> str | None:
    """Why no prefix of this length can be prepended to this model's keys and values."""
    if reason := too_long(model, length):
        return reason
    if states_of(model, [model.pad_id] * length) is None:  # a window may hold fewer than these
        return (
            f"The attention of {model.id} does not take {length} keys and values beside its own in"
            " every layer, so a prefix would be ignored. Try a soft prompt or LoRA."
        )
    return None


def start_states(
    model: LanguageModel, words: AnswerWords | None, start: str, length: int
) -> States:
    """The initialisation of a prefix. start: "label words" and then frequent ones, "frequent
    words" only, or "random".

    Raises ValueError for a model that `prefix_refusal` has a reason against.
    """
    ids = [*frequent_tokens(model, length)]
    if start == "label words" and words is not None:
        own = [token for path in words.ids for token in path][:length]
        ids[: len(own)] = own
    found = states_of(model, ids)
    if found is None:
        raise ValueError("no prefix can be prepended to this network's keys and values")
    if start == "random":
        return States(torch.randn_like(found.tensor) * STANDARD_DEVIATION, found.cached)
    return found
