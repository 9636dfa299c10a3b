"""The log of a run: events.jsonl, append-only, one writer, whole lines.

A cursor is a number of bytes: what has been read up to it never changes. A kill or a full disk can
leave half a line at the end; readers leave it out, and the next writer cuts it off. Whatever else
is no event is left out too, and what is whole before and after it is read.
"""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from playground import limits
from playground.events import Evaluated, Event, Noted, Started, Step, from_line, rescued, to_line
from playground.runs import files
from playground.runs.files import Damaged

TAILS = (8_192, 262_144, 4_000_000)  # bytes at the end that are searched for the last event
DAMAGE = Noted("A part of this run's log could not be read and is left out; the rest is shown.")


class Writer:
    """Appends events to a log; whoever makes one holds the run's lock."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_APPEND | files.CAREFULLY, 0o600
        )
        os.ftruncate(self._descriptor, _whole_bytes(self._descriptor))

    def append(self, event: Event) -> None:
        """Write the event as one whole line, in one call, so that no reader sees a part of it.

        Raises OSError on a full disk; what was written of the line is then taken back.
        """
        size = os.fstat(self._descriptor).st_size
        torn = size > 0 and os.pread(self._descriptor, 1, size - 1) != b"\n"
        line = b"\n" * torn + to_line(event).encode(errors="backslashreplace")
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError:
            os.ftruncate(self._descriptor, size)
            raise

    def close(self) -> None:
        """No more events."""
        os.close(self._descriptor)


def append(path: Path, event: Event) -> None:
    """Write a single event to a log whose lock the caller holds."""
    writer = Writer(path)
    try:
        writer.append(event)
    finally:
        writer.close()


def read(path: Path, since: int = 0, most: int = limits.EVENTS_PER_POLL) -> tuple[list[Event], int]:
    """At most `most` events after the cursor `since`, and the cursor after them.

    Where a line is no event, DAMAGE is said, once; none where there is no log to read.
    """
    found: list[Event] = []
    cursor, damaged = 0, False
    with contextlib.suppress(Damaged, OSError), files.open_plain(path) as file:
        cursor = _start_of_line(file, since)
        while len(found) < most and cursor < limits.EVENTS_BYTES:
            line = _line(file)
            if not line.endswith(b"\n"):
                break
            events, whole, _ = _events(line)
            if not whole and not damaged:
                found.append(DAMAGE)
                damaged = True
            found += events
            cursor = file.tell()
    return found, cursor


def everything(folder: Path) -> list[Event]:
    """All events of the run in this folder."""
    return read(folder / "events.jsonl", most=10**9)[0]


def last(path: Path) -> Event | None:
    """The last whole event, read from the end of the file; None where there is none."""
    try:
        return ending(path)[0]
    except Damaged:
        return None


def ending(path: Path) -> tuple[Event | None, bool]:
    """The last whole event, and whether nothing but half a line comes after it.

    Raises Damaged where the log is no plain file.
    """
    with files.open_plain(path) as file:
        size = file.seek(0, os.SEEK_END)
        for most in TAILS:
            file.seek(max(0, size - most))
            data = file.read(most)
            lines = data[: data.rfind(b"\n") + 1].splitlines(keepends=True)
            if most < size:
                del lines[:1]  # its beginning is not here
            for place, line in enumerate(reversed(lines)):
                events, _, ends = _events(line)
                if events:
                    return events[-1], place == 0 and ends
            if most >= size:
                break
    return None, not data.strip(b"\n")


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


def _line(file: IO[bytes]) -> bytes:
    """The next line, as far as logs are read; of one that is longer than any event only the end."""
    line = more = file.readline(limits.EVENT_BYTES)
    while len(more) == limits.EVENT_BYTES and not more.endswith(b"\n"):
        if file.tell() >= limits.EVENTS_BYTES:
            break
        more = file.readline(limits.EVENT_BYTES)
        line = (line + more)[-limits.EVENT_BYTES :]
    return line


def _events(line: bytes) -> tuple[list[Event], bool, bool]:
    """The events of a line, one where all is well; whether it holds nothing else, and whether it
    ends with an event."""
    try:
        return ([from_line(line.decode())] if line.strip() else []), True, True
    except ValueError:
        events, ends = rescued(line.decode(errors="replace"))
        return events, False, ends


def _start_of_line(file: IO[bytes], since: int) -> int:
    """`since` where it is the end of a line, else 0: a cursor comes from outside."""
    if 0 < since <= limits.EVENTS_BYTES:
        file.seek(since - 1)
        if file.read(1) == b"\n":
            return since
    return file.seek(0)


def _after(event: Event, step: int) -> bool:
    return isinstance(event, Step | Evaluated) and event.step > step


def _whole_bytes(descriptor: int) -> int:
    """How many bytes of an open file are whole lines."""
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - TAILS[0])
        if (place := os.pread(descriptor, end - start, start).rfind(b"\n")) >= 0:
            return start + place + 1
        end = start
    return 0
