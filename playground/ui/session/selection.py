"""What a visitor has chosen to work on, as one value for the API."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gradio.components import Component

from playground.api import Playground
from playground.comparisons.question import Question
from playground.data.table import Table
from playground.errors import UserError
from playground.runs.record import Record
from playground.runs.spec import RunSpec, Value
from playground.tasks.classification import Task
from playground.ui.session import visitor
from playground.ui.session.shared import Shared

Given = Mapping[Component, Any]  # what gradio hands to a callback whose inputs are a set


@dataclass(frozen=True)
class Ground:
    """The examples, the task and the model; `owner` is the visitor's token."""

    owner: str
    table: Table
    task: Task
    labels_per_class: int | None
    seed: int
    model: str

    def spec(self, method: str = "lora", settings: dict[str, Value] | None = None) -> RunSpec:
        return RunSpec(
            task=self.task,
            model=self.model,
            method=method,
            settings=settings or {},
            labels_per_class=self.labels_per_class,
            seed=self.seed,
        )

    def question(self, shots: tuple[int, ...], seed: int = 0) -> Question:
        """Prompting arms and the baseline on these examples, without any run."""
        return Question(
            shots=shots,
            seed=seed,
            spec=self.spec(),
            table=self.table,
            owner=self.owner,
            baseline=True,
        )

    def is_of(self, run: Record) -> bool:
        """Whether a run was made on this very ground, so that it may be compared here."""
        theirs = replace(run.spec, method="", settings={}, name="")
        ours = replace(self.spec(), method="", settings={})
        return ours == theirs and self.table.name == run.about.table


def inputs(shared: Shared) -> set[Component]:
    """What `ground` reads."""
    return {
        shared.owner,
        shared.table_state,
        shared.task_state,
        shared.labels_per_class,
        shared.seed,
        shared.model_id,
        shared.selected_runs,
    }


def ground(shared: Shared, given: Given) -> Ground:
    """UserError when the data is no longer there or the seed is not a whole number."""
    return Ground(
        owner=visitor.owner(given[shared.owner]),
        table=shared.tables.get(given[shared.table_state]),
        task=Task.from_json(given[shared.task_state]),
        labels_per_class=given[shared.labels_per_class],
        seed=whole(given[shared.seed]),
        model=given[shared.model_id],
    )


def whole(seed: object) -> int:
    """The seed itself. UserError when the field is empty or holds anything but a whole number."""
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise UserError(f"The seed is {seed!r}. Give it a whole number, 0 for example.")
    return seed


def visible(playground: Playground, run_ids: list[str], owner: str) -> list[Record]:
    """Those of the runs that are still there and may be seen."""
    found = []
    for run_id in run_ids:
        try:
            found.append(playground.record(run_id, owner=owner))
        except UserError:
            continue
    return found
