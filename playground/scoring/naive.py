"""Label scores by running every whole sequence: slow, simple, right for every family."""

from collections.abc import Iterator, Sequence

import torch

from playground.models.answer_logits import answer_logits
from playground.models.answer_words import path_scores
from playground.models.families import PromptParts, collate
from playground.models.prompts import PromptEncoder
from playground.scoring.batching import Budget, by_length, token_budget

Pair = tuple[torch.Tensor, torch.Tensor]  # total and restricted, each (batch, labels)


def whole_sequences(
    network: torch.nn.Module, encoder: PromptEncoder, prompts: Sequence[PromptParts]
) -> Iterator[tuple[list[int], Pair]]:
    """Batches of indices into `prompts` with their scores, one label after the other.

    Labels that differ only in their last token share a sequence, and so do all labels of a family
    that predicts every slot at once.
    """
    model, words = encoder.model, encoder.words
    lengths = [len(p.shared) + len(p.query) + len(p.after) + words.slots for p in prompts]
    everything = list(range(len(words.labels)))
    groups = [everything] if model.family.parallel else list(words.stems.values())
    for indices in by_length(lengths, Budget(token_budget(model.device))):
        total = torch.empty(len(indices), len(everything))
        restricted = torch.empty_like(total)
        for labels in groups:
            answer = words.ids[labels[0]]
            placed = [
                model.family.encode(model, prompts[index], answer, words.slots) for index in indices
            ]
            logits = answer_logits(network, collate(placed, model.pad_id).to(model.device))
            asked = torch.tensor(labels).expand(len(indices), -1)
            total[:, labels], restricted[:, labels] = (
                scores.cpu() for scores in path_scores(logits, asked, words)
            )
        yield indices, (total, restricted)
