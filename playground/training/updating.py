"""One update of what trains: gradients of a batch, in parts when memory is short."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import torch

from playground.errors import UserError
from playground.events import Event, Loading, Noted, Step
from playground.methods.common.hooks import hooks_of
from playground.models.answer_logits import answer_logits
from playground.models.answer_words import path_scores
from playground.models.devices import autocast
from playground.optim.precision import FORMATS
from playground.optim.stepping import take_step
from playground.training.batches import Batches
from playground.training.checkpoint import Learnt, Position
from playground.training.plan import Plan


@dataclass
class Updating:
    """What an update needs. `at` moves on with every step."""

    network: torch.nn.Module
    device: torch.device
    plan: Plan
    batches: Batches
    learnt: Learnt
    at: Position

    def step(self) -> Iterator[Event]:
        """One update; what happens on the way is noted first."""
        started, number = time.perf_counter(), self.at.step + 1
        chosen = self.batches.of_step(number)
        loss = None
        while loss is None:
            try:
                loss = self.gradients(chosen, self.at.precision)
            except torch.OutOfMemoryError as error:
                yield self._halved(error, "now")
        rate = self.plan.rate(number)
        take_step(self.learnt.optimiser, self.learnt.weights.values(), rate)
        hooks_of(self.network).updated(number, self.plan.steps)
        self.learnt.optimiser.zero_grad(set_to_none=True)
        self.at.step = number
        self.at.seconds += time.perf_counter() - started
        yield Step(number, loss, rate, self.at.seconds)

    def gradients(self, chosen: Sequence[int], computed_in: str) -> float:
        """Add up the gradients of the mean loss of a batch, in as many parts as memory asks for.

        Returns the loss: the mean negative log-probability of the right answers, in nats.
        """
        device, size, whole = self.device, self.at.micro_batch, 0.0
        for first in range(0, len(chosen), size):
            batch, gold = self.batches.tensors(chosen[first : first + size])
            with autocast(device, FORMATS[computed_in]):
                logits = answer_logits(self.network, batch.to(device))
            total, restricted = path_scores(logits, gold, self.batches.words)
            scores = restricted if self.plan.objective == "label words" else total
            loss = -scores.sum() / len(chosen)
            loss.backward()
            whole += loss.item()
        return whole

    def prepare(self, stop: Callable[[], bool]) -> Generator[Event, None, bool]:
        """What the method does before the first update, told as it goes; no gradient is left.

        Returns whether it came to its end: not once `stop()` is true. Where memory is short it
        begins anew with fewer examples at once; updates need less and try with all again.
        """
        done = None
        while done is None:
            try:
                done = yield from self._prepared(stop)
            except torch.OutOfMemoryError as error:
                yield self._halved(error, "while it prepares")
        self.learnt.optimiser.zero_grad(set_to_none=True)
        self.at.micro_batch = self.plan.batch_size
        return done

    def _prepared(self, stop: Callable[[], bool]) -> Generator[Event, None, bool]:
        with closing(hooks_of(self.network).prepare(self.try_out)) as work:
            for doing in work:
                if stop():
                    return False
                yield Loading(doing, time.time())
        return True

    def try_out(self, step: int = 1, computed_in: str = "float32") -> None:
        """Only the gradients of a step's batch, added to those there are."""
        self.gradients(self.batches.of_step(step), computed_in)

    def _halved(self, error: torch.OutOfMemoryError, when: str) -> Noted:
        """Fewer examples at once from now on; the update stays that of the whole batch."""
        self.learnt.optimiser.zero_grad(set_to_none=True)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        if self.at.micro_batch == 1:
            raise UserError(
                "Not even one example at a time fits into memory. Choose a smaller model, shorter"
                " texts, or a method that trains less."
            ) from error
        self.at.micro_batch //= 2
        return Noted(
            f"Memory was short: {self.at.micro_batch} examples run at once {when}, and"
            f" {self.plan.batch_size} still make one update."
        )
