"""Lines to and from one asking process, and whether it still lives, speaks and makes sense."""

import contextlib
import json
import queue
import threading
import time
from dataclasses import dataclass
from typing import Any

from playground import limits
from playground.executors.processes import Process, tell

LOOK_SECONDS = 0.5  # between two looks at a process that says nothing
Reply = dict[str, Any]
ENDED: Reply = {}  # in place of a reply: there will be none


@dataclass(frozen=True)
class Patience:
    """Seconds. first: until a new process shows that it lives. sign: between two signs of life
    after that. answer: without a row done or an answer. gone: of work on what nobody waits for."""

    first: float = limits.ASKING_START_SECONDS
    sign: float = limits.ASKING_SIGN_SECONDS
    answer: float = limits.ASKING_SECONDS
    gone: float = limits.GONE_SECONDS


class Conversation:
    """With one process, a JSON object a line each way. Its {"alive": true} is a sign of life.

    What is no line of a reply ends the conversation: the process is not trusted after it.
    """

    def __init__(self, process: Process, patience: Patience) -> None:
        self._process, self._patience = process, patience
        self._lines: queue.Queue[Reply] = queue.Queue()
        self._began = self._sign = time.monotonic()
        threading.Thread(target=self._read, name="asker-reader", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether the process has ended, though it may have said more before."""
        return self._process.poll() is not None

    @property
    def fit(self) -> bool:
        """Whether it can be asked something: it lives and has said nothing that nobody asked."""
        return not self.ended and self._lines.empty()

    def say(self, message: Reply) -> None:
        """Send a line. Returns at once: a process that does not read holds nobody up."""
        told = (self._process, message)
        threading.Thread(target=_write, args=told, name="asker-writer", daemon=True).start()

    def hear(self, number: int) -> Reply | None:
        """The next reply to this request; None when there is none yet; ENDED when none will come,
        because the process has ended, is stuck, or answers what nobody asked."""
        ended = self.ended  # looked at first: what it said before comes out of the queue
        try:
            reply = self._lines.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return ENDED if ended or self._stuck() else None
        return reply if reply.get("id") == number else ENDED

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
        patience = self._patience.sign if known else self._patience.first
        return time.monotonic() - self._sign > patience

    def _read(self) -> None:
        """Every reply, then ENDED, which also stands for what is none."""
        with self._process.stdout as pipe:
            while (reply := _parsed(pipe.readline(limits.REPLY_BYTES))) is not None:
                self._sign = time.monotonic()
                if "alive" not in reply:
                    self._lines.put(reply)
        self._lines.put(ENDED)


def _write(process: Process, message: Reply) -> None:
    with contextlib.suppress(ValueError):  # closed meanwhile
        tell(process.stdin, message)


def _parsed(line: bytes) -> Reply | None:
    """The object in a line; None at the end, for half a line, one without end, and for garbage."""
    if not line.endswith(b"\n"):
        return None
    try:
        reply = json.loads(line)
    except (ValueError, RecursionError):
        return None
    known = isinstance(reply, dict) and reply.keys() & {"alive", "done", "answer", "error"}
    return reply if known else None
