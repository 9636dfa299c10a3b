"""Label scores on cached keys and values: what prompts share is run once, and so is each prompt in
front of its label words, which all run side by side. Causal models only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import Cache, DynamicCache

from playground.models.answer_logits import (
    keeping_rows,
    kept_logits,
    plain_network,
    virtual_rows,
    virtual_tokens,
)
from playground.models.answer_words import AnswerWords, path_scores
from playground.models.families import Batch, Encoded, PromptParts, collate
from playground.models.kv_cache import cache_among, cache_argument
from playground.models.language_model import LanguageModel
from playground.models.prompts import PromptEncoder
from playground.scoring.batching import Budget, by_length, token_budget
from playground.scoring.naive import Pair

LOGITS = 2**26  # of one batch, so that a large vocabulary times many words stays near 256 MB


@dataclass(frozen=True)
class KeyValues:
    """Keys and values of every layer: pairs of (batch, heads, length, width)."""

    layers: tuple[tuple[torch.Tensor, torch.Tensor], ...]

    @staticmethod
    def of(cache: Cache | None) -> "KeyValues":
        layers: list[Any] = [] if cache is None else cache.layers
        return KeyValues(tuple((layer.keys, layer.values) for layer in layers))

    @property
    def length(self) -> int:
        return self.layers[0][0].shape[-2] if self.layers else 0

    def cache(self, batch: int) -> DynamicCache:
        """A fresh cache to run on; what it appends leaves these tensors as they are."""
        cache = DynamicCache()
        for index, (keys, values) in enumerate(self.layers):
            cache.update(keys.expand(batch, -1, -1, -1), values.expand(batch, -1, -1, -1), index)
        return cache


def on_the_cache(
    network: torch.nn.Module, encoder: PromptEncoder, prompts: Sequence[PromptParts]
) -> Iterator[tuple[list[int], Pair]]:
    """Batches of indices into `prompts` with their scores; the same as `whole_sequences` gives.

    Prompts are grouped by their shared tokens (few groups: as many as different numbers of
    demonstrations had to be dropped; what shares them with nobody is one group more), and each
    group's longest common prefix runs once.
    """
    groups: dict[tuple[int, ...], list[int]] = {}
    for index, parts in enumerate(prompts):
        groups.setdefault(parts.shared, []).append(index)
    several = [members for members in groups.values() if len(members) > 1]
    alone = [members[0] for members in groups.values() if len(members) == 1]
    for members in [*several, alone] if alone else several:
        texts = [(*prompts[index].shared, *prompts[index].query) for index in members]
        common = _common(texts)
        prefix = _prefix(network, encoder.model, texts[0][:common])
        lengths = [len(text) - common for text in texts]
        for chosen in by_length(lengths, _budget(network, encoder, prefix)):
            rests = [texts[index][common:] for index in chosen]
            yield [members[index] for index in chosen], _scores(network, encoder, prefix, rests)


def _budget(network: torch.nn.Module, encoder: PromptEncoder, prefix: KeyValues) -> Budget:
    tokens = token_budget(encoder.model.device)
    return Budget(tokens, prefix.length, most_prompts(network, encoder.words))


def most_prompts(network: torch.nn.Module, words: AnswerWords) -> int:
    """Prompts whose logits, after every trie node of the label words, fit into memory at once."""
    vocabulary = plain_network(network).config.get_text_config().vocab_size
    return max(1, LOGITS // (vocabulary * (1 + len(words.nodes))))


def _common(texts: Sequence[tuple[int, ...]]) -> int:
    """Tokens that all texts begin with, leaving at least one to each."""
    low, high = min(texts), max(texts)
    most = min(len(text) for text in texts) - 1
    return next((i for i in range(most) if low[i] != high[i]), most)


def _prefix(network: torch.nn.Module, model: LanguageModel, ids: tuple[int, ...]) -> KeyValues:
    """Keys and values of the common tokens, after the network's own virtual tokens."""
    if not ids:
        return KeyValues(())
    tokens = torch.tensor([ids], device=model.device)
    with keeping_rows(network, torch.zeros_like(tokens[:, :1])):
        output = network(input_ids=tokens, attention_mask=torch.ones_like(tokens), use_cache=True)
    return KeyValues.of(cache_among(output))


