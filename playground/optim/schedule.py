"""The learning rate: up, level, down (warm-up, stable, decay), in steps or within a time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """Hu et al. 2024, arXiv:2404.06395, section 4: from before the decay training can go on.

    One of steps and minutes is given. decay: the last share of either, over which the rate goes
    down to 0 in a straight line.
    """

    peak: float
    warm_up: int  # steps
    decay: float
    steps: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.minutes is None):
            raise ValueError("a schedule has either steps or minutes")

    def progress(self, step: int, seconds: float) -> float:
        """From 0 to 1: how much is behind when step `step`, counted from 1, begins."""
        if self.steps is not None:
            return (step - 1) / self.steps
        return seconds / (60 * self.minutes)

    def rate(self, step: int, seconds: float) -> float:
        """The learning rate of a step that begins after `seconds`."""
        left = max(0.0, 1 - self.progress(step, seconds))
        falling = min(1.0, left / self.decay) if self.decay else 1.0
        return self.peak * min(1.0, step / max(1, self.warm_up)) * falling

    def decays(self, step: int, seconds: float) -> bool:
        return self.decay > 0 and 1 - self.progress(step, seconds) < self.decay

    def over(self, step: int, seconds: float) -> bool:
        """Whether there is no room left for step `step`; `seconds` is when it would be done."""
        if self.steps is not None:
            return step > self.steps
        return seconds > 60 * self.minutes
