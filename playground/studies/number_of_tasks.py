"""Whether training on more tasks helps with tasks never seen: figures made once, and stored."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from playground.data.problem import counted
from playground.metrics import Z95, wilson
from playground.runs.group import Group, GroupSpec
from playground.runs.spec import RunSpec
from playground.studies import task_count
from playground.studies.finding import Figure, Finding, Point, Series
from playground.studies.intervals import mean_interval, points, tenths
from playground.studies.task_count import Study as Measured

TEXT_ONLY = "text only"


@dataclass(frozen=True)
class NumberOfTasks:
    """Small networks were trained on 0, 1, … 64 tasks with as many tokens each, and asked
    zero-shot about kinds of task that none of them had seen (Wei et al. 2021, arXiv:2109.01652,
    section 4.1; Xu et al. 2022, arXiv:2201.06910). Each point is one seed, which draws its tasks in
    an order of its own, the few among the many.

    Training them takes hours, so the figures are stored; the commands that make them again are told
    (`task_count.commands`).
    """

    title = "Does training on more tasks help zero-shot?"
    paper = "https://arxiv.org/abs/2109.01652"

    def group(self, base: RunSpec) -> GroupSpec | None:
        return None

    def finding(self, group: Group | None) -> Finding:
        studies = task_count.stored()
        cells = sum(len(study.cells) for study in studies)
        return Finding(
            answer=" ".join(map(answer, studies)) or "No figures are stored.",
            figure=Figure(
                "training tasks",
                "answered right",
                tuple(Series(network(study), _points(study)) for study in studies),
                {"commonest label": studies[0].chance} if studies else {},
            ),
            heads=("network", "tasks", "mean", "lowest", "highest", "seeds"),
            rows=tuple(
                (network(study), one.x, one.y, min(one.each), max(one.each), len(one.each))
                for study in studies
                for one in _points(study)
            ),
            done=cells,
            total=cells,
        )


def _points(study: Measured) -> tuple[Point, ...]:
    """The mean over all sets by number of tasks."""
    found = []
    for count in study.counts:
        each = tuple(study.of(count).values())
        found.append(Point(count, *mean_interval(each), each))
    return tuple(found)


def network(study: Measured) -> str:
    return f"{study.size}, {study.parameters / 1e6:.1f} M parameters"


def tasks(count: int) -> str:
    return counted(count, "task") if count else TEXT_ONLY


def answer(study: Measured) -> str:
    """What the figures of one size of network show, and what they do not."""
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


def _settled(study: Measured, few: int, many: int) -> str:
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


def _beside_chance(study: Measured, count: int) -> str:
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
        f"With {tasks(count)} {listed(above)} {'is' if len(above) == 1 else 'are'} clearly above"
        f" the commonest label, {listed(others)} not."
    )


def around(study: Measured, count: int) -> float:
    """Half the 95 % interval of the mean over sets, as far as it comes from the choice of
    questions alone; as a share."""
    variance = 0.0
    for name, asked in study.sets.items():
        right = fmean(study.of(count, name).values())
        variance += right * (1 - right) / asked.n
    return Z95 * math.sqrt(variance) / len(study.sets)


def listed(names: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


STUDY = NumberOfTasks
