"""One process of this machine: whether it lives, and how it is ended with all it has started."""

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol, cast

BIRTH_SECONDS = 120.0  # until a fork server that has not forked is stuck: its imports take a while
LOOK_SECONDS = 0.1  # between two looks at a process


class Process(Protocol):
    """A process in a session of its own, which outlives us unless it is killed."""

    stdin: IO[bytes]
    stdout: IO[bytes]

    def poll(self) -> int | None:
        """None while it lives."""

    def kill(self) -> None:
        """End it at once; nothing happens when it has ended."""

    def wait(self) -> int:
        """Return once it has ended."""

    @property
    def stopped(self) -> bool:
        """Whether somebody has halted it, so that it lives and does nothing."""


class Forked:
    """A child of the fork server. Safe across threads."""

    def __init__(
        self, stdin: IO[bytes], stdout: IO[bytes], lifeline: int, server: "subprocess.Popen[bytes]"
    ) -> None:
        self.stdin, self.stdout = stdin, stdout
        self._server = server
        self._guard = threading.Lock()
        self._lifeline: int | None = lifeline
        self._id = b""

    def poll(self) -> int | None:
        return 0 if self._ended(0) else None

    def kill(self) -> None:
        deadline = time.monotonic() + BIRTH_SECONDS
        while not self._born:  # it has not begun: it will, or its server has died
            if self._ended(LOOK_SECONDS):
                return
            if time.monotonic() > deadline:
                self._server.kill()  # it is stuck, and everything it was to fork with it
        if not self._ended(0):
            _kill_session(int(self._id))

    def wait(self) -> int:
        while not self._ended(LOOK_SECONDS):
            pass
        return 0

    @property
    def stopped(self) -> bool:
        return self._born and _is_stopped(int(self._id))

    @property
    def _born(self) -> bool:
        return self._id.endswith(b"\n")

    def _ended(self, patience: float) -> bool:
        """Whether nobody holds the lifeline's other end, or only what the child left behind.
        Waits so long, in seconds, for news."""
        with self._guard:
            while self._lifeline is not None and _readable(self._lifeline, patience):
                read = os.read(self._lifeline, 64)
                self._id += read
                if not read:
                    self._let_go(self._lifeline)
            if self._lifeline is not None and self._born and not _lives(int(self._id)):
                self._let_go(self._lifeline)
            return self._lifeline is None

    def _let_go(self, lifeline: int) -> None:
        os.close(lifeline)
        self._lifeline = None


class Alone:
    """A process that was started anew; all that it has started itself ends with it."""

    def __init__(self, command: Sequence[str], errors: IO[bytes], environment: dict[str, str]):
        self._opened = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )
        self.stdin = cast(IO[bytes], self._opened.stdin)
        self.stdout = cast(IO[bytes], self._opened.stdout)

    def poll(self) -> int | None:
        return self._opened.poll()

    def kill(self) -> None:
        if self.poll() is None:
            _kill_session(self._opened.pid)

    def wait(self) -> int:
        return self._opened.wait()

    @property
    def stopped(self) -> bool:
        return _is_stopped(self._opened.pid)


def _readable(descriptor: int, patience: float) -> bool:
    return bool(select.select([descriptor], [], [], patience)[0])


def _kill_session(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def _is_stopped(process_id: int) -> bool:
    """Where there is /proc: elsewhere that it gives no sign of life will have to do."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[:1] == ["T"]
