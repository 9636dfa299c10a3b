"""The ledger: what each run costs, next to the full copy of its base that it replaces."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from playground.errors import UserError
from playground.events import Finished, Started, Stopped
from playground.runs import log
from playground.runs.arms import ArmPlan
from playground.runs.asker import BULK, Asker
from playground.runs.files import folder_bytes
from playground.runs.fingerprint import fingerprint
from playground.runs.question import run_names, usable
from playground.runs.record import Record
from playground.runs.store import Store, read_examples

BYTES = 4  # of a number of a full copy, which is kept in float32
ROWS = 24  # held-out examples whose answers are timed
KEPT = 256  # timings remembered
Timing = dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """A median and its 95 % interval."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class LedgerRow:
    """What a run costs; or, with the run_id "", what a full copy of its base would.

    share: of the base's parameters. bytes: on disk; of a full copy, four for each number.
    peak_bytes, seconds_per_step: of training; None for the full copy, which was not trained.
    answer, merged: milliseconds for one answer, with the run's adapter beside the base and folded
        into it; None until they were timed. The full copy's are those of the run timed last.
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


class Ledger:
    """Reads what runs have cost, and has the asking process time their answers."""

    def __init__(self, store: Store, asker: Asker) -> None:
        self.store = store
        self.asker = asker
        self._timings: OrderedDict[str, Timing] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, run_ids: Sequence[str], owner: str) -> list[LedgerRow]:
        """A full copy of each base, and after it the runs on that base, in the order asked.

        Their answers' times are there where they were taken before and the run is the same still.
        Raises UserError for a run that has learnt nothing yet.
        """
        runs = self._runs(run_ids, owner)
        by_base: dict[str, list[tuple[Record, str]]] = {}
        for run, name in zip(runs, run_names(runs), strict=True):
            by_base.setdefault(run.spec.model, []).append((run, name))
        found: list[LedgerRow] = []
        for model, members in by_base.items():
            keys = [_key(_job(run, ())) for run, _ in members]
            last = next((key for key in reversed(self._timings) if key in keys), "")
            found.append(_full_copy(model, _start(members[0][0]), self._timings.get(last)))
            for (run, name), key in zip(members, keys, strict=True):
                found.append(_row(run, name, self._timings.get(key)))
        return found

    def time(
        self, run_ids: Sequence[str], owner: str, progress: Callable[[int], None]
    ) -> list[LedgerRow]:
        """The same rows with the times, taken anew on each run's own held-out examples; some
        seconds a run, letting whoever asks go first. progress: answers timed of the present run.
        """
        for run in self._runs(run_ids, owner):
            job = _job(run, _rows(run))
            timing = self.asker.submit("time_answers", job, BULK, progress).result()
            with self._lock:
                self._timings[_key(job)] = timing
                self._timings.move_to_end(_key(job))
                while len(self._timings) > KEPT:
                    self._timings.popitem(last=False)
        return self.rows(run_ids, owner)

    def _runs(self, run_ids: Sequence[str], owner: str) -> tuple[Record, ...]:
        return tuple(usable(self.store.visible(id, owner)) for id in dict.fromkeys(run_ids))


def _job(run: Record, rows: Sequence[dict[str, str]]) -> dict[str, Any]:
    spec = run.spec
    return ArmPlan(run.name, spec.task, spec.model, (), run, (), "").job(rows)


def _key(job: dict[str, Any]) -> str:
    """Of a run's timing: another one when the adapter or the base has changed."""
    return f"{job['model']} {fingerprint(job['model'])} {job['run']['id']} {job['run']['content']}"


def _rows(run: Record) -> list[dict[str, str]]:
    labelled, held_out = read_examples(run.folder)
    if not held_out + labelled:
        raise UserError(f"The run {run.name!r} has no examples to ask about. Train another one.")
    return [example.row for example in (held_out or labelled)[:ROWS]]


def _start(run: Record) -> Started:
    """When it last began: what trains, and of what."""
    return next(one for one in reversed(log.everything(run.folder)) if isinstance(one, Started))


def _row(run: Record, name: str, timing: Timing | None) -> LedgerRow:
    started, events = _start(run), log.everything(run.folder)
    ended = next(event for event in reversed(events) if isinstance(event, Finished | Stopped))
    row = LedgerRow(
        run_id=run.id,
        name=name,
        model=run.spec.model,
        method=run.spec.method,
        trainable=started.trainable,
        share=started.trainable / started.parameters,
        bytes=folder_bytes(run.folder / "adapter"),
        peak_bytes=ended.peak_bytes,
        seconds_per_step=ended.seconds / ended.step if ended.step else None,
    )
    return row if timing is None else _timed(row, timing)


def _timed(row: LedgerRow, timing: Timing) -> LedgerRow:
    return replace(
        row,
        answer=_measured(timing, "unmerged"),
        merged=_measured(timing, "merged"),
        answer_ratio=_measured(timing, "unmerged_ratio"),
        merged_ratio=_measured(timing, "merged_ratio"),
        not_mergeable=timing["not_mergeable"],
        repeats=timing["repeats"],
    )


def _full_copy(model: str, started: Started, timing: Timing | None) -> LedgerRow:
    """What prompt-based fine-tuning would train and keep, for one task, of the base of a run."""
    return LedgerRow(
        run_id="",
        name="",
        model=model,
        method="",
        trainable=started.parameters,
        share=1.0,
        bytes=BYTES * started.parameters,
        answer=_measured(timing, "full") if timing else None,
        repeats=timing["repeats"] if timing else 0,
    )


def _measured(timing: Timing, what: str) -> Measured | None:
    return Measured(*timing[what]) if what in timing else None
