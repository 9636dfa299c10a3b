"""A training in lines for a terminal."""

from playground.events import Evaluated, Event, Finished, Noted, Started, Step, Stopped
from playground.pretraining.plan import Plan

EVERY = 30.0  # seconds between two lines of steps


class Progress:
    """Prints what happens, a line every half minute."""

    def __init__(self, plan: Plan) -> None:
        self.each = plan.batch * plan.length
        self.last: Step | None = None

    def show(self, event: Event) -> None:
        line = self.line(event)
        if line:
            print(line, flush=True)

    def line(self, event: Event) -> str:
        """What is printed of an event, "" for nothing."""
        if isinstance(event, Started):
            return (
                f"{event.parameters / 1e6:.2f} million parameters, {event.train:,} windows,"
                f" {event.device}, {event.dtype}, from step {event.resumed_from:,}"
            )
        if isinstance(event, Evaluated):
            return (
                f"step {event.step:,}: {event.part} loss {event.loss:.4f},"
                f" first guess right {event.accuracy:.1%} of {event.n:,}"
            )
        if isinstance(event, Noted):
            return event.text
        if isinstance(event, Finished | Stopped):
            return f"{type(event).__name__} after {event.step:,} steps, {event.seconds:,.0f} s"
        return self._step(event) if isinstance(event, Step) else ""

    def _step(self, event: Step) -> str:
        if self.last is None:
            self.last = event
        if event.seconds - self.last.seconds < EVERY:
            return ""
        pace = (event.step - self.last.step) * self.each / (event.seconds - self.last.seconds)
        self.last = event
        return (
            f"step {event.step:,}: loss {event.loss:.4f}, rate {event.learning_rate:.2e},"
            f" {pace:,.0f} tokens/s, {event.seconds:,.0f} s"
        )
