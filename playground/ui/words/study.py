"""What the folded study says beside its answer: every number comes from the figures."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from playground.evaluation.answers import RULES
from playground.evaluation.verdict import percent
from playground.studies.number_of_tasks import TEXT_ONLY, around, listed, network, tasks
from playground.studies.task_count import Study
from playground.ui.words.shell import counted

TITLE = "Study: does training on more tasks help zero-shot?"
LOADING = "Reading the figures …"
LOST = "The figures could not be fetched. Fold this and open it again."
MEAN = "Mean of all sets"
TASKS_AXIS = "training tasks"
POINTS = "points: single seeds; line: their mean"
DOTTED = "dotted: always giving the commonest label"
CAPTION = (
    "Share of the questions answered right: mean over the seeds, lowest to highest in brackets"
)
SET, CHANCE = "Held-out set", "Commonest label"
TASKS = "The tasks that were drawn"
COMMANDS = "To make it again"
COMMANDS_HELP = (
    "Capital letters stand for folders of one's own; BASE is a training on text"
    " (python -m playground.pretraining --help)."
)
TYPES = {  # as they are said; the others go by their names
    "emotion": "emotions",
    "banking": "intents",
    "intent": "intents",
    "snips": "intents",
    "question": "kinds of question",
}


def point(count: int, seed: int, right: float) -> str:
    return f"{tasks(count)}, seed {seed}: {percent(right)}"


def cell(right: Sequence[float]) -> str:
    """The mean over seeds, and from what to what; "–" where nothing was found."""
    if not right:
        return "–"
    mean = percent(fmean(right))
    return f"{mean} ({percent(min(right))} to {percent(max(right))})" if len(right) > 1 else mean


def panel_alt(title: str, study: Study, name: str | None) -> str:
    """A panel's line in words."""
    chance = study.chance if name is None else study.sets[name].chance
    found = ", ".join(
        f"{tasks(count)} {percent(fmean(study.of(count, name).values()))}" for count in study.counts
    )
    return f"{title} ({network(study)}): {found}; the commonest label {percent(chance)}."


def method(study: Study) -> str:
    """How it was done: what all networks have in common, and how exact the figures are."""
    settings = study.settings
    types = listed(dict.fromkeys(TYPES.get(name, name) for name in settings["types_held_out"]))
    asked = listed([f"{one.n} of {name}" for name, one in study.sets.items()])
    return (
        f"{study.size}: {_begins(settings['base'])} {settings['tokens'] / 1e6:.1f} million tokens,"
        f" {percent(settings['share_text'])} of them plain text, whatever the number of tasks."
        f" {counted(len(study.seeds), 'seed')}: each draws its tasks from {settings['available']}"
        f" in an order of its own, the few among the many. Left out are all tasks about {types},"
        f" and {counted(len(settings['tasks_held_out']), 'task')} near to them."
        f" Questions: {asked}; scoring rule: {RULES[settings['rule']].split(':')[0]}."
        f" So many questions leave ±{100 * around(study, study.counts[-1]):.1f} points to chance in"
        f" a mean of all sets."
    )


def _begins(base: Mapping[str, Any]) -> str:
    """What came before the tasks. base: see study.py."""
    if base["kind"] == "fresh":
        return "every network begins with fresh weights and learns from"
    if base["kind"] == "model":
        return "every network goes on from the same finished model with"
    read = "plain text" if base["kind"] == "text" else "text and prompts"
    return (
        f"every network goes on from the same one, made of {base['tokens'] / 1e6:.1f} million"
        f" tokens of {read}, with"
    )


def task_order(study: Study, seed: int, most: int) -> str:
    """The first tasks of a seed, in the order drawn."""
    names = study.tasks[seed]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{study.size}, seed {seed}: {', '.join(names[:most]) or TEXT_ONLY}{more}"
