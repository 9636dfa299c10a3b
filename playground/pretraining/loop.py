"""The training loop: every step an event, and nothing but events."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from transformers import PreTrainedModel

from playground.events import Evaluated, Event, Finished, Noted, Started, Step, Stopped
from playground.models.devices import autocast, device_name, peak_bytes
from playground.pretraining import checkpoint
from playground.pretraining.architectures import family_of
from playground.pretraining.checkpoint import Position, State
from playground.pretraining.evaluating import held_out
from playground.pretraining.objectives import Batches, losses_of
from playground.pretraining.plan import Place, Plan
from playground.pretraining.updating import FORMATS, Updating, optimiser_for
from playground.pretraining.windows import Packed

SETTLING = 5  # steps before the pace is told


def pretrain(
    network: PreTrainedModel,
    data: Packed,
    plan: Plan,
    place: Place,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Train all of `network`, which is on the device to train on.

    Yields Started, then Step after every update (the loss without weights, in nats a token),
    Evaluated at the beginning, every so often and at the end: part "held_out" for all tokens,
    "answers" for those of answers alone, accuracy the share of tokens that come first, n the
    tokens. Last Finished, or Stopped once `stop()` is true between two steps.

    Goes on from the state in place.folder, if there is one; on a CPU in float32, with steps given,
    every number is then bit for bit that of a training that was never interrupted. One that was
    finished and is now given more goes on from before its rate decayed.
    """
    run = _Run.begin(network, data, plan, place)
    yield run.started()
    yield from run.evaluate()
    stopped = False
    while not run.over():
        if stopped := stop():
            break
        run.keep_before_decay()
        yield run.step()
        yield from run.pace()
        if run.at.step % plan.evaluate_every == 0 and not run.over():
            yield from run.evaluate()
        run.keep_now_and_then()
    if not stopped:
        yield from run.evaluate()
    run.keep(checkpoint.LATEST)
    yield run.ended(stopped)


@dataclass
class _Run:
    """One training under way. `at` moves on with every step."""

    network: PreTrainedModel
    data: Packed
    plan: Plan
    place: Place
    state: State
    updating: Updating
    at: Position
    before: float = 0.0  # seconds spent in earlier sittings
    began: float = 0.0  # this sitting, by the clock
    kept: float = 0.0  # when the state was last kept, by the clock
    looking_took: float = 0.0  # seconds: the longest evaluation
    keeping_took: float = 0.0  # seconds: the longest time to keep the state
    stepped: float = 0.0  # when the last step was done, by the clock
    took: list[float] = field(default_factory=list)  # seconds from one step's end to the next's

    @staticmethod
    def begin(network: PreTrainedModel, data: Packed, plan: Plan, place: Place) -> "_Run":
        torch.manual_seed(plan.seed)
        network.train()
        optimiser = optimiser_for(network, plan)
        batches = Batches(
            data.train,
            family_of(network),
            plan.length,
            plan.batch,
            plan.answer_weight,
            plan.seed,
        )
        losses = losses_of(network, plan.compiled)
        updating = Updating(network, plan, batches, losses, optimiser)
        run = _Run(network, data, plan, place, State(network, optimiser), updating, Position())
        run.began = place.clock() if place.began is None else place.began
        run.resume()
        run.kept = run.stepped = place.clock()
        run.before = run.at.seconds
        return run

    @property
    def device(self) -> torch.device:
        return self.network.device

    def resume(self) -> None:
        """From the latest state; from the one before the decay when, by the plan as it is now,
        the decay is not to begin yet."""
        file = self.place.folder / checkpoint.LATEST
        found = checkpoint.read_position(file)
        if found is None:
            return
        level = self.place.folder / checkpoint.LEVEL
        too_early = not self.plan.schedule.decays(found.step, found.seconds)
        if found.decaying and too_early and level.is_file():
            file, found = level, checkpoint.read_position(level)
        checkpoint.restore(file, self.state)
        self.at = found

    def started(self) -> Started:
        parameters = sum(weight.numel() for weight in self.network.parameters())
        return Started(
            time=time.time(),
            steps=self.plan.schedule.steps or 0,
            train=self.data.train.count(self.plan.length),
            validation=0,
            held_out=self.data.held_out.count(self.plan.length),
            labels=self.network.config.vocab_size,
            trainable=parameters,
            parameters=parameters,
            device=device_name(self.device),
            dtype=self.plan.precision + " autocast" * (self.plan.precision != "float32"),
            resumed_from=self.at.step,
        )

    @property
    def ending_takes(self) -> float:
        """Seconds that the end needs, with some to spare."""
        return 1.5 * (self.looking_took + self.keeping_took)

    def seconds(self) -> float:
        return self.before + self.place.clock() - self.began

    def typical(self) -> float:
        """Seconds of a step: the median of the last, so that a compilation does not count."""
        return statistics.median(self.took[-20:]) if self.took else 0.0

    def over(self) -> bool:
        done = self.seconds() + self.ending_takes + self.typical()
        return self.plan.schedule.over(self.at.step + 1, done)

    def step(self) -> Step:
        """One update. The rate is that of the schedule, which has to leave time for the end."""
        number = self.at.step + 1
        spent = self.seconds() + self.ending_takes
        rate = self.plan.schedule.rate(number, spent)
        self.at.decaying = self.plan.schedule.decays(number, spent)
        loss = self.updating.step(number, rate)
        now = self.place.clock()
        self.took.append(now - self.stepped)
        self.stepped = now
        self.at.step, self.at.seconds = number, self.seconds()
        self.at.tokens += self.plan.batch * self.plan.length
        return Step(number, loss, rate, self.at.seconds)

    def evaluate(self) -> Iterator[Evaluated]:
        started = self.place.clock()
        with autocast(self.device, FORMATS[self.plan.precision]):
            found = held_out(self.network, self.data.held_out, self.plan, self.at.step)
        self.looking_took = max(self.looking_took, self.place.clock() - started)
        yield from found

    def pace(self) -> Iterator[Noted]:
        if len(self.took) != SETTLING or self.plan.schedule.minutes is None:
            return
        each = max(self.typical(), 1e-9)
        left = max(0.0, 60 * self.plan.schedule.minutes - self.seconds())
        tokens = self.plan.batch * self.plan.length
        yield Noted(
            f"About {tokens / each:,.0f} tokens a second: {self.at.step + left / each:,.0f} steps,"
            f" {(self.at.tokens + tokens * left / each) / 1e6:,.1f} million tokens in all."
        )

    def keep_before_decay(self) -> None:
        seconds = self.seconds() + self.ending_takes
        if not self.at.decaying and self.plan.schedule.decays(self.at.step + 1, seconds):
            self.keep(checkpoint.LEVEL)

    def keep_now_and_then(self) -> None:
        if self.place.clock() - self.kept >= 60 * self.plan.checkpoint_minutes:
            self.keep(checkpoint.LATEST)

    def keep(self, name: str) -> None:
        started = self.place.clock()
        self.at.seconds = self.seconds()
        checkpoint.write(self.place.folder / name, self.at, self.state)
        self.kept = self.place.clock()
        self.keeping_took = max(self.keeping_took, self.kept - started)

    def ended(self, stopped: bool) -> Finished | Stopped:
        seconds = self.seconds()
        facts = {
            "step": self.at.step,
            "best_step": self.at.step,
            "seconds": seconds,
            "peak_bytes": peak_bytes(self.device),
            "adapter_bytes": (self.place.folder / checkpoint.LATEST).stat().st_size,
            "steps_per_second": self.at.step / seconds if seconds else 0.0,
        }
        return Stopped(**facts) if stopped else Finished(**facts, early=False)
