"""The log of a run: events.jsonl, append-only, one writer, whole lines.

A cursor is a number of bytes: what has been read up to it never changes. A kill can leave half
a line at the end; readers leave it out, and the next writer cuts it off.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from playground import limits
from playground.events import Evaluated, Event, Started, Step, from_line, to_line

TAIL_BYTES = 8_192  # more than any event is long


class Writer:
    """Appends events to a log; whoever makes one holds the run's lock."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.ftruncate(self._descriptor, _whole(path.read_bytes()))

    def append(self, event: Event) -> None:
        """Write the event as one whole line, in one call, so that no reader sees a part of it."""
        os.write(self._descriptor, to_line(event).encode())

    def close(self) -> None:
        """No more events."""
        os.close(self._descriptor)


def append(path: Path, event: Event) -> None:
    """Write a single event to a log whose lock the caller holds."""
    writer = Writer(path)
    writer.append(event)
    writer.close()


def read(path: Path, since: int = 0, most: int = limits.EVENTS_PER_POLL) -> tuple[list[Event], int]:
    """At most `most` events after the cursor `since`, and the cursor after them."""
    try:
        with path.open("rb") as file:
            since = _start_of_line(file, since)
            data = file.read()
    except FileNotFoundError:
        return [], 0
    lines = data[: _whole(data)].splitlines(keepends=True)[:most]
    return [from_line(line.decode()) for line in lines], since + sum(map(len, lines))


def everything(folder: Path) -> list[Event]:
    """All events of the run in this folder."""
    return read(folder / "events.jsonl", most=10**9)[0]


def last(path: Path) -> Event | None:
    """The last whole event, read from the end of the file."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - TAIL_BYTES))
            data = file.read()
    except FileNotFoundError:
        return None
    lines = data[: _whole(data)].splitlines()
    return from_line(lines[-1].decode()) if lines else None


def curve(events: Iterable[Event]) -> list[Event]:
    """The events without the steps that a resumed run took anew.

    A worker that dies after its last checkpoint leaves steps behind it; resumed, the run takes
    them again, and `Started.resumed_from` says from where.
    """
    kept: list[Event] = []
    for event in events:
        if isinstance(event, Started):
            kept = [old for old in kept if not _after(old, event.resumed_from)]
        kept.append(event)
    return kept


def _start_of_line(file: BinaryIO, since: int) -> int:
    """`since` where it is the end of a line, else 0: a cursor comes from outside."""
    if since > 0:
        file.seek(since - 1)
        if file.read(1) == b"\n":
            return since
    file.seek(0)
    return 0


def _after(event: Event, step: int) -> bool:
    return isinstance(event, Step | Evaluated) and event.step > step


def _whole(data: bytes) -> int:
    """How many bytes of `data` are whole lines."""
    return data.rfind(b"\n") + 1
