"""What a person asks for when they start many runs at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.runs.spec import RunSpec


@dataclass(frozen=True)
class GroupSpec:
    """Runs on the rows of one table, in the order in which they are to train.

    name: what the group is called in lists. about: plain values that come back with the group, as
    which study asked for it and how.
    """

    runs: tuple[RunSpec, ...]
    name: str = "Group of runs"
    about: Mapping[str, Any] = field(default_factory=dict)
