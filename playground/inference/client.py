"""Asks the inference worker: what a person waits for overtakes what is computed in bulk."""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from playground import limits
from playground.errors import UserError
from playground.executors.processes import Processes
from playground.inference.connection import Timeouts
from playground.inference.line import SOMEBODY, WHO, FairQueue, Who
from playground.inference.lost import LostModels
from playground.inference.requests import Request
from playground.inference.worker import (
    GONE,
    Abandoned,
    InferenceWorker,
    Pending,
    Silent,
    WorkerLost,
)

CLOSING, INTERACTIVE, BULK = 0, 1, 2  # what goes first
ATTEMPTS = 2
LOST = (
    "This model ended the process that runs models a short while ago, so it is not tried again for"
    f" {limits.LOST_SECONDS // 60} minutes. Pick another model."
)
ReplyT = TypeVar("ReplyT")


def unheard(done: int) -> None:
    """Nobody counts the rows."""


class InferenceClient:
    """A line of requests, by priority and then by turns, and one worker that serves them.

    A request that the worker is lost on is tried once more. One that nobody waits for any more is
    dropped.
    """

    def __init__(
        self,
        home: Path,
        processes: Processes,
        module: str = "playground.inference.service",
        timeouts: Timeouts | None = None,
    ) -> None:
        self._worker = InferenceWorker(home / "asking.log", processes, module, timeouts)
        self._line: FairQueue[Pending[Any] | None] = FairQueue()  # None: it is closed
        self._numbers = itertools.count()
        self._guard = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._lost = LostModels()

    def warm(self) -> None:
        """Start the worker, which loads the bundled model, before anybody asks."""
        with self._guard:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="inference", daemon=True)
                self._thread.start()

    def ask(self, request: Request[ReplyT], who: Who | None = None) -> ReplyT:
        """The reply to what a person waits for. Raises UserError when there is none."""
        return self.submit(request, who=who).result()

    def submit(
        self,
        request: Request[ReplyT],
        priority: int = INTERACTIVE,
        progress: Callable[[int], None] = unheard,
        who: Who | None = None,
    ) -> "Future[ReplyT]":
        """The reply to come; a request cancelled before its turn is never sent.

        who: by default, as WHO says. Raises UserError when too much of this origin, or of
        everybody, waits already.
        """
        self.warm()
        who = who or WHO.get()
        self._check_room(who)
        pending = Pending(next(self._numbers), request, who, progress)
        self._line.put(priority, who, pending)
        if self._closed:
            self._cancel()
        return pending.reply

    def close(self) -> None:
        """End the worker; requests still waiting are cancelled."""
        with self._guard:
            self._closed = True
        self._worker.kill()  # whoever waits for it goes on
        if self._thread is not None:
            self._line.put(CLOSING, SOMEBODY, None)
            self._thread.join()
        self._cancel()

    def _cancel(self) -> None:
        for pending in self._line.drain():
            if pending is not None:
                pending.reply.cancel()

    def _check_room(self, who: Who) -> None:
        ours, everybodys = self._line.count(who.origin)
        if who.origin and ours >= limits.ASKS_PER_ORIGIN:
            raise UserError(
                f"{ours} questions from your address wait for an answer;"
                f" {limits.ASKS_PER_ORIGIN} are possible. Wait for some of them."
            )
        if everybodys >= limits.ASKS:
            raise UserError(
                f"{everybodys} questions wait for an answer, and no more are taken. Try again in a"
                " minute."
            )

    def _work(self) -> None:
        self._worker.start()
        while not self._closed:
            pending = self._line.get()
            if pending is not None and pending.reply.set_running_or_notify_cancel():
                self._serve(pending)
        self._worker.end()

    def _serve(self, pending: Pending[ReplyT]) -> None:
        try:
            self._check(pending)
            pending.reply.set_result(self._tried(pending))
        except UserError as error:
            pending.reply.set_exception(error)

    def _check(self, pending: Pending[ReplyT]) -> None:
        """Raises UserError for a request that is not even sent."""
        if not pending.who.present():
            raise Abandoned(GONE)
        if self._lost.remembers(pending.who.origin, pending.request.model):
            raise UserError(LOST)

    def _tried(self, pending: Pending[ReplyT]) -> ReplyT:
        last_words = "nothing"
        for _ in range(ATTEMPTS):
            if self._closed:
                break
            try:
                return self._worker.ask(pending)
            except WorkerLost as lost:
                last_words = str(lost)
            except Silent:
                self._lost.remember(pending.who.origin, pending.request.model)
                raise
        self._lost.remember(pending.who.origin, pending.request.model)
        raise UserError(
            f"The process that runs models ended twice on this; its last words: {last_words[:300]}."
            " If memory is short, pick a smaller model; else check that the packages of"
            " requirements.txt are installed."
        )
