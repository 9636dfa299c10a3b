"""The cost table: what each run costs, next to the full copy of its base that it replaces."""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.comparisons.arms import run_adapter
from playground.comparisons.cost_rows import CostRow, Timed, full_copy, run_row, with_times
from playground.comparisons.question import run_names, usable
from playground.inference.client import BULK, InferenceClient
from playground.inference.requests import Row, RunAdapter, TimeAnswers
from playground.runs.fingerprint import fingerprint
from playground.runs.record import Record
from playground.runs.store import Store, read_examples

ROWS = 24  # held-out examples whose answers are timed
KEPT = 256  # timings remembered


@dataclass(frozen=True)
class Group:
    """Runs that one full copy would stand for: of the same base, for the same task."""

    runs: tuple[Record, ...]
    names: tuple[str, ...]

    @property
    def adapters(self) -> tuple[RunAdapter, ...]:
        return tuple(run_adapter(run) for run in self.runs)

    @property
    def keys(self) -> tuple[str, ...]:
        """Of its runs; other ones when an adapter or the base has changed."""
        base = fingerprint(self.runs[0].spec.model)
        return tuple(f"{base} {one.run_id} {one.content}" for one in self.adapters)

    @property
    def request(self) -> TimeAnswers:
        """To time their answers on held-out examples of theirs."""
        spec = self.runs[0].spec
        rows = _held_out(self.runs[0])
        return TimeAnswers(spec.task, self.adapters, rows, model=spec.model)


class CostTable:
    """Reads what runs have cost, and has the inference worker time their answers."""

    def __init__(self, store: Store, client: InferenceClient) -> None:
        self.store = store
        self.client = client
        self._timings: OrderedDict[tuple[str, ...], Timed] = OrderedDict()  # by keys of a group
        self._lock = threading.Lock()

    def rows(self, run_ids: Sequence[str], owner: str) -> list[CostRow]:
        """The full copy for each base and task, and after it the runs it would stand for.

        Their answers' times are there where they were taken together and no run has changed since.
        Raises UserError for a run that has learnt nothing yet.
        """
        found: list[CostRow] = []
        for group in self._groups(run_ids, owner):
            timed = self._timed(group.keys)
            found.append(full_copy(group.runs[0], timed.timings if timed else None))
            for run, name, key in zip(group.runs, group.names, group.keys, strict=True):
                row = run_row(run, name)
                found.append(with_times(row, timed, timed.runs[key]) if timed else row)
        return found

    def time(
        self, run_ids: Sequence[str], owner: str, progress: Callable[[int], None]
    ) -> list[CostRow]:
        """The same rows with the times, taken anew on held-out examples of the runs; some seconds,
        letting whoever asks go first. progress: answers timed in each way, for one full copy after
        the other.
        """
        for group in self._groups(run_ids, owner):
            timings = self.client.submit(group.request, BULK, progress).result()
            timed = Timed(timings, dict(zip(group.keys, timings.runs, strict=True)))
            with self._lock:
                self._timings[group.keys] = timed
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
        return [
            Group(tuple(run for run, _ in members), tuple(name for _, name in members))
            for members in groups.values()
        ]

    def _timed(self, keys: tuple[str, ...]) -> Timed | None:
        """The latest of these runs together, with or without others."""
        with self._lock:
            known = [one for timed, one in self._timings.items() if set(keys) <= set(timed)]
        return known[-1] if known else None


def _held_out(run: Record) -> tuple[Row, ...]:
    labelled, held_out = read_examples(run.folder)
    return tuple(example.row for example in (held_out or labelled)[:ROWS])
