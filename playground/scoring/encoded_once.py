"""Label scores of sequence-to-sequence models: every prompt is read once, and all label words are
asked of the decoder, branch by branch of their trie, with what the encoder gave."""

from collections.abc import Iterator, Sequence

import torch
from transformers.modeling_outputs import BaseModelOutput

from playground.models.answer_logits import keeping_rows, kept_rows
from playground.models.answer_words import path_scores
from playground.models.families import Batch, PromptParts, collate
from playground.models.prompts import PromptEncoder
from playground.scoring.batching import Budget, by_length, token_budget
from playground.scoring.cached import most_prompts
from playground.scoring.naive import Pair


def encoded_once(
    network: torch.nn.Module, encoder: PromptEncoder, prompts: Sequence[PromptParts]
) -> Iterator[tuple[list[int], Pair]]:
    """Batches of indices into `prompts` with their scores; the same as `whole_sequences` gives."""
    model, words = encoder.model, encoder.words
    lengths = [len(p.shared) + len(p.query) + len(p.after) for p in prompts]
    budget = Budget(token_budget(model.device), most=most_prompts(network, words))
    for indices in by_length(lengths, budget):
        placed = [model.family.encode(model, prompts[i], (), words.slots) for i in indices]
        batch = collate(placed, model.pad_id).to(model.device)
        logits, states, mask = _read(network, batch)
        if words.nodes:
            logits = torch.cat([logits, _asked(network, encoder, batch, (states, mask))], dim=1)
        asked = torch.arange(len(words.labels)).expand(len(indices), -1)
        total, restricted = path_scores(logits, asked, words, words.positions)
        yield indices, (total.cpu(), restricted.cpu())


def _read(
    network: torch.nn.Module, batch: Batch
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The logits (batch, 1, vocab) before a word, the encoder's states and their mask, both
    with the network's own virtual tokens prepended."""
    output = network(**batch.inputs(), use_cache=False)
    first = torch.arange(len(batch.rows), device=batch.rows.device)
    states, mask = output.encoder_last_hidden_state, batch.attention_mask
    ahead = states.shape[1] - mask.shape[1]
    mask = torch.cat([mask.new_ones(len(mask), ahead), mask], dim=1)
    return output.logits[first, batch.rows[:, 0]][:, None], states, mask


def _asked(
    network: torch.nn.Module,
    encoder: PromptEncoder,
    batch: Batch,
    read: tuple[torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    """Logits (batch, nodes, vocab) after every trie node of the label words.

    Each prompt stands once for every branch, next to one another; read: its states and mask.
    """
    if (decoded := batch.decoder_input_ids) is None:
        raise ValueError("this is for networks whose decoder answers")
    words, pad, device = encoder.words, encoder.model.pad_id, batch.rows.device
    states, mask = (part.repeat_interleave(len(words.leaf_paths), dim=0) for part in read)
    longest = max(map(len, words.leaf_paths))
    padded = [[*branch, *[pad] * (longest - len(branch))] for branch in words.leaf_paths]
    tails = torch.tensor(padded, device=device).repeat(len(batch.rows), 1)
    opening = decoded.repeat_interleave(len(words.leaf_paths), dim=0)
    rows = opening.shape[1] + torch.arange(longest, device=device).expand(len(tails), -1)
    with keeping_rows(network, rows) as caught:
        network(
            encoder_outputs=BaseModelOutput(last_hidden_state=states),
            attention_mask=mask,
            decoder_input_ids=torch.cat([opening, tails], dim=1),
            use_cache=False,
        )
    logits = kept_rows(caught).unflatten(0, (len(batch.rows), len(words.leaf_paths)))
    at = [_place(words.leaf_paths, node) for node in words.nodes]
    return torch.stack([logits[:, branch, row] for branch, row in at], dim=1)


def _place(branches: Sequence[tuple[int, ...]], node: tuple[int, ...]) -> tuple[int, int]:
    """A branch that holds the node, and the row that follows the node's last token."""
    branch = next(i for i, tokens in enumerate(branches) if tokens[: len(node)] == node)
    return branch, len(node) - 1
