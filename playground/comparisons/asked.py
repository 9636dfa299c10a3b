"""Arms and questions on their way to being answered."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playground import limits
from playground.comparisons.arms import ArmPlan
from playground.comparisons.question import Subject
from playground.comparisons.results import ArmProgress
from playground.evaluation.answers import ArmAnswers
from playground.inference.line import Who
from playground.inference.replies import ArmScores


@dataclass
class AskedArm:
    """Several questions may want the same arm. state: see ArmProgress. replies: to the rows asked
    so far, which stay when the arm has to rest; size: rows of its next chunk."""

    plan: ArmPlan
    size: int
    state: str = "waiting"
    done: int = 0
    message: str = ""
    answers: ArmAnswers | None = None
    replies: list[ArmScores] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def start(self) -> int:
        """The first row that has not been asked."""
        return sum(len(reply.scores) for reply in self.replies)

    def counter(self) -> Callable[[int], None]:
        """Hears how many rows of the next chunk are done."""
        start = self.start

        def count(done: int) -> None:
            self.done = start + done

        return count

    def finish(self, state: str, message: str = "") -> None:
        """Nothing more will come; those who wait for the arm go on."""
        self.state, self.message, self.replies = state, message, []
        self.done = len(self.plan.examples) if state == "done" else self.done
        self.over.set()

    def progress(self, plan: ArmPlan) -> ArmProgress:
        """How far it is, under the name it has in a question."""
        return ArmProgress(plan.name, self.done, len(plan.examples), self.state, self.message)


@dataclass
class Asked:
    """A question and its arms, each by its key, under the names they have in this question."""

    subject: Subject
    plans: tuple[ArmPlan, ...]
    who: Who
    looked_at: float = field(default_factory=time.monotonic)
    characters: int = field(init=False)  # of its examples, in memory as long as the question is

    def __post_init__(self) -> None:
        examples = (*self.subject.labelled, *self.subject.held_out)
        self.characters = sum(len(text) for one in examples for text in one.row.values())

    @property
    def wanted(self) -> bool:
        """Whether somebody has looked not long ago, and has not left since."""
        return time.monotonic() - self.looked_at < limits.INTEREST_SECONDS
