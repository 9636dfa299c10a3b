"""Questions that are open, their arms, and which arm is to be asked next."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from playground import limits
from playground.comparisons.arms import ArmPlan
from playground.comparisons.question import Subject
from playground.comparisons.results import ArmProgress
from playground.errors import UserError
from playground.evaluation.answers import ArmAnswers
from playground.inference.line import RoundRobin, Who
from playground.inference.replies import ArmScores


@dataclass
class OpenArm:
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
class OpenQuestion:
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


Find = Callable[[ArmPlan], OpenArm]


class Questions:
    """By key, the latest last. Several may want the same arm. Not safe across threads by itself.

    find: makes an arm of its plan, answered already where its answers are known.
    """

    def __init__(self, find: Find) -> None:
        self._find = find
        self._open: OrderedDict[str, OpenQuestion] = OrderedDict()
        self._arms: dict[str, OpenArm] = {}
        self._rounds = RoundRobin()

    def add(self, key: str, question: OpenQuestion) -> None:
        """Take a question in. One of its arms that had failed is tried again.

        Raises UserError when this person, by token or by address, has enough being answered.
        """
        self._check_room(key, question.who)
        self._open[key] = question
        self._open.move_to_end(key)
        for plan in question.plans:
            if plan.key in self._arms and self._arms[plan.key].state == "failed":
                del self._arms[plan.key]
        self._forget()

    def get(self, key: str) -> OpenQuestion:
        """Raises UserError when it is not known any more."""
        if (question := self._open.get(key)) is None:
            raise UserError("This comparison is not known any more. Ask for it again.")
        return question

    def arms(self, question: OpenQuestion) -> list[OpenArm]:
        """The arms of a question, each of them done or in line."""
        for plan in question.plans:
            if plan.key not in self._arms:
                self._arms[plan.key] = self._find(plan)
        return [self._arms[plan.key] for plan in question.plans]

    def every_arm(self) -> list[OpenArm]:
        return list(self._arms.values())

    def wanted(self, arm: OpenArm) -> bool:
        """Whether a question that somebody waits for has this arm."""
        return any(
            question.wanted and any(plan.key == arm.plan.key for plan in question.plans)
            for question in self._open.values()
        )

    def next(self) -> tuple[OpenArm, Who] | None:
        """An arm somebody wants, of the oldest question of the person whose turn it is."""
        waiting = [
            (*self._rounds.order(question.who), number, question)
            for number, question in enumerate(self._open.values())
            if question.wanted and not self._over(question)
        ]
        if not waiting:
            return None
        question = min(waiting, key=lambda one: one[:3])[3]
        self._rounds.served(question.who)
        return next(arm for arm in self.arms(question) if not arm.over.is_set()), question.who

    def _check_room(self, key: str, who: Who) -> None:
        if not who.origin:
            return  # a script on this machine
        going = [
            question.who
            for other, question in self._open.items()
            if other != key and question.wanted and not self._over(question)
        ]
        near = [one for one in going if one.origin == who.origin]
        own = near.count(who)
        if own >= limits.COMPARISONS_PER_OWNER or len(near) >= limits.COMPARISONS_PER_ORIGIN:
            theirs = own >= limits.COMPARISONS_PER_OWNER
            said = f"{own} of your comparisons" if theirs else f"{len(near)} from your address"
            raise UserError(f"{said} are still being answered. Wait until one of them is done.")

    def _over(self, question: OpenQuestion) -> bool:
        known = (self._arms.get(plan.key) for plan in question.plans)
        return all(arm is not None and arm.over.is_set() for arm in known)

    def _forget(self) -> None:
        """Drop old questions, and the arms that no question left has: they are on disk."""
        while len(self._open) > 1 and self._too_many():
            older = list(self._open.items())[:-1]  # what was just asked stays
            del self._open[_most_remembered(older)]
        kept = {plan.key for question in self._open.values() for plan in question.plans}
        self._arms = {key: arm for key, arm in self._arms.items() if key in kept}

    def _too_many(self) -> bool:
        characters = sum(question.characters for question in self._open.values())
        return len(self._open) > limits.ASKED_QUESTIONS or characters > limits.ASKED_CHARACTERS


def _most_remembered(questions: Iterable[tuple[str, OpenQuestion]]) -> str:
    """The oldest question of the origin that has most, so that nobody forgets for another.

    questions: by key, oldest first.
    """
    by_origin: dict[str, list[str]] = {}
    for key, question in questions:
        by_origin.setdefault(question.who.origin, []).append(key)
    return max(by_origin.values(), key=len)[0]
