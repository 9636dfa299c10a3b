"""Whose turn it is in the queue: every origin in turns, every owner of an origin in turns, and each
group of an owner in turns with the runs that are in none.

An origin is where runs were started from; runs of a script, or from before origins were kept, have
none, and each of their owners stands for itself. Whoever was served longest ago comes first; the
runs of one group, or of none, go by the time they joined the queue.
"""

import contextlib
import heapq
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from playground import limits
from playground.runs import files
from playground.runs.record import Record

NAME = "turns.json"  # of the file in the home: keys, the one served longest ago first


def in_line(waiting: Iterable[Record], served: Sequence[str]) -> list[Record]:
    """The runs that wait, the next one first. served: as `read` gives it."""
    ranks = {key: rank for rank, key in enumerate(served)}
    origins: dict[str, dict[str, dict[str, list[Record]]]] = {}
    for record in sorted(waiting, key=lambda record: (record.queued, record.id)):
        origin, owner, group = keys(record)
        owners = origins.setdefault(origin, {})
        owners.setdefault(owner, {}).setdefault(group, []).append(record)
    lines = {
        origin: _merged({owner: _merged(one, ranks) for owner, one in owners.items()}, ranks)
        for origin, owners in origins.items()
    }
    return _merged(lines, ranks)


def keys(record: Record) -> tuple[str, str, str]:
    """What origin, owner and group of a run are called in the list of who was served."""
    origin = record.origin or f"owner {record.owner_hash}"
    owner = f"{origin} {record.owner_hash}"
    return origin, owner, f"{owner} {record.group}"


def read(home: Path) -> list[str]:
    """Who was served, longest ago first; nobody where that is not known any more."""
    try:
        known: Any = files.read_json(home / NAME, limits.TURNS_BYTES)
    except files.Damaged:
        return []
    return [key for key in known if isinstance(key, str)] if isinstance(known, list) else []


def note(home: Path, record: Record) -> None:
    """The owner of this run has been served now. A full disk forgets it, and the queue goes on."""
    now = keys(record)
    kept = [key for key in read(home) if key not in now]
    with contextlib.suppress(OSError):
        files.write_json(home / NAME, [*kept, *now][-limits.TURNS :])


def _merged(lines: Mapping[str, list[Record]], ranks: Mapping[str, int]) -> list[Record]:
    """One record of every line in turns, beginning with the line that was served longest ago."""
    heads = [(ranks.get(key, -1), line[0].queued, key, 0) for key, line in lines.items()]
    heapq.heapify(heads)
    found: list[Record] = []
    while heads:
        _, _, key, place = heapq.heappop(heads)
        line = lines[key]
        found.append(line[place])
        if place + 1 < len(line):
            last = len(ranks) + len(found)
            heapq.heappush(heads, (last, line[place + 1].queued, key, place + 1))
    return found
