"""What is learnt: to go on with a text, or to fill masks in one; and the loss of either."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from transformers import ModernBertForMaskedLM, PreTrainedModel

from playground.pretraining.masking import masked
from playground.pretraining.tokenizer import PAD_ID
from playground.pretraining.windows import Stream, chosen


@dataclass
class Batch:
    """ids: (windows, length) to read. rows: (windows, count), the positions whose logits predict;
    targets, weights: alike, the tokens there and how much each counts; answers: which of them
    were marked as answers."""

    ids: torch.Tensor
    rows: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    answers: torch.Tensor

    def to(self, device: torch.device) -> "Batch":
        if device.type != "cuda":
            return self
        parts = (self.ids, self.rows, self.targets, self.weights, self.answers)
        return Batch(*(part.pin_memory().to(device, non_blocking=True) for part in parts))

    def part(self, first: int, count: int) -> "Batch":
        """Some of the windows."""
        cut = slice(first, first + count)
        return Batch(
            self.ids[cut], self.rows[cut], self.targets[cut], self.weights[cut], self.answers[cut]
        )


@dataclass(frozen=True)
class Batches:
    """Windows of a stream as batches of a family. answer_weight: how often a token of an answer
    counts, where one of any other text counts once."""

    stream: Stream
    family: str
    length: int
    size: int
    answer_weight: float
    seed: int

    def of_step(self, step: int) -> Batch:
        """The batch of a step, counted from 1, masks included: a pure function of step and seed."""
        indices = chosen(self.stream.count(self.length), self.size, self.seed, step)
        return self.of(indices, np.random.default_rng([self.seed, step, 1]))

    def of(self, indices: list[int], random: np.random.Generator) -> Batch:
        build = self._causal if self.family == "causal" else self._masked
        rows = [build(*self.stream.window(index, self.length), random) for index in indices]
        ids, places, targets, weights, answers = (
            np.stack(column) for column in zip(*rows, strict=True)
        )
        return Batch(
            torch.from_numpy(ids.astype(np.int64)),
            torch.from_numpy(places),
            torch.from_numpy(targets.astype(np.int64)),
            torch.from_numpy(weights.astype(np.float32)),
            torch.from_numpy(answers),
        )

    def _causal(
        self, ids: np.ndarray, answers: np.ndarray, random: np.random.Generator
    ) -> tuple[np.ndarray, ...]:
        """Every token but the first is predicted from those before it."""
        targets = np.append(ids[1:], np.uint16(PAD_ID))
        answered = np.append(answers[1:], False)
        weights = np.where(answered, self.answer_weight, 1.0) * (targets != PAD_ID)
        return ids, np.arange(len(ids)), targets, weights, answered

    def _masked(
        self, ids: np.ndarray, answers: np.ndarray, random: np.random.Generator
    ) -> tuple[np.ndarray, ...]:
        found = masked(ids, answers, self.answer_weight, random)
        return found.ids, found.rows, ids[found.rows], found.weights, answers[found.rows]


WRITTEN_OUT = 512  # tokens of a window; for longer ones the scores are too many to go through
Losses = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def token_logits(network: PreTrainedModel, ids: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """(windows * count, vocabulary): the head is put on the rows alone."""
    if isinstance(network, ModernBertForMaskedLM):
        states = network.model(input_ids=ids).last_hidden_state
        wanted = rows.unsqueeze(-1).expand(-1, -1, states.shape[-1])
        return network.decoder(network.head(states.gather(1, wanted).flatten(0, 1)))
    # Every row is wanted, in order: no need to gather them.
    states = network.model(input_ids=ids, use_cache=False).last_hidden_state
    return network.lm_head(states.flatten(0, 1))


def losses_of(network: PreTrainedModel, compiled: bool, length: int) -> Losses:
    """A function from ids, rows and targets to the cross-entropy of each, (windows * count,).

    Compiled for a CPU, attention over windows that are not long is written out as matrix products,
    which run in bfloat16: the fused kernel's way back does not, and a step takes a quarter longer
    with it (7 M parameters, 12 windows of 512 tokens, one thread: 2.6 s instead of 2.05).
    """
    if compiled and network.device.type == "cpu" and length <= WRITTEN_OUT:
        network.set_attn_implementation("eager")

    def losses(ids: torch.Tensor, rows: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        logits = token_logits(network, ids, rows).float()
        return torch.nn.functional.cross_entropy(logits, targets.flatten(), reduction="none")

    return torch.compile(losses, dynamic=False) if compiled else losses
