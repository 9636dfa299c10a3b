"""Every task by its name, with the weak labellers that some of them need."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from playground.errors import UserError
from playground.pretraining.mixture import (
    articles,
    cloze,
    coherence,
    dialogues,
    emotions,
    induction,
    intents,
    opinions,
    queries,
    sentiment,
    spelling,
    transforms,
    words,
)
from playground.pretraining.mixture.task import Task
from playground.pretraining.mixture.world import Labeller

_GROUPS = (sentiment, opinions, emotions, intents, queries, articles, dialogues, coherence, cloze,
           words, spelling, transforms, induction)  # fmt: skip
TASKS: Mapping[str, Task] = {task.name: task for group in _GROUPS for task in group.TASKS}
LABELLERS: Mapping[str, Labeller] = {
    name: labeller
    for group in (sentiment, queries, articles, dialogues, cloze)
    for name, labeller in group.LABELLERS.items()
}


def tasks_by_type() -> dict[str, int]:
    """How many tasks there are of each type."""
    return dict(Counter(task.type for task in TASKS.values()))


def without(types: Iterable[str]) -> tuple[str, ...]:
    """The names of all tasks but those of some types: what a study with held-out types trains on.

    Raises UserError naming a type that no task has.
    """
    left_out = set(types)
    if unknown := left_out - set(tasks_by_type()):
        raise UserError(_unknown_type(unknown))
    return tuple(name for name, task in TASKS.items() if task.type not in left_out)


def emphasised(tasks: Iterable[Task], times: Mapping[str, float]) -> tuple[Task, ...]:
    """The tasks with the weight of some types multiplied. times: type -> factor.

    Raises UserError for a factor that is not above 0, and for a type that no task has.
    """
    if unknown := set(times) - set(tasks_by_type()):
        raise UserError(_unknown_type(unknown))
    if wrong := [f"{name}={factor:g}" for name, factor in times.items() if not 0 < factor < 1e6]:
        raise UserError(f"A type can count more or less often, not {', '.join(wrong)} times.")
    return tuple(replace(task, weight=task.weight * times.get(task.type, 1.0)) for task in tasks)


def _unknown_type(unknown: Iterable[str]) -> str:
    return (
        f"No task is of the type {', '.join(sorted(unknown))}. The types are:"
        f" {', '.join(sorted(tasks_by_type()))}."
    )


def chosen(names: Sequence[str] | None) -> tuple[Task, ...]:
    """The tasks of these names, all by default. Raises UserError naming what is no task."""
    if names is None:
        return tuple(TASKS.values())
    if unknown := [name for name in names if name not in TASKS]:
        raise UserError(
            f"No task is called {', '.join(unknown)}. The tasks are: {', '.join(TASKS)}."
        )
    if not names:
        raise UserError("The mixture needs a task at least. Name one, or leave the choice out.")
    return tuple(TASKS[name] for name in names)
