"""Keeps a home from growing without end: what can be made again goes, least lately used first.

No clock decides: files are compared with each other only, so that one that is set back, or a day
ahead, takes nothing away from anybody. What somebody's runs have learnt is never swept.
"""

import contextlib
import os
from pathlib import Path

from playground import limits
from playground.events import Finished
from playground.runs import drafts, files, log
from playground.runs.locks import Lock
from playground.runs.record import CHECKPOINT

STEP = 1_000_000  # nanoseconds, more than what a disk rounds off
# What can be made again, by folder of the home: bytes that are kept of it.
ROOM = {
    "tables": limits.TABLES_BYTES,
    "answers": limits.ANSWERS_BYTES,
    "exports": limits.EXPORTS_BYTES,
}
LOGS = ("standby.log", "asking.log", "fork_server.log")
# What is made while a run trains or is packed, and is of no use once nobody does.
DEBRIS = ("reserve", ".adapter*", ".export.*", ".merged.*", "*.zip", f"{CHECKPOINT}/*.unfinished")


def sweep(home: Path) -> None:
    """Drafts that were left, files beyond the room there is, and logs beyond their length."""
    drafts.sweep(home)
    for name, room in ROOM.items():
        keep_within(home / name, room)
    for name in LOGS:
        files.shorten(home / name, limits.LOG_BYTES)


def keep_within(folder: Path, room: int, most: int = limits.KEPT_FILES) -> None:
    """Drop the files used least lately until the others fit; the latest one always stays."""
    found = []
    for path in files.plain_files(folder):
        with contextlib.suppress(OSError):
            found.append((_use(path), os.lstat(path).st_size, path))
    found.sort(reverse=True)
    for place, (_, size, path) in enumerate(found):
        room -= size
        if place and (room < 0 or place >= most):
            with contextlib.suppress(OSError):
                path.unlink()
                if path.parent != folder:
                    path.parent.rmdir()  # where it held nothing else


def used(path: Path, folder: Path) -> None:
    """Make a file below the folder the one that was used last, whatever the clock says."""
    latest = 0
    for other in files.plain_files(folder):
        with contextlib.suppress(OSError):
            latest = max(latest, _use(other))
    with contextlib.suppress(OSError):
        os.utime(path, ns=(latest + STEP, latest + STEP))


def _use(path: Path) -> int:
    """When a file was last read or written, in nanoseconds; for comparing with others only."""
    kept = os.lstat(path)
    return max(kept.st_mtime_ns, kept.st_atime_ns)


def tidy(folder: Path) -> None:
    """Remove from a run that nobody trains what it needs no more."""
    lock = Lock(folder / "lock")
    with contextlib.suppress(OSError):
        if not lock.acquire():
            return
        left = [path for pattern in DEBRIS for path in folder.glob(pattern)]
        if isinstance(log.last(folder / "events.jsonl"), Finished):
            left.append(folder / CHECKPOINT)
        for path in left:
            files.remove(path)
    lock.release()
