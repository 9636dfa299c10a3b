"""One arm on its way to being answered, whoever wants it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playground import limits
from playground.answers import ArmAnswers
from playground.runs.arms import ArmPlan
from playground.runs.replies import ArmProgress


@dataclass
class AskedArm:
    """Several questions may want the same arm. state: see ArmProgress."""

    plan: ArmPlan
    state: str = "waiting"
    done: int = 0
    message: str = ""
    answers: ArmAnswers | None = None
    looked_at: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def wanted(self) -> bool:
        """Whether somebody has looked not long ago."""
        return time.monotonic() - self.looked_at < limits.INTEREST_SECONDS

    def counter(self, start: int) -> Callable[[int], None]:
        """Hears how many rows of the chunk that begins at `start` are done."""

        def count(done: int) -> None:
            self.done = start + done

        return count

    def finish(self, state: str, message: str = "") -> None:
        """Nothing more will come; those who wait for the arm go on."""
        self.state, self.message = state, message
        self.done = len(self.plan.examples) if state == "done" else self.done
        self.over.set()

    def progress(self, plan: ArmPlan) -> ArmProgress:
        """How far it is, under the name it has in a question."""
        return ArmProgress(plan.name, self.done, len(plan.examples), self.state, self.message)
