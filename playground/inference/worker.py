"""The inference worker as its client sees it: a process that is replaced when it dies."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from playground import limits
from playground.errors import UserError
from playground.executors.codec import Mismatch
from playground.executors.processes import Processes
from playground.inference.connection import Connection, Timeouts
from playground.inference.line import Who
from playground.inference.requests import Request
from playground.inference.wire import Done, Refused, Replied
from playground.runs.process_logs import tail
from playground.runs.record import without_paths

LOG_BYTES = 4_096  # of the log's end, where the last words are
GONE = "Nobody waits for this answer any more, so it was let go. Ask again."
SILENT = (
    f"The model has not answered within {limits.INFERENCE_SECONDS // 60} minutes. Pick a smaller"
    " one, or shorten the texts."
)
ReplyT = TypeVar("ReplyT")


class Abandoned(UserError):
    """Nobody waits for the answer: whoever asked has gone."""


class Silent(UserError):
    """The worker lives, but has not replied within all the timeouts there is."""


class WorkerLost(Exception):
    """The worker ended on a request, or makes no sense: it may be asked once more, started anew."""


@dataclass
class Pending(Generic[ReplyT]):
    """A request in line or under way; `progress` hears how many rows are done."""

    number: int
    request: Request[ReplyT]
    who: Who
    progress: Callable[[int], None]
    reply: "Future[ReplyT]" = field(default_factory=Future)


class InferenceWorker:
    """Serves one request at a time; `kill` alone may be called from another thread.

    A process that dies, falls silent or says what is no reply is ended, and started anew for the
    next request: it holds nothing but copies of what is on disk.
    """

    def __init__(
        self, log: Path, processes: Processes, module: str, timeouts: Timeouts | None = None
    ) -> None:
        self._log, self._processes, self._module = log, processes, module
        self._timeouts = timeouts or Timeouts()
        self._connection: Connection | None = None

    def start(self) -> Connection:
        """A new process, in place of the last one."""
        self.end()
        process = self._processes.start(self._module, self._log)
        self._connection = Connection(process, self._timeouts)
        return self._connection

    def kill(self) -> None:
        """End the process; whoever waits for it goes on."""
        if (connection := self._connection) is not None:
            connection.kill()

    def end(self) -> None:
        """End the process and wait until it has."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def ask(self, pending: Pending[ReplyT]) -> ReplyT:
        """The reply; the process is started if need be.

        Raises UserError with what the worker says of it, Silent, Abandoned, or WorkerLost.
        """
        connection = self._connection
        if connection is None or not connection.fit:
            connection = self.start()
        started = heard = time.monotonic()
        connection.send(pending.number, pending.request)
        while True:
            message = connection.hear(pending.number)
            if message is None:
                self._check_timeouts(pending.who, started, heard)
            elif isinstance(message, Done):
                heard = time.monotonic()
                pending.progress(message.done)
            elif isinstance(message, Refused):
                raise UserError(message.error)
            elif isinstance(message, Replied):
                return self._decoded(pending.request, message)
            else:
                self.end()
                raise WorkerLost(self._last_words())

    def _decoded(self, request: Request[ReplyT], message: Replied) -> ReplyT:
        try:
            return request.decode_reply(message.reply)
        except Mismatch as error:
            self.end()
            raise WorkerLost(str(error)) from error

    def _check_timeouts(self, who: Who, started: float, heard: float) -> None:
        """Raises Silent or Abandoned, once the process has ended, where there is none left."""
        now = time.monotonic()
        if now - heard > self._timeouts.answer:
            self.end()
            raise Silent(SILENT)
        if now - started > self._timeouts.gone and not who.present():
            self.end()
            raise Abandoned(GONE)

    def _last_words(self) -> str:
        lines = tail(self._log, LOG_BYTES).strip().splitlines()
        return without_paths(lines[-1]) if lines else "nothing"
