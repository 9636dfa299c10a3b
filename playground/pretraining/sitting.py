"""The time of a training: what was spent over all sittings, and what a step and the end take."""

import statistics
from dataclasses import dataclass, field

from playground.optim.schedule import Schedule
from playground.pretraining.plan import Place

RECENT = 20  # steps
SETTLING = 5  # steps before the pace is told


@dataclass
class Sitting:
    """One of a training's sittings, by the clock of its place. All times are seconds."""

    place: Place
    before: float  # spent in earlier sittings
    began: float = field(init=False)
    stepped: float = field(init=False)  # when the last step was done
    looking: float = 0.0  # the longest evaluation took
    keeping: float = 0.0  # the longest time to keep the state
    took: list[float] = field(default_factory=list)  # from one step's end to the next's

    def __post_init__(self) -> None:
        now = self.place.clock()
        self.began = now if self.place.began is None else self.place.began
        self.stepped = now

    def seconds(self) -> float:
        """Spent so far, earlier sittings included."""
        return self.before + self.place.clock() - self.began

    def seconds_with_end(self) -> float:
        """The same and what the end still needs, with some to spare."""
        return self.seconds() + 1.5 * (self.looking + self.keeping)

    def step_done(self) -> None:
        now = self.place.clock()
        self.took.append(now - self.stepped)
        self.stepped = now

    def step_takes(self) -> float:
        """The median of the last steps, so that a compilation does not count."""
        return statistics.median(self.took[-RECENT:]) if self.took else 0.0

    def pace(self, schedule: Schedule, step: int, tokens: int) -> str:
        """In a sentence, once it is known, where minutes are given; "" otherwise. tokens: a step's.

        step: the last one done.
        """
        if len(self.took) != SETTLING or schedule.minutes is None:
            return ""
        each = max(self.step_takes(), 1e-9)
        steps = step + max(0.0, 60 * schedule.minutes - self.seconds_with_end()) / each
        return (
            f"About {tokens / each:,.0f} tokens a second: {steps:,.0f} steps,"
            f" {steps * tokens / 1e6:,.1f} million tokens in all."
        )
