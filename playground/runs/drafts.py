"""Where things are made before they are put in their place, and what a crash leaves is removed."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playground.runs import files
from playground.runs.locks import Lock, shared

LOCK = "drafts.lock"  # shared by all who are at work, so that nothing of theirs is swept


@contextlib.contextmanager
def draft(home: Path) -> Iterator[Path]:
    """A private folder of one's own; what is left in it at the end goes."""
    with shared(home / LOCK):
        place = files.private_folder(home / "drafts" / files.new_id())
        try:
            yield place
        finally:
            with contextlib.suppress(OSError):  # what cannot be removed now is swept later
                files.remove(place)


def sweep(home: Path) -> None:
    """Remove what was left by processes that were killed; nothing while anybody is at work."""
    lock = Lock(home / LOCK)
    if not lock.acquire():
        return
    try:
        for left in files.entries(home / "drafts"):
            with contextlib.suppress(OSError):
                files.remove(left)
    finally:
        lock.release()
