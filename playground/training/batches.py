"""The examples as tokens, and which of them make up the batch of a step."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from playground.models.answer_words import AnswerWords
from playground.models.families import Batch, Encoded, collate
from playground.models.language_model import LanguageModel
from playground.models.prompts import encoder_for
from playground.training.plan import TrainingData

POOL = 8  # batches whose examples are sorted by length together


@dataclass(frozen=True)
class Batches:
    """Examples tokenised once. `gold`: the index of each one's label in `words`."""

    encoded: tuple[Encoded, ...]
    gold: tuple[int, ...]
    words: AnswerWords
    pad_id: int
    size: int
    seed: int

    @staticmethod
    def of(
        model: LanguageModel, network: torch.nn.Module, data: TrainingData, size: int, seed: int
    ) -> "Batches":
        encoder = encoder_for(model, network, data.task)
        return Batches(
            tuple(encoder.encode(example.row, example.label) for example in data.train),
            tuple(encoder.words.labels.index(example.label) for example in data.train),
            encoder.words,
            model.pad_id,
            size,
            seed,
        )

    def of_step(self, step: int) -> list[int]:
        """Indices of the examples of a step, counted from 1: a pure function of step and seed, so
        a resumed run goes on where it was, on any device."""
        per_epoch = -(-len(self.encoded) // self.size)
        epoch, place = divmod(step - 1, per_epoch)
        lengths = [len(item.ids) for item in self.encoded]
        return epoch_order(lengths, self.size, random.Random(self.seed * 1_000_003 + epoch))[place]

    def tensors(self, chosen: Sequence[int]) -> tuple[Batch, torch.Tensor]:
        """The batch, and the gold labels as (batch, 1)."""
        batch = collate([self.encoded[index] for index in chosen], self.pad_id)
        return batch, torch.tensor([[self.gold[index]] for index in chosen])


def epoch_order(lengths: Sequence[int], size: int, order: random.Random) -> list[list[int]]:
    """Every index once, in batches of like length, in an order that does not depend on length.

    Shuffled, cut into pools of some batches, and only within a pool sorted by length: little
    padding, and still other batches in every epoch.
    """
    shuffled = list(range(len(lengths)))
    order.shuffle(shuffled)
    batches: list[list[int]] = []
    for start in range(0, len(shuffled), size * POOL):
        pool = sorted(shuffled[start : start + size * POOL], key=lambda index: lengths[index])
        batches.extend(pool[first : first + size] for first in range(0, len(pool), size))
    order.shuffle(batches)
    return batches
