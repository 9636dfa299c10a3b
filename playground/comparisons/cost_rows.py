"""One row of the cost table: what a run has cost, read off its folder, with its answers' times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from playground.errors import UserError
from playground.events import Finished, Started, Stopped
from playground.inference.replies import AnswerTimings, Measured, RunTiming
from playground.runs import log
from playground.runs.files import folder_bytes
from playground.runs.record import Record

BYTES = 4  # of a number of a full copy, which is kept in float32
EventT = TypeVar("EventT")


@dataclass(frozen=True)
class Timed:
    """Answers timed together. runs: each by its key in `Group.keys`."""

    timings: AnswerTimings
    runs: dict[str, RunTiming]


@dataclass(frozen=True)
class CostRow:
    """What a run costs; or, with the run_id "", what a full copy of its base for its task would.

    name: of the run; of a full copy, that of the data. share: of the base's parameters.
    bytes: on disk; of a full copy, four for each number.
    peak_bytes, seconds_per_step: of training; None for the full copy, which was not trained.
    answer, merged: milliseconds for one answer, with the run's adapter beside the base and merged
        into it; None until all rows under one full copy were timed together.
    answer_ratio, merged_ratio: how many times the full copy's, from answers timed in turn.
    not_mergeable: why there is no merged answer, once that is known. repeats: answers timed.
    """

    run_id: str
    name: str
    model: str
    method: str
    trainable: int
    share: float
    bytes: int
    peak_bytes: int | None = None
    seconds_per_step: float | None = None
    answer: Measured | None = None
    merged: Measured | None = None
    answer_ratio: Measured | None = None
    merged_ratio: Measured | None = None
    not_mergeable: str = ""
    repeats: int = 0


def _start(run: Record) -> Started:
    """When it last began: what trains, and of what."""
    found = [event for event in log.everything(run.folder) if isinstance(event, Started)]
    return _last(run, found)


def _end(run: Record) -> Finished | Stopped:
    found = [event for event in log.everything(run.folder) if isinstance(event, Finished | Stopped)]
    return _last(run, found)


def _last(run: Record, events: Sequence[EventT]) -> EventT:
    """Raises UserError where the log, damaged, has none."""
    if not events:
        raise UserError(
            f"The log of the run {run.name!r} is damaged and does not say what it cost. Leave it"
            " out, or start it anew."
        )
    return events[-1]


def run_row(run: Record, name: str) -> CostRow:
    started, ended = _start(run), _end(run)
    return CostRow(
        run_id=run.id,
        name=name,
        model=run.spec.model,
        method=run.spec.method,
        trainable=started.trainable,
        share=started.trainable / max(1, started.parameters),
        bytes=folder_bytes(run.folder / "adapter"),
        peak_bytes=ended.peak_bytes,
        seconds_per_step=ended.seconds / ended.step if ended.step else None,
    )


def with_times(row: CostRow, timed: Timed, own: RunTiming) -> CostRow:
    return replace(
        row,
        answer=own.unmerged,
        merged=own.merged,
        answer_ratio=own.unmerged_ratio,
        merged_ratio=own.merged_ratio,
        not_mergeable=own.not_mergeable,
        repeats=timed.timings.repeats,
    )


def full_copy(run: Record, timings: AnswerTimings | None) -> CostRow:
    """What prompt-based fine-tuning of this run's base would train and keep for its task."""
    parameters = _start(run).parameters
    return CostRow(
        run_id="",
        name=run.about.table,
        model=run.spec.model,
        method="",
        trainable=parameters,
        share=1.0,
        bytes=BYTES * parameters,
        answer=timings.full if timings else None,
        repeats=timings.repeats if timings else 0,
    )
