"""Finished runs as tasks, grouped by the base they share, with the bytes each takes."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from playground.comparisons.question import run_names
from playground.comparisons.results import Base, TaskCard
from playground.events import Started
from playground.runs import log
from playground.runs.files import folder_bytes
from playground.runs.record import Record
from playground.runs.store import Store
from playground.serving import mixable

BYTES = 4  # of a number


def cards_by_base(store: Store, run_ids: Sequence[str], owner: str) -> tuple[Base, ...]:
    """The owner's finished runs and those of `run_ids`, by their base, the newest first."""
    own = [run for run in store.own(owner) if run.usable]
    known = {run.id for run in own}
    others = [store.visible(id, owner) for id in run_ids if id not in known]
    runs = (*own, *(run for run in others if run.usable))
    cards: dict[str, list[TaskCard]] = {}
    sizes: dict[str, int] = {}
    for run, name in zip(runs, run_names(runs), strict=True):
        model = run.spec.model
        cards.setdefault(model, []).append(_card(run, name))
        sizes[model] = max(sizes.get(model, 0), BYTES * _parameters(run.folder))
    return tuple(Base(model, sizes[model], tuple(own)) for model, own in cards.items())


def _card(run: Record, name: str) -> TaskCard:
    return TaskCard(
        run_id=run.id,
        name=name,
        method=run.spec.method,
        columns=run.spec.task.text_columns,
        labels=run.spec.task.labels,
        data=run.about.table,
        bytes=folder_bytes(run.folder / "adapter"),
        mixable=mixable(run.spec.method),
    )


@lru_cache(maxsize=1_024)
def _parameters(folder: Path) -> int:
    """Of the base, as a finished run said when it began; 0 where it never did."""
    started = [event for event in log.everything(folder) if isinstance(event, Started)]
    return started[-1].parameters if started else 0
