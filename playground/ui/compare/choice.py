"""What is compared at the moment: which runs, on which examples."""

from dataclasses import dataclass, replace

from playground.comparisons.question import Question, run_names
from playground.runs.record import Record
from playground.tasks.classification import Task
from playground.ui.components.wiring import Inputs
from playground.ui.session.selection import Selection, read_selection, visible_runs
from playground.ui.session.shared import Shared


@dataclass(frozen=True)
class Chosen:
    """What is compared now: the selection, the open runs that can be compared, and those still to
    come."""

    selection: Selection
    runs: tuple[Record, ...]
    waiting: tuple[Record, ...]

    @property
    def task(self) -> Task:
        return self.runs[0].spec.task if self.runs else self.selection.task

    @property
    def methods(self) -> dict[str, str]:
        """The method of each run, by the name of its arm."""
        names = run_names(self.runs)
        return {name: run.spec.method for name, run in zip(names, self.runs, strict=True)}

    def fits(self, run: Record) -> bool:
        """Whether a run may stand in this comparison."""
        return _alike(run, self.runs[0]) if self.runs else self.selection.matches(run)

    def question(
        self, shots: tuple[int, ...], draw: int, nearest: tuple[int, ...] = ()
    ) -> Question:
        """These runs, prompting with so many demonstrations of this draw, and with so many chosen
        for every text, and the baseline."""
        if not self.runs:
            return replace(self.selection.question(shots, draw), nearest=nearest)
        ids, owner = tuple(run.id for run in self.runs), self.selection.owner
        return Question(ids, shots, draw, owner=owner, baseline=True, nearest=nearest)


def choose(shared: Shared, inputs: Inputs) -> Chosen:
    """The open runs that have learnt something and were given what the first of them was."""
    selection = read_selection(shared, inputs)
    opened = visible_runs(shared.playground, inputs[shared.selected_runs], selection.owner)
    usable = [run for run in opened if run.usable]
    runs = tuple(run for run in usable if _alike(run, usable[0]))
    return Chosen(selection, runs, tuple(run for run in opened if not run.over))


def _alike(run: Record, other: Record) -> bool:
    """Whether two runs were given the same labels and examples."""
    ours, theirs = run.spec, other.spec
    same = (ours.labels_per_class, ours.seed) == (theirs.labels_per_class, theirs.seed)
    return same and run.about == other.about and ours.task.labels == theirs.task.labels
