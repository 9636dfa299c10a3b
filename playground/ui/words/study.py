"""What the folded study says: every number and every judgement comes from the figures."""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from playground.evaluation.answers import RULES
from playground.evaluation.verdict import percent
from playground.metrics import Z95, wilson
from playground.studies.task_count import Study
from playground.ui.words.shell import counted

TITLE = "Study: does training on more tasks help zero-shot?"
LOADING = "Reading the figures …"
LOST = "The figures could not be fetched. Fold this and open it again."
MEAN = "Mean of all sets"
TEXT_ONLY = "text only"
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


def network(study: Study) -> str:
    return f"{study.size}, {study.parameters / 1e6:.1f} M parameters"


def tasks(count: int) -> str:
    return counted(count, "task") if count else TEXT_ONLY


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


def findings(study: Study) -> str:
    """What the figures show, and what they do not."""
    counts = [count for count in study.counts if count]
    if len(counts) < 2:
        return f"{network(study)}: two numbers of tasks are needed to say anything."
    few, many = counts[0], counts[-1]
    before, after = (fmean(study.of(count).values()) for count in (few, many))
    said = [
        f"With {tasks(many)} instead of {few} the network ({network(study)}) gets"
        f" {tenths(after)} instead of {tenths(before)} right on kinds of task it never trained"
        f" on (mean of {counted(len(study.sets), 'set')}; always giving the commonest label:"
        f" {tenths(study.chance)}).",
        _settled(study, few, many),
    ]
    if 0 in study.counts:
        said.append(f"On text only it gets {tenths(fmean(study.of(0).values()))}.")
    return " ".join([*said, _beside_chance(study, many)])


def _settled(study: Study, few: int, many: int) -> str:
    found = study.difference(few, many)
    if found is None:
        return "No seed has both, so the two cannot be compared."
    gain = f"The difference is {points(found.mean)} points"
    if found.low is None or found.high is None:
        return f"{gain}, of one seed: a hint at most."
    over = f"{gain}, 95\u202f% interval over {len(found.by_seed)} seeds"
    over += f" {points(found.low)} to {points(found.high)}"
    if found.low <= 0 <= found.high:
        return f"{over}: whether more tasks help is not settled by this."
    helped = "more tasks helped" if found.mean > 0 else "more tasks hurt"
    if abs(found.mean) > math.hypot(around(study, few), around(study, many)):
        return f"{over}: {helped}."
    return f"{over}: {helped} with these questions; others of the same kinds may say otherwise."


def _beside_chance(study: Study, count: int) -> str:
    """Which sets are above chance with so many tasks, by the interval of their questions."""
    above: list[str] = []
    others: list[str] = []
    for name, asked in study.sets.items():
        right = fmean(study.of(count, name).values())
        low, _ = wilson(round(right * asked.n), asked.n)
        (above if low > asked.chance else others).append(name)
    if not others:
        return f"With {tasks(count)} every set is above its commonest label."
    if not above:
        return f"With {tasks(count)} no set is clearly above its commonest label."
    return (
        f"With {tasks(count)} {_listed(above)} {'is' if len(above) == 1 else 'are'} clearly above"
        f" the commonest label, {_listed(others)} not."
    )


def tenths(share: float) -> str:
    """A share as finely as the difference beside it."""
    return f"{100 * share:.1f}\u202f%"


def points(share: float) -> str:
    """A difference in percentage points, with its sign."""
    rounded = round(100 * share, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):.1f}"


def method(study: Study) -> str:
    """How it was done: what all networks have in common, and how exact the figures are."""
    settings = study.settings
    types = _listed(dict.fromkeys(TYPES.get(name, name) for name in settings["types_held_out"]))
    asked = _listed([f"{one.n} of {name}" for name, one in study.sets.items()])
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


def around(study: Study, count: int) -> float:
    """Half the 95 % interval of the mean over sets, as far as it comes from the choice of
    questions alone; as a share."""
    variance = 0.0
    for name, asked in study.sets.items():
        right = fmean(study.of(count, name).values())
        variance += right * (1 - right) / asked.n
    return Z95 * math.sqrt(variance) / len(study.sets)


def task_order(study: Study, seed: int, most: int) -> str:
    """The first tasks of a seed, in the order drawn."""
    names = study.tasks[seed]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{study.size}, seed {seed}: {', '.join(names[:most]) or TEXT_ONLY}{more}"


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