def _scores(
    network: torch.nn.Module,
    encoder: PromptEncoder,
    prefix: KeyValues,
    rests: list[tuple[int, ...]],
) -> Pair:
    """Total and restricted scores of every label after prefix + rest, each (batch, labels)."""
    model, words = encoder.model, encoder.words
    encoded = [Encoded(rest, (len(rest) - 1,)) for rest in rests]
    batch = collate(encoded, model.pad_id).to(model.device)
    logits, cache, mask = _run_prompt(network, prefix, batch)
    if words.nodes:
        logits = torch.cat([logits, _run_words(network, cache, mask, words.nodes)], dim=1)
    asked = torch.arange(len(words.labels)).expand(len(rests), -1)
    total, restricted = path_scores(logits, asked, words, words.positions)
    return total.cpu(), restricted.cpu()


def _run_prompt(
    network: torch.nn.Module, prefix: KeyValues, batch: Batch
) -> tuple[torch.Tensor, Cache | None, torch.Tensor]:
    """The logits (batch, 1, vocab) at each prompt's end, all keys and values, and their mask."""
    count, length = batch.input_ids.shape
    virtual = 0 if prefix.layers else virtual_tokens(network)
    given: dict[str, Any] = {}
    mask = batch.attention_mask
    if prefix.layers:
        mask = torch.cat([mask.new_ones(count, prefix.length), mask], dim=1)
        positions = torch.arange(prefix.length, prefix.length + length, device=mask.device)
        given = {
            str(cache_argument(plain_network(network))): prefix.cache(count),
            "position_ids": positions.expand(count, -1),
        }
    rows = batch.rows + (virtual_rows(network) if virtual else 0)
    with keeping_rows(network, rows) as caught:
        output = network(input_ids=batch.input_ids, attention_mask=mask, use_cache=True, **given)
    mask = torch.cat([mask.new_ones(count, virtual), mask], dim=1)
    return kept_logits(caught, batch), cache_among(output), mask


def _run_words(
    network: torch.nn.Module,
    cache: Cache | None,
    mask: torch.Tensor,
    nodes: tuple[tuple[int, ...], ...],
) -> torch.Tensor:
    """Logits (batch, nodes, vocab) after every trie node of the label words, all in one forward.

    The last tokens of the nodes stand side by side after the prompts. Each sees its prompt and
    the nodes it goes on from, and has the position it would have right after its prompt.
    mask: (batch, length) of the prompts, padding inside. The cache is used up.
    """
    count, device = len(mask), mask.device
    tokens = torch.tensor([node[-1] for node in nodes], device=device)
    depth = torch.tensor([len(node) for node in nodes], device=device)
    goes_on = [[a[: len(b)] == b for b in nodes] for a in nodes]
    branches = torch.tensor(goes_on, device=device).expand(count, -1, -1)
    prompts = mask.bool()[:, None, :].expand(-1, len(nodes), -1)
    return network(
        input_ids=tokens.expand(count, -1),
        attention_mask=_attention(network, torch.cat([prompts, branches], dim=2)),
        position_ids=mask.sum(1, keepdim=True) + depth - 1,
        use_cache=True,
        **{str(cache_argument(plain_network(network))): cache},
    ).logits


def _attention(network: torch.nn.Module, seen: torch.Tensor) -> torch.Tensor:
    """What each new token sees, (batch, new, all), in the form the network's attention takes."""
    plain = plain_network(network)
    if plain.config._attn_implementation == "sdpa":
        return seen[:, None]
    lowest = torch.finfo(plain.dtype).min
    return torch.zeros_like(seen, dtype=plain.dtype).masked_fill(~seen, lowest)[:, None]
