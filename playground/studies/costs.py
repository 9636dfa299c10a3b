"""What a study costs, told before it starts: it follows from its group of runs."""

from dataclasses import dataclass

from playground.methods import cards
from playground.runs.group import GroupSpec
from playground.runs.spec import RunSpec


@dataclass(frozen=True)
class Cost:
    """At most: runs that stop early take fewer steps. seconds: of training, None where nobody has
    measured a step."""

    runs: int
    steps: int
    seconds: float | None = None


def cost(group: GroupSpec | None, seconds_per_step: float | None = None) -> Cost:
    """Of all runs of a group; nothing where the figures are stored. seconds_per_step: as an earlier
    run with this model and method took on this machine."""
    if group is None:
        return Cost(0, 0, 0.0)
    steps = sum(map(_steps, group.runs))
    return Cost(len(group.runs), steps, seconds_per_step and steps * seconds_per_step)


def _steps(spec: RunSpec) -> int:
    return int(cards.checked(spec.method, spec.settings)["steps"])
