"""Whether a process lives: it holds a lock on a file, and the kernel lets go when it ends.

Unlike a process id, a lock is never left behind by a kill and never taken over by a stranger.
Needs fcntl, so the playground runs on Linux and macOS, not on Windows.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from playground.runs.files import BUSY, CAREFULLY

RETRY_SECONDS = 0.01


class Lock:
    """An exclusive lock on a file, held until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock, and its file is still the one that others find."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), os.lstat(self.path))
        except OSError:
            return False

    def acquire(self, patience: float = 0.0) -> bool:
        """Whether the lock was got within `patience` seconds."""
        self.release()  # of a file that is not there any more
        deadline = time.monotonic() + patience
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | CAREFULLY, 0o600)
        while not _lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return False
            time.sleep(RETRY_SECONDS)
        self._descriptor = descriptor
        return True

    def note(self, text: str) -> None:
        """Write into the file who holds the lock. Raises ValueError where it is not held."""
        if self._descriptor is None:
            raise ValueError(f"the lock on {self.path.name} is not held")
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def release(self) -> None:
        """Let go; nothing happens when the lock is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextlib.contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold the lock with others who share it; waits for one who has it alone."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | CAREFULLY, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether some process holds the lock on `path`.

    Asks for a shared lock, so that two who ask at once do not take each other for the holder.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | CAREFULLY)
    except OSError as error:
        if error.errno in BUSY:
            raise
        return False  # no lock, or something that nobody could hold
    free = _lock(descriptor, fcntl.LOCK_SH)
    os.close(descriptor)
    return not free


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
