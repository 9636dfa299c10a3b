"""The training loop: every step an event, and nothing but events."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

import torch

from playground import limits
from playground.events import Evaluated, Event, Finished, Noted, Started, Stopped
from playground.methods.common.hooks import hooks_of
from playground.models.devices import device_name, peak_bytes
from playground.models.language_model import LanguageModel
from playground.optim import precision
from playground.training import checkpoint
from playground.training.batches import Batches
from playground.training.checkpoint import Learnt, Position
from playground.training.evaluating import accuracy_and_loss, standard_error, subset
from playground.training.plan import Plan, TrainingData
from playground.training.updating import Updating

SHARE_SPENT_KEEPING = 0.05  # of the time, at most, goes into checkpoints


def train(
    network: torch.nn.Module,
    model: LanguageModel,
    data: TrainingData,
    plan: Plan,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Train what requires a gradient in `network`, which a method built on `model`.

    Yields Loading while the method prepares, Started, then Step after every update, Evaluated after
    the first and every so often, Noted when something is worth saying; last Finished, or Stopped
    once `stop()` is true between two steps, or in a pause of the preparation, after which the run
    begins anew. Both leave the network with the latest weights that were not clearly worse on the
    validation part than others before, or simply the latest where there is none, and adapter_bytes
    for whoever saves it to fill in.

    Goes on from the state in plan.checkpoint; on a CPU the curve is then bit for bit that of a run
    that was never interrupted. Raises UserError when not even one example fits into memory.
    """
    run = _Run.begin(network, model, data, plan)
    prepared = run.goes_on or (yield from run.updating.prepare(stop))
    yield run.started()
    stopped = not prepared
    while prepared and run.at.step < plan.steps and not run.out_of_patience:
        if stopped := stop():
            break
        yield from run.updating.step()
        if plan.evaluates(run.at.step):
            yield from run.evaluate(("validation", "held_out"))
        elif run.at.step == 1:
            yield from run.evaluate(("held_out",))
        run.keep_now_and_then()
    if stopped and prepared:  # else there is nothing to go on from
        run.keep()  # the latest state, not the best: from it training goes on
    run.put_best_back()
    yield run.ended(stopped)


@dataclass
class _Run:
    """One training under way."""

    network: torch.nn.Module
    model: LanguageModel
    data: TrainingData
    plan: Plan
    learnt: Learnt
    at: Position
    updating: Updating
    goes_on: bool = False  # from a state that was kept, be it that of no step
    resumed_from: int = 0
    kept: float = 0.0  # when the state was last kept, by time.monotonic()
    keeping_took: float = 0.0  # seconds
    told: bool = False  # that evaluation takes a slow way

    @staticmethod
    def begin(
        network: torch.nn.Module, model: LanguageModel, data: TrainingData, plan: Plan
    ) -> "_Run":
        batches = Batches.of(model, network, data, plan.batch_size, plan.seed)
        weights = {name: p for name, p in network.named_parameters() if p.requires_grad}
        optimiser = torch.optim.AdamW(
            weights.values(), lr=plan.learning_rate, weight_decay=plan.weight_decay, fused=True
        )
        at = Position(plan.precision, plan.batch_size)
        learnt = Learnt(weights, optimiser, {}, hooks_of(network).state)
        updating = Updating(network, model.device, plan, batches, learnt, at)
        run = _Run(network, model, data, plan, learnt, at, updating, kept=time.monotonic())
        torch.manual_seed(plan.seed)
        network.train()
        if plan.checkpoint and (kept := checkpoint.read_position(plan.checkpoint)):
            checkpoint.restore(plan.checkpoint, learnt)
            run.at = updating.at = kept
            run.goes_on, run.resumed_from = True, kept.step
        elif plan.precision == "auto":
            at.precision = precision.choose(network, model.device, updating.try_out)
        return run

    @property
    def out_of_patience(self) -> bool:
        return self.at.waited >= self.plan.patience

    def started(self) -> Started:
        return Started(
            time=time.time(),
            steps=self.plan.steps,
            train=len(self.data.train),
            validation=len(self.data.validation),
            held_out=len(self.data.held_out),
            labels=len(self.data.words.labels),
            trainable=sum(weight.numel() for weight in self.learnt.weights.values()),
            parameters=self.model.parameters,
            device=device_name(self.model.device),
            dtype=precision.described(self.at.precision),
            resumed_from=self.resumed_from,
        )

    def evaluate(self, parts: Sequence[str]) -> Iterator[Evaluated | Noted]:
        """Validation, which may stop the run, and held-out, which only ever is looked at."""
        for part in parts:
            chosen = subset(getattr(self.data, part), limits.LIVE_HELD_OUT, self.plan.seed)
            if chosen:
                found, slow = accuracy_and_loss(
                    self.model, self.network, self.data.task, chosen, self.plan.objective
                )
                if slow and not self.told:
                    self.told = True
                    yield Noted(slow)
                if part == "validation":
                    self._compare(found)
                yield replace(found, step=self.at.step, part=part)

    def keep_now_and_then(self) -> None:
        """Every few seconds, and seldom where writing takes long."""
        since = time.monotonic() - self.kept
        pause = max(self.plan.checkpoint_seconds, self.keeping_took / SHARE_SPENT_KEEPING)
        if since >= pause:
            self.keep()

    def keep(self) -> None:
        if self.plan.checkpoint is None:
            return
        started = time.monotonic()
        checkpoint.write(self.plan.checkpoint, self.at, self.learnt)
        self.kept = time.monotonic()
        self.keeping_took = self.kept - started

    def put_best_back(self) -> None:
        with torch.no_grad():
            for name, tensor in self.learnt.best.items():
                self.learnt.weights[name].copy_(tensor)
        self.network.eval()

    def ended(self, stopped: bool) -> Finished | Stopped:
        step, seconds = self.at.step, self.at.seconds
        end = Stopped(
            step=step,
            best_step=self.at.best_step or step,
            seconds=seconds,
            peak_bytes=peak_bytes(self.model.device),
            adapter_bytes=0,
            steps_per_second=step / seconds if seconds else 0.0,
        )
        return end if stopped else Finished(**asdict(end), early=step < self.plan.steps)

    def _compare(self, found: Evaluated) -> None:
        """Keep the latest weights that are not clearly worse than the best so far.

        Clearly: by more than one standard error of the best (the rule of Breiman et al. 1984,
        section 3.4.3). A validation part of few examples is a noisy judge; taking its peak at its
        word threw good training away.
        """
        self.at.best = max(self.at.best, found.accuracy)
        if found.accuracy < self.at.best - standard_error(self.at.best, found.n):
            self.at.waited += 1
            return
        self.at.best_step, self.at.waited = self.at.step, 0
        self.learnt.best = {
            name: weight.detach().to("cpu", copy=True)
            for name, weight in self.learnt.weights.items()
        }
