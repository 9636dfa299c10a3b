"""What a visitor has chosen to work on, as one value for the API."""

from dataclasses import dataclass, replace

from gradio.blocks import Block

from playground.api import Playground
from playground.comparisons.question import Question
from playground.data.table import Table
from playground.errors import UserError
from playground.runs.record import Record
from playground.runs.spec import RunSpec, Value
from playground.tasks.classification import Task
from playground.ui.components.wiring import Inputs
from playground.ui.session import visitor
from playground.ui.session.shared import Shared


@dataclass(frozen=True)
class Selection:
    """The examples, the task and the model; `owner` is the visitor's token. labels_per_class: None
    for all."""

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

    def matches(self, run: Record) -> bool:
        """Whether a run was made on this very selection, so that it may be compared here."""
        theirs = replace(run.spec, method="", settings={}, name="")
        ours = replace(self.spec(), method="", settings={})
        return ours == theirs and self.table.name == run.about.table


def selection_inputs(shared: Shared) -> set[Block]:
    """What `read_selection` reads."""
    return {
        shared.owner,
        shared.table_state,
        shared.task_state,
        shared.labels_per_class,
        shared.seed,
        shared.model_id,
        shared.selected_runs,
    }


def read_selection(shared: Shared, inputs: Inputs) -> Selection:
    """The visitor's. UserError when their data is gone or the seed is no whole number."""
    return Selection(
        owner=visitor.owner(inputs[shared.owner]),
        table=shared.tables.get(inputs[shared.table_state]),
        task=Task.from_json(inputs[shared.task_state]),
        labels_per_class=inputs[shared.labels_per_class],
        seed=whole(inputs[shared.seed]),
        model=inputs[shared.model_id],
    )


def whole(seed: object) -> int:
    """The seed itself. UserError when the field is empty or holds anything but a whole number."""
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise UserError(f"The seed is {seed!r}. Give it a whole number, 0 for example.")
    return seed


def visible_runs(playground: Playground, run_ids: list[str], owner: str) -> list[Record]:
    """Those of the runs that are still there and may be seen."""
    found = []
    for run_id in run_ids:
        try:
            found.append(playground.record(run_id, owner=owner))
        except UserError:
            continue
    return found
