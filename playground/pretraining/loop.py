"""The training loop: every step an event, and nothing but events."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

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
from playground.pretraining.sitting import Sitting
from playground.pretraining.updating import FORMATS, Updating, optimiser_for
from playground.pretraining.windows import Packed


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
        yield run.step()
        if told := run.sitting.pace(plan.schedule, run.at.step, plan.batch * plan.length):
            yield Noted(told)
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
    sitting: Sitting
    kept: float = 0.0  # when the state was last kept, by the clock

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
        losses = losses_of(network, plan.compiled, plan.length)
        updating = Updating(network, plan, batches, losses, optimiser)
        state = State(network, optimiser)
        at = resume(state, plan, place)
        sitting = Sitting(place, at.seconds)
        return _Run(network, data, plan, place, state, updating, at, sitting, place.clock())

    @property
    def device(self) -> torch.device:
        return self.network.device

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

    def over(self) -> bool:
        done = self.sitting.seconds_with_end() + self.sitting.step_takes()
        return self.plan.schedule.over(self.at.step + 1, done)

    def step(self) -> Step:
        """One update. The rate is that of the schedule, which has to leave time for the end."""
        number, schedule = self.at.step + 1, self.plan.schedule
        spent = self.sitting.seconds_with_end()
        rate, decays = schedule.rate(number, spent), schedule.decays(number, spent)
        if decays and not self.at.decaying:
            self.keep(checkpoint.LEVEL)
        self.at.decaying = decays
        loss = self.updating.step(number, rate)
        self.sitting.step_done()
        self.at.step, self.at.seconds = number, self.sitting.seconds()
        self.at.tokens += self.plan.batch * self.plan.length
        return Step(number, loss, rate, self.at.seconds)

    def evaluate(self) -> Iterator[Evaluated]:
        started = self.place.clock()
        with autocast(self.device, FORMATS[self.plan.precision]):
            found = held_out(self.network, self.data.held_out, self.plan, self.at.step)
        self.sitting.looking = max(self.sitting.looking, self.place.clock() - started)
        yield from found

    def keep_now_and_then(self) -> None:
        if self.place.clock() - self.kept >= 60 * self.plan.checkpoint_minutes:
            self.keep(checkpoint.LATEST)

    def keep(self, name: str) -> None:
        started = self.place.clock()
        self.at.seconds = self.sitting.seconds()
        checkpoint.write(self.place.folder / name, self.at, self.state)
        self.kept = self.place.clock()
        self.sitting.keeping = max(self.sitting.keeping, self.kept - started)

    def ended(self, stopped: bool) -> Finished | Stopped:
        seconds = self.sitting.seconds()
        end = Stopped(
            step=self.at.step,
            best_step=self.at.step,
            seconds=seconds,
            peak_bytes=peak_bytes(self.device),
            adapter_bytes=(self.place.folder / checkpoint.LATEST).stat().st_size,
            steps_per_second=self.at.step / seconds if seconds else 0.0,
        )
        return end if stopped else Finished(**asdict(end), early=False)


def resume(state: State, plan: Plan, place: Place) -> Position:
    """Put the latest state back; that from before the decay when, by the plan as it is now, the
    decay is not to begin yet. Returns where the training is: at its beginning, if none was kept."""
    file, level = place.folder / checkpoint.LATEST, place.folder / checkpoint.LEVEL
    found = checkpoint.read_position(file)
    if found is None:
        return Position()
    too_early = not plan.schedule.decays(found.step, found.seconds)
    if found.decaying and too_early and (before := checkpoint.read_position(level)):
        file, found = level, before
    checkpoint.restore(file, state)
    return found
