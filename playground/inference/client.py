"""Talks with the asking process: what a person waits for overtakes what is computed in bulk."""

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from playground import limits
from playground.errors import UserError
from playground.executors.processes import Processes
from playground.inference.conversation import ENDED, Conversation, Patience
from playground.inference.line import SOMEBODY, WHO, Turns, Who
from playground.inference.lost import Lost
from playground.inference.requests import CLOSING, INTERACTIVE, Abandoned, Request, unheard
from playground.runs.record import without_paths

ATTEMPTS = 2
LOG_BYTES = 4_096  # of the log's end, where the last words are
GONE = "Nobody waits for this answer any more, so it was let go. Ask again."
SILENT = (
    f"The model has not answered within {limits.ASKING_SECONDS // 60} minutes. Pick a smaller one,"
    " or shorten the texts."
)
LOST = (
    "This model ended the process that asks models a short while ago, so it is not tried again for"
    f" {limits.LOST_SECONDS // 60} minutes. Pick another model."
)
Reply = dict[str, Any]


class Asker:
    """A line of requests, by priority and then by turns, and one process that serves them.

    A process that dies, falls silent or says what is no reply is started anew and its request
    tried once more. A request whose asker has gone is dropped.
    """

    def __init__(
        self,
        home: Path,
        processes: Processes,
        module: str = "playground.inference.service",
        patience: Patience | None = None,
    ) -> None:
        self._module = module
        self._processes = processes
        self._patience = patience or Patience()
        self._log = home / "asking.log"
        self._requests: Turns[Request] = Turns()
        self._serials = itertools.count()
        self._guard = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._talk: Conversation | None = None
        self._lost = Lost()

    def warm(self) -> None:
        """Start the process, which loads the bundled model, before anybody asks."""
        with self._guard:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="asker", daemon=True)
                self._thread.start()

    def ask(self, job: str, values: Reply, who: Who | None = None) -> Reply:
        """The answer to a job a person waits for. Raises UserError when there is none."""
        return self.submit(job, values, who=who).result()

    def submit(
        self,
        job: str,
        values: Reply,
        priority: int = INTERACTIVE,
        progress: Callable[[int], None] = unheard,
        who: Who | None = None,
    ) -> "Future[Reply]":
        """The answer to come; a request cancelled before its turn is never sent.

        who: by default, as WHO says. Raises UserError when too much of this origin, or of
        everybody, waits already.
        """
        self.warm()
        who = who or WHO.get()
        self._check_room(who)
        request = Request(next(self._serials), job, values, who, progress)
        self._requests.put(priority, who, request)
        if self._closed:
            self._cancel()
        return request.answer

    def close(self) -> None:
        """End the process; requests still waiting are cancelled."""
        with self._guard:
            self._closed = True
        if (talk := self._talk) is not None:
            talk.kill()  # whoever waits for it goes on
        if self._thread is not None:
            self._requests.put(CLOSING, SOMEBODY, Request(-1, "", {}, SOMEBODY, unheard))
            self._thread.join()
        self._cancel()

    def _cancel(self) -> None:
        for request in self._requests.drain():
            request.answer.cancel()

    def _check_room(self, who: Who) -> None:
        ours, everybodys = self._requests.count(who.origin)
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
        self._start()
        while not self._closed:
            request = self._requests.get()
            if request.job and request.answer.set_running_or_notify_cancel():
                self._serve(request)
        if self._talk is not None:
            self._end()

    def _serve(self, request: Request) -> None:
        reply = self._refused(request)
        for _ in range(ATTEMPTS):
            if reply is None and not self._closed:
                reply = self._converse(request)
        if reply is None or reply.get("error") == SILENT:
            self._lost.remember(request.who.origin, request.values.get("model"))
        if reply is None:
            request.answer.set_exception(UserError(self._died()))
        elif "error" in reply:
            kind = Abandoned if reply["error"] == GONE else UserError
            request.answer.set_exception(kind(reply["error"]))
        else:
            request.answer.set_result(reply["answer"])

    def _refused(self, request: Request) -> Reply | None:
        """Why a request is not even sent, if so."""
        if not request.who.present():
            return {"error": GONE}
        if self._lost.remembers(request.who.origin, request.values.get("model")):
            return {"error": LOST}
        return None

    def _converse(self, request: Request) -> Reply | None:
        """What the process answers, None when it has died; it is started if need be."""
        if self._talk is None or not self._talk.fit:
            self._start()
        talk, started = self._talk, time.monotonic()
        heard = started
        talk.say({"id": request.serial, "job": request.job, **request.values})
        while True:
            reply = talk.hear(request.serial)
            now = time.monotonic()
            if reply is None:  # nothing new
                if now - heard > self._patience.answer:
                    reply = {"error": SILENT}
                elif now - started > self._patience.gone and not request.who.present():
                    reply = {"error": GONE}
                else:
                    continue
                self._end()
            if reply is ENDED:
                self._end()
                return None
            if "done" not in reply:
                return reply
            heard = now
            request.progress(reply["done"])

    def _start(self) -> None:
        if self._talk is not None:
            self._end()
        process = self._processes.start(self._module, self._log)
        self._talk = Conversation(process, self._patience)

    def _end(self) -> None:
        talk, self._talk = self._talk, None
        talk.close()  # it holds nothing but copies of what is on disk

    def _died(self) -> str:
        lines = self._last_words().strip().splitlines()
        said = without_paths(lines[-1]) if lines else "nothing"
        return (
            f"The process that asks models ended twice on this; its last words: {said[:300]}."
            " If memory is short, pick a smaller model; else check that the packages of"
            " requirements.txt are installed."
        )

    def _last_words(self) -> str:
        with self._log.open("rb") as file:
            file.seek(max(0, self._log.stat().st_size - LOG_BYTES))
            return file.read(LOG_BYTES).decode(errors="replace")
