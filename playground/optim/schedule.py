"""The learning rate over a training: warm-up, constant, decay; in steps or within a time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """Linear warm-up to the peak, constant, linear decay to 0 (warm-up, stable, decay: Hu et al.
    2024, arXiv:2404.06395, section 4: from before the decay training can go on). With a
    decay that begins where the warm-up ends it is the linear schedule, with none the constant one.

    One of steps and minutes is given. decay: the last share of either, over which the rate falls.
    """

    peak: float
    warm_up: int  # steps
    decay: float
    steps: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.minutes is None):
            raise ValueError("a schedule has either steps or minutes")

    @staticmethod
    def linear(peak: float, warm_up: int, steps: int) -> "Schedule":
        """Falls from the end of the warm-up on."""
        return Schedule(peak, warm_up, (steps - warm_up) / steps, steps=steps)

    @staticmethod
    def constant(peak: float, warm_up: int, steps: int) -> "Schedule":
        """Stays after the warm-up."""
        return Schedule(peak, warm_up, 0.0, steps=steps)

    def rate(self, step: int, seconds: float = 0.0) -> float:
        """The learning rate of a step, counted from 1, that begins after `seconds`."""
        risen = self.peak * step / self.warm_up if step <= self.warm_up else self.peak
        left, falling = self._left(step, seconds), self._falling
        return risen * left / falling if left < falling else risen

    def decays(self, step: int, seconds: float) -> bool:
        """Whether the step belongs to the last share."""
        return self.decay > 0 and self._left(step, seconds) <= self._falling

    def over(self, step: int, seconds: float) -> bool:
        """Whether there is no room left for step `step`; `seconds` is when it would be done."""
        return step > self.steps if self.steps is not None else seconds > self._whole

    @property
    def _whole(self) -> float:
        """Steps, or seconds."""
        return self.steps if self.steps is not None else 60 * (self.minutes or 0.0)

    @property
    def _falling(self) -> float:
        """Steps, or seconds, of the decay: a whole number where the share is one of the steps."""
        return round(self.decay * self._whole, 6)

    def _left(self, step: int, seconds: float) -> float:
        """Steps, or seconds, from the beginning of step `step` on."""
        return max(0.0, self._whole - (step - 1 if self.steps is not None else seconds))
