"""Lines to and from one inference worker, and whether it still lives, speaks and makes sense."""

import contextlib
import queue
import threading
import time
from dataclasses import dataclass
from typing import Any

from playground import limits
from playground.executors.process import Process
from playground.executors.processes import send_line
from playground.inference.requests import Request
from playground.inference.wire import (
    Alive,
    Done,
    Numbered,
    Refused,
    Replied,
    numbered,
    parsed_message,
)

POLL_SECONDS = 0.5  # between two looks at a process that says nothing


@dataclass(frozen=True)
class Ended:
    """In place of a message: there will be none."""


ENDED = Ended()
Heard = Done | Replied | Refused | Ended


@dataclass(frozen=True)
class Timeouts:
    """Seconds. first: until a new process shows that it lives. sign: between two signs of life
    after that. answer: without a row done or a reply. gone: of work on what nobody waits for."""

    first: float = limits.INFERENCE_START_SECONDS
    sign: float = limits.INFERENCE_SIGN_SECONDS
    answer: float = limits.INFERENCE_SECONDS
    gone: float = limits.GONE_SECONDS


class Connection:
    """With one process, a JSON object a line each way.

    What is no message ends the conversation: the process is not trusted after it.
    """

    def __init__(self, process: Process, timeouts: Timeouts) -> None:
        self._process, self._timeouts = process, timeouts
        self._messages: queue.Queue[Heard] = queue.Queue()
        self._began = self._sign = time.monotonic()
        threading.Thread(target=self._read, name="inference-reader", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether the process has ended, though it may have said more before."""
        return self._process.poll() is not None

    @property
    def fit(self) -> bool:
        """Whether it can be asked something: it lives and has said nothing that nobody asked."""
        return not self.ended and self._messages.empty()

    def send(self, number: int, request: Request[Any]) -> None:
        """Send a request. Returns at once: a process that does not read holds nobody up."""
        arguments = (self._process, numbered(number, request))
        threading.Thread(
            target=_write, args=arguments, name="inference-writer", daemon=True
        ).start()

    def hear(self, number: int) -> Heard | None:
        """The next message about this request; None when there is none yet; ENDED when none will
        come: the process has ended, is stuck, or answers what nobody asked."""
        ended = self.ended  # looked at first: what it said before comes out of the queue
        try:
            message = self._messages.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return ENDED if ended or self._stuck() else None
        return message if not isinstance(message, Ended) and message.id == number else ENDED

    def kill(self) -> None:
        """End the process."""
        self._process.kill()

    def close(self) -> None:
        """End the process and wait until it has."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError, ValueError):  # a writer may hold half a line
            self._process.stdin.close()

    def _stuck(self) -> bool:
        if self._process.stopped:
            return True
        known = self._sign > self._began
        seconds = self._timeouts.sign if known else self._timeouts.first
        return time.monotonic() - self._sign > seconds

    def _read(self) -> None:
        """Every message, then ENDED, which also stands for what is none."""
        with self._process.stdout as pipe:
            while (message := parsed_message(pipe.readline(limits.REPLY_BYTES))) is not None:
                self._sign = time.monotonic()
                if not isinstance(message, Alive):
                    self._messages.put(message)
        self._messages.put(ENDED)


def _write(process: Process, line: Numbered) -> None:
    with contextlib.suppress(ValueError):  # closed meanwhile
        send_line(process.stdin, line)
