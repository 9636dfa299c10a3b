"""Carries a recipe out: stage after stage, stopped and resumed like a run of a single training."""

import time
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, replace

from playground.errors import UserError
from playground.events import (
    Evaluated,
    Event,
    Finished,
    StageFinished,
    StageStarted,
    Started,
    Step,
    Stopped,
)
from playground.recipes import Recipe
from playground.recipes.bench import DONE, Bench, Sizes, overlap
from playground.recipes.stage import Cost, Outcome, Stage


def cost(recipe: Recipe, sizes: Sizes) -> Cost:
    """Of all stages, before anything is done; never less than what is done then."""
    return sum((stage.cost for stage in recipe.stages(sizes)), Cost())


def carry_out(recipe: Recipe, bench: Bench) -> Iterator[Event]:
    """Do what is left of a recipe.

    Yields StageStarted and StageFinished around every stage, between them what happens in it, with
    steps and seconds counted on over all of them; last Finished, or Stopped once bench.stop() is
    true, after which it goes on in the same folder where it was. Raises UserError for material that
    the recipe cannot use, or whose pool has held-out rows in it.
    """
    if shared := overlap(bench.material.pool, bench.material.held_out):
        raise UserError(
            f"{len(shared)} rows without a label are held out too, as row {shared[0] + 1}. Take"
            " them out of the one or the other: what is only asked about must not be learnt from."
        )
    stages = recipe.stages(bench.sizes)
    so_far = _SoFar(planned=cost(recipe, bench.sizes).steps)
    for number, stage in enumerate(stages, start=1):
        if noted := bench.done(number):
            so_far.passed(noted)
            continue
        if bench.stop():
            break
        yield StageStarted(number, len(stages), stage.title, time.time())
        done = yield from _stage(stage, number, bench, so_far)
        if not done:
            break
    yield so_far.end(stopped=bench.done(len(stages)) is None)


@dataclass
class _SoFar:
    """What the stages that are done have taken, all together."""

    planned: int  # steps, at most
    told: bool = False  # that training has started
    steps: int = 0
    seconds: float = 0.0
    peak_bytes: int = 0
    best_step: int = 0

    def passed(self, noted: dict[str, float]) -> None:
        """A stage that came to its end in an earlier sitting."""
        self.steps += int(noted["steps"])
        self.seconds += noted["seconds"]
        self.best_step, self.peak_bytes = int(noted["best"]), int(noted["peak"])

    def add(self, end: Finished | Stopped | None, seconds: float) -> None:
        """A stage that was at work now. end: of the training in it, None where there was none."""
        if end is not None:
            self.best_step = self.steps + end.best_step
            self.steps += end.step
            self.peak_bytes = max(self.peak_bytes, end.peak_bytes)
        self.seconds += seconds

    def shifted(self, event: Event) -> Event | None:
        """An event of the stage under way, counted on; None for one that is not to be told."""
        if isinstance(event, Step):
            return replace(
                event, step=self.steps + event.step, seconds=self.seconds + event.seconds
            )
        if isinstance(event, Evaluated):
            return replace(event, step=self.steps + event.step)
        if isinstance(event, Started):
            if self.told:
                return None
            self.told = True
            begun = self.steps + event.resumed_from
            return replace(event, steps=self.planned, resumed_from=begun)
        return event

    def end(self, stopped: bool) -> Finished | Stopped:
        end = Stopped(
            step=self.steps,
            best_step=self.best_step,
            seconds=self.seconds,
            peak_bytes=self.peak_bytes,
            adapter_bytes=0,
            steps_per_second=self.steps / self.seconds if self.seconds else 0.0,
        )
        return end if stopped else Finished(**asdict(end), early=self.steps < self.planned)


def _stage(stage: Stage, number: int, bench: Bench, so_far: _SoFar) -> Generator[Event, None, bool]:
    """The events of one stage; returns whether it came to its end, which is then noted."""
    began, work, end = time.monotonic(), stage.work(bench, number), None
    while True:
        try:
            event = next(work)
        except StopIteration as returned:
            outcome: Outcome = returned.value
            break
        if isinstance(event, Finished | Stopped):  # of a training in it, not of the recipe
            end = event
        elif (told := so_far.shifted(event)) is not None:
            yield told
    seconds = end.seconds if end else time.monotonic() - began
    so_far.add(end, seconds)
    if outcome.done:
        noted = {
            "steps": end.step if end else 0,
            "seconds": seconds,
            "best": so_far.best_step,
            "peak": so_far.peak_bytes,
        }
        bench.keep(number, DONE, {**noted, "said": outcome.said})
        yield StageFinished(number, outcome.said, seconds)
    return outcome.done
