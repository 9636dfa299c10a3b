"""Whether a network may be asked in a way that runs less than every whole sequence: tried out on
itself, never read from its configuration."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import torch
from transformers import PreTrainedModel
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from playground.models.answer_logits import plain_network, virtual_tokens
from playground.models.answer_words import AnswerWords
from playground.models.families import PromptParts
from playground.models.kv_cache import UNFIT, cache_among, cache_argument
from playground.models.language_model import LanguageModel
from playground.models.prompts import PromptEncoder
from playground.scoring import trial
from playground.scoring.batching import asking
from playground.scoring.cached import on_the_cache
from playground.scoring.encoded_once import encoded_once
from playground.scoring.naive import Pair, whole_sequences
from playground.tasks.classification import Task

Way = Callable[
    [torch.nn.Module, PromptEncoder, Sequence[PromptParts]], Iterator[tuple[list[int], Pair]]
]
SHORTCUTS: dict[str, Way] = {"causal": on_the_cache, "seq2seq": encoded_once}
PLAIN_LAYERS = (DynamicLayer, DynamicSlidingWindowLayer)
LONGEST = 512  # tokens of the longest sequence tried: windows that no cache shows are shorter
STEP = 64  # lengths from here on are rounded up to it, so that few are tried
SHARED, QUERIES = 3, (2, 5)  # tokens of what prompts share, and of two that are padded
PATHS = ((0,), (1, 2), (1, 3, 4))  # of label words, in the tokens of a text
TASK = Task("{text}", {"a": "a", "b": "b", "c": "c"}, "label")

_disagreements: WeakKeyDictionary[PreTrainedModel, dict[tuple[int, int], str]] = WeakKeyDictionary()


def can_cache(network: torch.nn.Module, model: LanguageModel, longest: int) -> bool:
    """Whether a causal network's keys and values may be cached, for up to `longest` tokens."""
    return model.family.name == "causal" and not why_whole(network, model, longest)


def why_whole(network: torch.nn.Module, model: LanguageModel, longest: int) -> str:
    """Why every sequence has to be run whole; "" where the family's shortcut gives the same scores.

    Scored both ways are a few tokens of no meaning, side by side and padded, and once as many as
    are asked for. It is done once for each network and length.
    """
    plain, virtual = plain_network(network), virtual_tokens(network)
    rounded = longest if longest < STEP else -(-longest // STEP) * STEP
    tried = min(rounded, LONGEST, model.max_length)
    unfit = _unfit_cache if model.family.name == "causal" else _unfit_encoder
    with asking(network, model.device):
        if reason := unfit(network, model, longest):
            return reason
        known = _disagreements.setdefault(plain, {})
        if (virtual, tried) not in known:
            known[virtual, tried] = _disagreement(plain, model, tried - virtual)
    return known[virtual, tried]


def _unfit_cache(network: torch.nn.Module, model: LanguageModel, longest: int) -> str:
    if cache_argument(plain_network(network)) is None:
        return "it takes no keys and values from outside"
    first = torch.tensor([[model.pad_id]], device=model.device)
    output = network(input_ids=first, attention_mask=torch.ones_like(first), use_cache=True)
    cache, length = cache_among(output), 1 + virtual_tokens(network)
    layers: list[Any] = [] if cache is None else cache.layers
    plain = bool(layers) and all(type(layer) in PLAIN_LAYERS for layer in layers)
    if not plain or any(layer.keys.shape[-2] != length for layer in layers):
        return "it remembers more than one key and one value of each token"
    if any(_forgets(layer, longest) for layer in layers):
        return f"its layers do not keep all of {longest} tokens"
    return ""


def _forgets(layer: Any, tokens: int) -> bool:
    """Whether a layer of a cache, which is used up, drops some of so many tokens."""
    batch, heads, _, width = layer.keys.shape
    more = layer.keys.new_zeros(batch, heads, tokens, width)
    held = layer.keys.shape[-2] + tokens
    layer.update(more, more)
    return layer.keys.shape[-2] < held


def _unfit_encoder(network: torch.nn.Module, model: LanguageModel, longest: int) -> str:
    one = torch.tensor([[model.pad_id]], device=model.device)
    mask = torch.ones_like(one)
    output = network(input_ids=one, attention_mask=mask, decoder_input_ids=one)
    states = output.get("encoder_last_hidden_state")
    if states is None or states.shape[1] != 1 + virtual_tokens(network):
        return "it does not show what its encoder makes of a prompt"
    return ""


def _disagreement(plain: PreTrainedModel, model: LanguageModel, longest: int) -> str:
    """How the two ways differ, on sequences of at most `longest` tokens; "" where they do not."""
    encoder, prompts = _made_up(model, longest)
    whole = _by_prompt(whole_sequences(plain, encoder, prompts))
    try:
        short = _by_prompt(SHORTCUTS[model.family.name](plain, encoder, prompts))
    except UNFIT as error:
        return f"it does not go on from what was cached ({type(error).__name__})"
    apart = trial.distance(short, whole)
    if apart <= trial.close(model, whole):
        return ""
    return f"its answers would be off by {apart:.2g} nats"


def _by_prompt(batches: Iterable[tuple[list[int], Pair]]) -> torch.Tensor:
    """The total scores, (prompts, labels), in the prompts' order."""
    found = {i: row for at, (total, _) in batches for i, row in zip(at, total, strict=True)}
    return torch.stack([found[index] for index in sorted(found)])


def _made_up(model: LanguageModel, longest: int) -> tuple[PromptEncoder, list[PromptParts]]:
    """Prompts that share a prefix, and words that share theirs."""
    ids = tuple(dict.fromkeys((*trial.words(model), *range(8))))
    words = AnswerWords(TASK.labels, tuple(tuple(ids[i] for i in path) for path in PATHS))
    shared = (*model.start_ids, *ids[:SHARED])
    room = max(longest - len(shared) - len(model.end_ids) - words.slots, 1)
    lengths = sorted({min(length, room) for length in (*QUERIES, room)})
    prompts = [trial.prompt(model, shared, length, n + 2) for n, length in enumerate(lengths)]
    return PromptEncoder(model, TASK, words), prompts
