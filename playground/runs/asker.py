"""Talks with the asking process: what a person waits for overtakes what is computed in bulk."""

import contextlib
import itertools
import json
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground import limits
from playground.errors import UserError
from playground.runs.lost import Lost
from playground.runs.processes import Process, Processes, tell
from playground.runs.record import without_paths

INTERACTIVE, BULK = 1, 2
ATTEMPTS = 2
SILENT = (
    f"The model has not answered within {limits.ASKING_SECONDS // 60} minutes. Pick a smaller one,"
    " or shorten the texts."
)
ENDED = (
    "This model ended the process that asks models a short while ago, so it is not tried again for"
    f" {limits.LOST_SECONDS // 60} minutes. Pick another model."
)
Reply = dict[str, Any]


@dataclass(order=True)
class Request:
    """One job for the asking process; `progress` hears how many rows are done."""

    priority: int
    serial: int
    job: str = field(compare=False)
    values: Reply = field(compare=False)
    progress: Callable[[int], None] = field(compare=False)
    answer: "Future[Reply]" = field(compare=False, default_factory=Future)


class Asker:
    """A queue of requests, by priority and then by age, and one process that serves them in turn.

    A process that dies is started anew and its request tried once more.
    """

    def __init__(
        self, home: Path, processes: Processes, module: str = "playground.runs.asking"
    ) -> None:
        self._module = module
        self._processes = processes
        self._log = home / "asking.log"
        self._requests: queue.PriorityQueue[Request] = queue.PriorityQueue()
        self._serials = itertools.count()
        self._guard = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._process: Process | None = None
        self._lines: queue.Queue[Reply | None] = queue.Queue()
        self._lost = Lost()

    def warm(self) -> None:
        """Start the process, which loads the bundled model, before anybody asks."""
        with self._guard:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="asker", daemon=True)
                self._thread.start()

    def ask(self, job: str, values: Reply) -> Reply:
        """The answer to a job a person waits for. Raises UserError when there is none."""
        return self.submit(job, values).result()

    def submit(
        self,
        job: str,
        values: Reply,
        priority: int = INTERACTIVE,
        progress: Callable[[int], None] = lambda done: None,
    ) -> "Future[Reply]":
        """The answer to come; a request cancelled before its turn is never sent."""
        self.warm()
        request = Request(priority, next(self._serials), job, values, progress)
        self._requests.put(request)
        return request.answer

    def close(self) -> None:
        """End the process; requests still waiting are cancelled."""
        with self._guard:
            self._closed = True
        if (process := self._process) is not None:
            process.kill()  # whoever waits for it goes on
        if self._thread is not None:
            self._requests.put(Request(0, next(self._serials), "", {}, lambda done: None))
            self._thread.join()
        while not self._requests.empty():
            self._requests.get().answer.cancel()

    def _work(self) -> None:
        self._start()
        while not self._closed:
            request = self._requests.get()
            if request.job and request.answer.set_running_or_notify_cancel():
                self._serve(request)
        if self._process is not None:
            self._end()

    def _serve(self, request: Request) -> None:
        if self._lost.remembers(request.values.get("model")):
            request.answer.set_exception(UserError(ENDED))
            return
        reply = self._converse(request)
        for _ in range(ATTEMPTS - 1):
            if reply is None and not self._closed:
                reply = self._converse(request)
        if reply is None or reply.get("error") == SILENT:
            self._lost.remember(request.values.get("model"))
        if reply is None:
            request.answer.set_exception(UserError(self._died()))
        elif "error" in reply:
            request.answer.set_exception(UserError(reply["error"]))
        else:
            request.answer.set_result(reply["answer"])

    def _converse(self, request: Request) -> Reply | None:
        """What the process answers, None when it has died; it is started if need be."""
        if self._process is None:
            self._start()
        tell(self._process.stdin, {"id": request.serial, "job": request.job, **request.values})
        while True:
            try:
                reply = self._lines.get(timeout=limits.ASKING_SECONDS)
            except queue.Empty:
                reply = {"error": SILENT}
            if reply is None or reply.get("error") == SILENT:
                self._end()
            if reply is None or "done" not in reply:
                return reply
            request.progress(reply["done"])

    def _start(self) -> None:
        self._lines = queue.Queue()
        self._process = self._processes.start(self._module, self._log)
        reader = threading.Thread(
            target=_read, args=(self._process, self._lines), name="asker-reader", daemon=True
        )
        reader.start()

    def _end(self) -> None:
        process, self._process = self._process, None
        process.kill()  # it holds nothing but copies of what is on disk
        process.wait()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()

    def _died(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        said = without_paths(lines[-1]) if lines else "nothing"
        return (
            f"The process that asks models ended twice on this; its last words: {said[:300]}."
            " If memory is short, pick a smaller model; else check that the packages of"
            " requirements.txt are installed."
        )


def _read(process: Process, lines: "queue.Queue[Reply | None]") -> None:
    """Every line the process says, then None."""
    with process.stdout:
        for line in process.stdout:
            lines.put(json.loads(line))
    lines.put(None)
