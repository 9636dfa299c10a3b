"""Label scores with keys and values kept: what prompts share is run once, and so is the prompt
in front of label words of several tokens. Causal models only."""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from playground.models.answer_logits import (
    keeping_rows,
    kept_logits,
    plain_network,
    virtual_tokens,
)
from playground.models.answer_words import path_scores
from playground.models.families import Batch, Encoded, PromptParts, collate
from playground.models.language_model import LanguageModel
from playground.models.prompts import PromptEncoder
from playground.scoring.batching import by_length, token_budget
from playground.scoring.naive import Pair

WINDOWS = ("sliding_window", "window_size", "attention_chunk_size")
PLAIN_LAYERS = (DynamicLayer, DynamicSlidingWindowLayer)


@dataclass(frozen=True)
class Kept:
    """Keys and values of every layer: pairs of (batch, heads, length, width)."""

    layers: tuple[tuple[torch.Tensor, torch.Tensor], ...]

    @staticmethod
    def of(cache: DynamicCache) -> "Kept":
        return Kept(tuple((layer.keys, layer.values) for layer in cache.layers))

    @property
    def length(self) -> int:
        return self.layers[0][0].shape[-2] if self.layers else 0

    def cache(self, batch: int) -> DynamicCache:
        """A fresh cache to run on; what it appends leaves these tensors as they are."""
        cache = DynamicCache()
        for index, (keys, values) in enumerate(self.layers):
            cache.update(keys.expand(batch, -1, -1, -1), values.expand(batch, -1, -1, -1), index)
        return cache


def can_cache(network: torch.nn.Module, model: LanguageModel, longest: int) -> bool:
    """Whether keys and values may be kept: the network takes explicit positions (so padding inside
    a sequence does no harm), keeps all its memory in plain attention layers, and does not look at
    a window that a sequence of `longest` tokens would outgrow."""
    plain = plain_network(network)
    config = plain.config.get_text_config(decoder=True)
    takes = inspect.signature(plain.forward).parameters
    if not {"position_ids", "past_key_values", "use_cache"} <= set(takes):
        return False
    windows = [getattr(config, name, None) or longest for name in WINDOWS]
    if getattr(config, "alibi", False) or longest > min(windows):
        return False
    first = torch.tensor([[model.pad_id]], device=model.device)
    output = network(input_ids=first, attention_mask=torch.ones_like(first), use_cache=True)
    layers = getattr(getattr(output, "past_key_values", None), "layers", None)
    length = 1 + virtual_tokens(network)
    return bool(layers) and all(
        type(layer) in PLAIN_LAYERS and layer.keys is not None and layer.keys.shape[-2] == length
        for layer in layers
    )


def on_the_cache(
    network: torch.nn.Module, encoder: PromptEncoder, prompts: Sequence[PromptParts]
) -> Iterator[tuple[list[int], Pair]]:
    """Batches of indices into `prompts` with their scores; the same as `whole_sequences` gives.

    Prompts are grouped by their shared tokens (few groups: as many as different numbers of
    demonstrations had to be dropped), and each group's longest common beginning runs once.
    """
    groups: dict[tuple[int, ...], list[int]] = {}
    for index, parts in enumerate(prompts):
        groups.setdefault(parts.shared, []).append(index)
    for members in groups.values():
        texts = [(*prompts[index].shared, *prompts[index].query) for index in members]
        common = _common(texts)
        prefix = _prefix(network, encoder.model, texts[0][:common])
        lengths = [len(text) - common for text in texts]
        budget = token_budget(encoder.model.device)
        for chosen in by_length(lengths, budget, prefix.length):
            rests = [texts[index][common:] for index in chosen]
            yield [members[index] for index in chosen], _scores(network, encoder, prefix, rests)


def _common(texts: Sequence[tuple[int, ...]]) -> int:
    """Tokens that all texts begin with, leaving at least one to each."""
    low, high = min(texts), max(texts)
    most = min(len(text) for text in texts) - 1
    return next((i for i in range(most) if low[i] != high[i]), most)


def _prefix(network: torch.nn.Module, model: LanguageModel, ids: tuple[int, ...]) -> Kept:
    """Keys and values of the common tokens, behind the network's own virtual tokens."""
    if not ids:
        return Kept(())
    tokens = torch.tensor([ids], device=model.device)
    with keeping_rows(network, torch.zeros_like(tokens[:, :1])):
        output = network(input_ids=tokens, attention_mask=torch.ones_like(tokens), use_cache=True)
    return Kept.of(output.past_key_values)


def _scores(
    network: torch.nn.Module, encoder: PromptEncoder, prefix: Kept, rests: list[tuple[int, ...]]
) -> Pair:
    """Total and restricted scores of every label behind prefix + rest, each (batch, labels)."""
    model, words = encoder.model, encoder.words
    encoded = [Encoded(rest, (len(rest) - 1,)) for rest in rests]
    batch = collate(encoded, model.pad_id).to(model.device)
    first, prompt, mask = _run_prompt(network, prefix, batch)
    total = torch.empty(len(rests), len(words.labels))
    restricted = torch.empty_like(total)
    for stem, labels in words.stems.items():
        logits = first
        if stem:
            ends = mask.sum(1, keepdim=True)
            logits = torch.cat([first, _run_stem(network, prompt, (mask, ends), stem)], dim=1)
        asked = torch.tensor(labels).expand(len(rests), -1)
        total[:, labels], restricted[:, labels] = (
            scores.cpu() for scores in path_scores(logits, asked, words)
        )
    return total, restricted


def _run_prompt(
    network: torch.nn.Module, prefix: Kept, batch: Batch
) -> tuple[torch.Tensor, Kept, torch.Tensor]:
    """The logits (batch, 1, vocab) at each prompt's end, all keys and values, and their mask."""
    count, length = batch.input_ids.shape
    virtual = 0 if prefix.layers else virtual_tokens(network)
    given = {}
    mask = batch.attention_mask
    if prefix.layers:
        mask = torch.cat([mask.new_ones(count, prefix.length), mask], dim=1)
        positions = torch.arange(prefix.length, prefix.length + length, device=mask.device)
        given = {
            "past_key_values": prefix.cache(count),
            "position_ids": positions.expand(count, -1),
        }
    rows = batch.rows + virtual
    with keeping_rows(network, rows) as caught:
        output = network(input_ids=batch.input_ids, attention_mask=mask, use_cache=True, **given)
    mask = torch.cat([mask.new_ones(count, virtual), mask], dim=1)
    return kept_logits(caught, batch), Kept.of(output.past_key_values), mask


def _run_stem(
    network: torch.nn.Module,
    prompt: Kept,
    seen: tuple[torch.Tensor, torch.Tensor],
    stem: tuple[int, ...],
) -> torch.Tensor:
    """Logits (batch, len(stem), vocab) behind each token of a label word but its last.

    seen: the mask of the prompts' keys, padding inside, and each prompt's true length; positions
    go on from the latter.
    """
    mask, ends = seen
    count = len(mask)
    tokens = torch.tensor(stem, device=mask.device).expand(count, -1)
    return network(
        input_ids=tokens,
        attention_mask=torch.cat([mask, torch.ones_like(tokens)], dim=1),
        position_ids=ends + torch.arange(len(stem), device=mask.device),
        past_key_values=prompt.cache(count),
        use_cache=True,
    ).logits
