"""What is compared at the moment: which runs, on which examples."""

from dataclasses import dataclass, replace

from playground.comparisons.question import Question, run_names
from playground.runs.record import Record
from playground.tasks.classification import Task
from playground.ui.session.selection import Given, Ground, ground, visible
from playground.ui.session.shared import Shared


@dataclass(frozen=True)
class Chosen:
    """What is compared now: the ground, the open runs that can be compared, those still to come."""

    ground: Ground
    runs: tuple[Record, ...]
    waiting: tuple[Record, ...]

    @property
    def task(self) -> Task:
        return self.runs[0].spec.task if self.runs else self.ground.task

    @property
    def methods(self) -> dict[str, str]:
        """The method of each run, by the name of its arm."""
        names = run_names(self.runs)
        return {name: run.spec.method for name, run in zip(names, self.runs, strict=True)}

    def fits(self, run: Record) -> bool:
        """Whether a run may stand in this comparison."""
        return _alike(run, self.runs[0]) if self.runs else self.ground.is_of(run)

    def question(
        self, shots: tuple[int, ...], draw: int, nearest: tuple[int, ...] = ()
    ) -> Question:
        """These runs, prompting with so many demonstrations of this draw, and with so many chosen
        for every text, and the baseline."""
        if not self.runs:
            return replace(self.ground.question(shots, draw), nearest=nearest)
        ids, owner = tuple(run.id for run in self.runs), self.ground.owner
        return Question(ids, shots, draw, owner=owner, baseline=True, nearest=nearest)


def choose(shared: Shared, given: Given) -> Chosen:
    """The open runs that have learnt something and were given what the first of them was."""
    here = ground(shared, given)
    opened = visible(shared.playground, given[shared.selected_runs], here.owner)
    usable = [run for run in opened if run.usable]
    runs = tuple(run for run in usable if _alike(run, usable[0]))
    return Chosen(here, runs, tuple(run for run in opened if not run.over))


def _alike(run: Record, other: Record) -> bool:
    """Whether two runs were given the same labels and examples."""
    ours, theirs = run.spec, other.spec
    same = (ours.labels_per_class, ours.seed) == (theirs.labels_per_class, theirs.seed)
    return same and run.about == other.about and ours.task.labels == theirs.task.labels
