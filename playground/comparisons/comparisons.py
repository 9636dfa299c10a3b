"""Asks whole arms in the background, in chunks, and stores what they answer."""

import dataclasses
import hashlib
import threading
import time
from concurrent.futures import CancelledError
from contextlib import suppress

from playground import limits
from playground.comparisons import arms, stored_answers
from playground.comparisons.arms import ArmPlan
from playground.comparisons.question import Question, Subject, check_answers, subject
from playground.comparisons.questions import OpenArm, OpenQuestion, Questions
from playground.comparisons.results import Progress
from playground.data.example import Example
from playground.errors import UserError
from playground.evaluation.answers import DEFAULT_RULE
from playground.evaluation.compare import compare
from playground.evaluation.comparison import Comparison
from playground.inference.client import BULK, InferenceClient
from playground.inference.line import WHO, Who
from playground.inference.worker import Abandoned
from playground.runs.store import Store

FIRST_ROWS = 8  # of a chunk: soon something is done, and the size of the model is known
CHUNK_ROWS = (4, 64)  # the fewest and the most rows of the chunks after it
CHUNK_WORK = 64 * 50_000_000  # rows × parameters of a chunk: about a second on a laptop
CLOSED = "The playground was closed before this was answered. Open it and ask again."


class Comparisons:
    """Questions by key. One thread asks their arms: those who ask take turns, and of one person's
    the oldest goes first; a chunk at a time, so that what a person types in the meantime is
    answered in between."""

    def __init__(self, store: Store, client: InferenceClient) -> None:
        self.store = store
        self.client = client
        self._questions = Questions(self._found)
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def request(self, question: Question) -> str:
        """A key for the question; its arms are asked from now on, unless their answers are known.

        Raises UserError when the question cannot be answered, see `question.subject`, when it is
        too large, or when too many of the same person are being answered.
        """
        about = subject(question, self.store)
        if not about.held_out:
            raise UserError("There is nothing to compare on. Pick a run, or a table and a task.")
        check_answers(question, len(about.held_out))
        plans = arms.plans(about, question)
        who = Who(WHO.get().origin, question.owner)  # whether they stay shows in how they look
        named = "".join(plan.key + plan.name for plan in plans)
        key = hashlib.sha256(f"{who.origin} {who.owner} {named}".encode()).hexdigest()
        with self._changed:
            self._questions.add(key, OpenQuestion(about, plans, who))
        self._want(key)
        return key

    def let_go(self, key: str) -> None:
        """Whoever asked this has left: its arms rest until somebody looks again."""
        with self._changed, suppress(UserError):
            self._questions.get(key).looked_at = float("-inf")

    def progress(self, key: str) -> Progress:
        """How far a question is. Looking keeps its arms wanted; one that was let go is resumed."""
        _, found = self._want(key)
        return Progress(tuple(arm.progress(plan) for plan, arm in found))

    def comparison(self, key: str, rule: str | None) -> Comparison:
        """The arms that are done, compared. Raises UserError while there is none."""
        about, found = self._want(key)
        answers = [
            dataclasses.replace(arm.answers, name=plan.name)
            for plan, arm in found
            if arm.answers is not None
        ]
        if not answers:
            reason = next((arm.message for _, arm in found if arm.message), "Wait a moment.")
            raise UserError(f"No arm has answered yet. {reason}")
        return compare(about.held_out, about.task.labels, answers, rule or DEFAULT_RULE)

    def demonstrations(self, key: str) -> dict[str, tuple[Example, ...]]:
        """What stands before every question of each prompting arm, by the arm's name; arms that
        choose anew for every text are not among them."""
        plans = [plan for plan, _ in self._want(key)[1]]
        return {p.name: p.demonstrations for p in plans if p.kind == "prompt" and not p.nearest}

    def wait(self, key: str, rule: str | None) -> Comparison:
        """The comparison once every arm is done. Raises UserError when one failed."""
        for _, arm in self._want(key)[1]:
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
        for arm in self._questions.every_arm():
            if not arm.over.is_set():
                arm.finish("failed", CLOSED)

    def _want(self, key: str) -> tuple[Subject, list[tuple[ArmPlan, OpenArm]]]:
        """What a question is about, and its arms, each of them done or in line."""
        with self._changed:
            open_question = self._questions.get(key)
            open_question.looked_at = time.monotonic()
            found = self._questions.arms(open_question)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="comparing", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return open_question.subject, list(zip(open_question.plans, found, strict=True))

    def _found(self, plan: ArmPlan) -> OpenArm:
        # A baseline takes its rows all at once.
        size = len(plan.examples) if plan.kind == "baseline" else FIRST_ROWS
        arm = OpenArm(plan, size, answers=stored_answers.load(self.store.home, plan))
        if arm.answers is not None:
            arm.finish("done")
        return arm

    def _work(self) -> None:
        while (chosen := self._next()) is not None:
            arm, who = chosen
            try:
                self._ask(arm, who)
            except Abandoned:
                arm.state, arm.done = "waiting", arm.start  # until somebody looks again
            except UserError as error:
                arm.finish("failed", str(error))
            except OSError as error:
                arm.finish("failed", f"The answers could not be kept: {error.strerror}.")
            except CancelledError:
                arm.finish("failed", CLOSED)

    def _next(self) -> tuple[OpenArm, Who] | None:
        """What to ask now, once there is something; None at the end."""
        with self._changed:
            while not self._closed:
                if (chosen := self._questions.next()) is not None:
                    return chosen
                self._changed.wait()
        return None

    def _ask(self, arm: OpenArm, who: Who) -> None:
        """One turn: the next rows of an arm, and what follows from the last ones."""
        arm.state, rows = "asking", [one.row for one in arm.plan.examples]
        chunk = arm.plan.scoring(rows[arm.start : arm.start + arm.size])
        waiting = dataclasses.replace(who, present=lambda: self._wanted(arm))
        reply = self.client.submit(chunk, BULK, arm.counter(), waiting).result()
        arm.replies.append(reply)
        arm.done = arm.start
        fewest, most = CHUNK_ROWS
        arm.size = max(fewest, min(most, CHUNK_WORK // max(1, reply.parameters)))
        if arm.done < len(rows):
            arm.state = "waiting"
            return
        arm.answers = stored_answers.gather(arm.plan, arm.replies)
        stored_answers.save(self.store.home, arm.plan, arm.answers)
        arm.finish("done")

    def _wanted(self, arm: OpenArm) -> bool:
        with self._changed:
            return self._questions.wanted(arm)
