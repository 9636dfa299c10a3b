"""The ledger: what each run costs, next to the full copy of its base that it replaces."""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from playground.comparisons.arms import ArmPlan
from playground.comparisons.question import run_names, usable
from playground.errors import UserError
from playground.events import Finished, Started, Stopped
from playground.inference.client import Asker
from playground.inference.requests import BULK
from playground.runs import log
from playground.runs.files import folder_bytes
from playground.runs.fingerprint import fingerprint
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
    """What a run costs; or, with the run_id "", what a full copy of its base for its task would.

    name: of the run; of a full copy, that of the data. share: of the base's parameters.
    bytes: on disk; of a full copy, four for each number.
    peak_bytes, seconds_per_step: of training; None for the full copy, which was not trained.
    answer, merged: milliseconds for one answer, with the run's adapter beside the base and folded
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


@dataclass(frozen=True)
class Group:
    """Runs that one full copy would stand for: of the same base, for the same task."""

    runs: tuple[Record, ...]
    names: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Of its runs; other ones when an adapter or the base has changed."""
        base = fingerprint(self.runs[0].spec.model)
        return tuple(f"{base} {one['id']} {one['content']}" for one in self.job(())["runs"])

    def job(self, rows: Sequence[dict[str, str]]) -> dict[str, Any]:
        """What the asking process has to know to time their answers to these rows."""
        spec = self.runs[0].spec
        jobs = [ArmPlan("", spec.task, spec.model, (), run, (), "").job(rows) for run in self.runs]
        return {**jobs[0], "runs": [job["run"] for job in jobs]}


class Ledger:
    """Reads what runs have cost, and has the asking process time their answers."""

    def __init__(self, store: Store, asker: Asker) -> None:
        self.store = store
        self.asker = asker
        self._timings: OrderedDict[tuple[str, ...], Timing] = OrderedDict()  # by keys of a group
        self._lock = threading.Lock()

    def rows(self, run_ids: Sequence[str], owner: str) -> list[LedgerRow]:
        """The full copy for each base and task, and after it the runs it would stand for.

        Their answers' times are there where they were taken together and no run has changed since.
        Raises UserError for a run that has learnt nothing yet.
        """
        found: list[LedgerRow] = []
        for group in self._groups(run_ids, owner):
            timing = self._timing(group.keys)
            found.append(_full_copy(group.runs[0], timing))
            for run, name, key in zip(group.runs, group.names, group.keys, strict=True):
                row = _row(run, name)
                found.append(_timed(row, timing, timing["runs"][key]) if timing else row)
        return found

    def time(
        self, run_ids: Sequence[str], owner: str, progress: Callable[[int], None]
    ) -> list[LedgerRow]:
        """The same rows with the times, taken anew on held-out examples of the runs; some seconds,
        letting whoever asks go first. progress: answers timed in each way, for one full copy after
        the other.
        """
        for group in self._groups(run_ids, owner):
            job = group.job(_held_out(group.runs[0]))
            timing = self.asker.submit("time_answers", job, BULK, progress).result()
            timing["runs"] = dict(zip(group.keys, timing["runs"], strict=True))
            with self._lock:
                self._timings[group.keys] = timing
                self._timings.move_to_end(group.keys)
                while len(self._timings) > KEPT:
                    self._timings.popitem(last=False)
        return self.rows(run_ids, owner)

    def _groups(self, run_ids: Sequence[str], owner: str) -> list[Group]:
        runs = tuple(usable(self.store.visible(id, owner)) for id in dict.fromkeys(run_ids))
        groups: dict[str, list[tuple[Record, str]]] = {}
        for run, name in zip(runs, run_names(runs), strict=True):
            key = json.dumps([run.spec.model, run.spec.task.to_json()])
            groups.setdefault(key, []).append((run, name))
        return [Group(*zip(*members, strict=True)) for members in groups.values()]

    def _timing(self, keys: tuple[str, ...]) -> Timing | None:
        """The latest of these runs together, with or without others."""
        with self._lock:
            known = [one for timed, one in self._timings.items() if set(keys) <= set(timed)]
        return known[-1] if known else None


def _held_out(run: Record) -> list[dict[str, str]]:
    labelled, held_out = read_examples(run.folder)
    return [example.row for example in (held_out or labelled)[:ROWS]]


def _start(run: Record) -> Started:
    """When it last began: what trains, and of what."""
    return _latest(run, (Started,))


def _latest(run: Record, kinds: tuple[type, ...]) -> Any:
    """The last event of these kinds. Raises UserError where the log, damaged, has none."""
    found = [event for event in log.everything(run.folder) if isinstance(event, kinds)]
    if not found:
        raise UserError(
            f"The log of the run {run.name!r} is damaged and does not say what it cost. Leave it"
            " out, or start it anew."
        )
    return found[-1]


def _row(run: Record, name: str) -> LedgerRow:
    started, ended = _start(run), _latest(run, (Finished, Stopped))
    return LedgerRow(
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


def _timed(row: LedgerRow, timing: Timing, own: Timing) -> LedgerRow:
    return replace(
        row,
        answer=_measured(own, "unmerged"),
        merged=_measured(own, "merged"),
        answer_ratio=_measured(own, "unmerged_ratio"),
        merged_ratio=_measured(own, "merged_ratio"),
        not_mergeable=own["not_mergeable"],
        repeats=timing["repeats"],
    )


def _full_copy(run: Record, timing: Timing | None) -> LedgerRow:
    """What prompt-based fine-tuning of this run's base would train and keep for its task."""
    parameters = _start(run).parameters
    return LedgerRow(
        run_id="",
        name=run.about.table,
        model=run.spec.model,
        method="",
        trainable=parameters,
        share=1.0,
        bytes=BYTES * parameters,
        answer=_measured(timing, "full") if timing else None,
        repeats=timing["repeats"] if timing else 0,
    )


def _measured(timing: Timing, what: str) -> Measured | None:
    return Measured(*timing[what]) if what in timing else None
