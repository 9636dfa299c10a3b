"""Asks whole arms in the background, in chunks, and keeps what they answer."""

import dataclasses
import hashlib
import threading
import time
from collections import OrderedDict
from concurrent.futures import CancelledError
from dataclasses import dataclass

from playground import limits
from playground.answers import DEFAULT_RULE
from playground.comparing import compare
from playground.comparison import Comparison
from playground.data.example import Example
from playground.errors import UserError
from playground.runs import arm_answers, arms
from playground.runs.arms import ArmPlan
from playground.runs.asked import AskedArm
from playground.runs.asker import BULK, Asker
from playground.runs.question import Question, Subject, subject
from playground.runs.replies import Progress
from playground.runs.store import Store

FIRST_ROWS = 8  # of a chunk: soon something is done, and the size of the model is known
CHUNK_ROWS = (4, 64)  # the fewest and the most rows of the chunks after it
CHUNK_WORK = 64 * 50_000_000  # rows × parameters of a chunk: about a second on a laptop
CLOSED = "The playground was closed before this was answered. Open it and ask again."


@dataclass(frozen=True)
class Asked:
    """A question and its arms, each by its key, under the names they have in this question."""

    subject: Subject
    plans: tuple[ArmPlan, ...]


class Comparisons:
    """Questions by key. One thread asks their arms, oldest first; a chunk at a time, so that what
    a person types in the meantime is answered in between."""

    def __init__(self, store: Store, asker: Asker) -> None:
        self.store = store
        self.asker = asker
        self._asked: OrderedDict[str, Asked] = OrderedDict()
        self._arms: dict[str, AskedArm] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def request(self, question: Question) -> str:
        """A key for the question; its arms are asked from now on, unless their answers are known.

        Raises UserError when the question cannot be answered, see `question.subject`.
        """
        about = subject(question, self.store)
        if not about.held_out:
            raise UserError("There is nothing to compare on. Pick a run, or a table and a task.")
        plans = arms.plans(about, question)
        key = hashlib.sha256("".join(plan.key + plan.name for plan in plans).encode()).hexdigest()
        with self._changed:
            self._asked[key] = Asked(about, plans)
            self._asked.move_to_end(key)
            for plan in plans:
                if plan.key in self._arms and self._arms[plan.key].state == "failed":
                    del self._arms[plan.key]  # asked for again: tried again
            self._forget()
        self._want(key)
        return key

    def progress(self, key: str) -> Progress:
        """How far a question is. Looking keeps its arms wanted; one that was let go is resumed."""
        found = self._want(key)
        return Progress(tuple(arm.progress(plan) for plan, arm in found))

    def comparison(self, key: str, rule: str | None) -> Comparison:
        """The arms that are done, compared. Raises UserError while there is none."""
        found = self._want(key)
        done = [(plan, arm) for plan, arm in found if arm.answers is not None]
        if not done:
            said = next((arm.message for _, arm in found if arm.message), "Wait a moment.")
            raise UserError(f"No arm has answered yet. {said}")
        about = self._asked[key].subject
        answers = [dataclasses.replace(arm.answers, name=plan.name) for plan, arm in done]
        return compare(about.held_out, about.task.labels, answers, rule or DEFAULT_RULE)

    def demonstrations(self, key: str) -> dict[str, tuple[Example, ...]]:
        """What stands before every question of each prompting arm, by the arm's name; arms that
        choose anew for every text are not among them."""
        self._want(key)
        plans = self._asked[key].plans
        return {p.name: p.given for p in plans if p.kind == "prompt" and not p.nearest}

    def wait(self, key: str, rule: str | None) -> Comparison:
        """The comparison once every arm is done. Raises UserError when one failed."""
        for arm in [arm for _, arm in self._want(key)]:
            while not arm.over.wait(limits.INTEREST_SECONDS / 4):
                self._want(key)
            if arm.message:
                raise UserError(arm.message)
        return self.comparison(key, rule)

    def close(self) -> None:
        """Stop asking; those who wait for an answer are told."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for arm in self._arms.values():
            if not arm.over.is_set():
                arm.finish("failed", CLOSED)

    def _want(self, key: str) -> list[tuple[ArmPlan, AskedArm]]:
        """The arms of a question, each of them done or in line."""
        with self._changed:
            asked = self._asked.get(key)
            if asked is None:
                raise UserError("This comparison is not known any more. Ask for it again.")
            found = [(plan, self._arm(plan)) for plan in asked.plans]
            for _, arm in found:
                arm.looked_at = time.monotonic()
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="comparing", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return found

    def _arm(self, plan: ArmPlan) -> AskedArm:
        arm = self._arms.get(plan.key)
        if arm is None:
            arm = self._arms[plan.key] = AskedArm(
                plan, answers=arm_answers.load(self.store.home, plan)
            )
            if arm.answers is not None:
                arm.finish("done")
        return arm

    def _forget(self) -> None:
        """Drop old questions, and the arms that no question left has: they are on disk."""
        while len(self._asked) > limits.ASKED_QUESTIONS:
            self._asked.popitem(last=False)
        kept = {plan.key for asked in self._asked.values() for plan in asked.plans}
        self._arms = {key: arm for key, arm in self._arms.items() if key in kept}

    def _work(self) -> None:
        while (arm := self._next()) is not None:
            try:
                self._ask(arm)
            except UserError as error:
                arm.finish("failed", str(error))
            except OSError as error:
                arm.finish("failed", f"The answers could not be kept: {error.strerror}.")
            except CancelledError:
                arm.finish("failed", CLOSED)

    def _next(self) -> AskedArm | None:
        """The arm that has waited longest among those somebody wants; None at the end."""
        with self._changed:
            while not self._closed:
                for arm in self._arms.values():
                    if arm.state == "waiting" and arm.wanted:
                        arm.state = "asking"
                        return arm
                self._changed.wait()
        return None

    def _ask(self, arm: AskedArm) -> None:
        rows, replies, start = [one.row for one in arm.plan.examples], [], 0
        size = FIRST_ROWS if arm.plan.kind != "baseline" else len(rows)  # it takes them all at once
        while start < len(rows):
            if not arm.wanted:
                arm.state, arm.done = "waiting", 0  # until somebody looks again
                return
            job = arm.plan.job(rows[start : start + size])
            reply = self.asker.submit("answers", job, BULK, arm.counter(start)).result()
            replies.append(reply)
            start = arm.done = start + len(reply["scores"])
            fewest, most = CHUNK_ROWS
            size = max(fewest, min(most, CHUNK_WORK // max(1, reply["parameters"])))
        arm.answers = arm_answers.gather(arm.plan, replies)
        arm_answers.save(self.store.home, arm.plan, arm.answers)
        arm.finish("done")
