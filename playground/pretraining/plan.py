"""How a training goes: everything it does follows from this, the data and the first weights."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from playground.errors import UserError
from playground.optim.schedule import Schedule

Clock = Callable[[], float]


@dataclass(frozen=True)
class Plan:
    """length: tokens of a window. batch: windows of one update; micro_batch of them run at once.

    answer_weight: how often a token of an answer counts. precision: "float32" or "bfloat16".
    """

    schedule: Schedule
    length: int
    batch: int
    micro_batch: int
    answer_weight: float = 3.0
    weight_decay: float = 0.1
    seed: int = 0
    precision: str = "float32"
    compiled: bool = False
    evaluate_every: int = 250  # steps
    held_out_windows: int = 32  # looked at, always the same
    checkpoint_minutes: float = 3.0

    def data_order(self) -> dict[str, int | float]:
        """What decides which tokens a step reads and how they count: a resumed training must
        agree in it."""
        return {
            "length": self.length,
            "batch": self.batch,
            "answer_weight": self.answer_weight,
            "seed": self.seed,
        }


@dataclass(frozen=True)
class Place:
    """Where a training keeps its state, and the clock it goes by, in seconds.

    began: what the clock showed when this sitting began, so that minutes count from there.
    """

    folder: Path
    clock: Clock = time.monotonic
    began: float | None = None


def check_same(before: Mapping[str, object], now: Mapping[str, object]) -> None:
    """Raises UserError for the first setting a resumed training was begun with otherwise."""
    for name, value in now.items():
        if before.get(name) != value:
            raise UserError(
                f"This training was begun with {name} {before.get(name)}, and {value} is asked for"
                " now. Give the same again, or begin another in an empty folder."
            )
