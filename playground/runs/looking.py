"""How a run's folder looks now: its record, read anew only where a file of it has changed."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from playground import limits
from playground.events import TERMINAL, Event, Queued
from playground.runs import files, log
from playground.runs.files import Damaged
from playground.runs.locks import is_held
from playground.runs.made import NO_DATA, NO_SPEC, Made, read_owner
from playground.runs.record import Record, status

Signature = tuple[int, ...]
Found = TypeVar("Found")
FIXED = ("spec.json", "owner", "name", "examples.jsonl", "lock")


CHANGING = ("stop", "shared", "events.jsonl")


@dataclass(frozen=True)
class Fixed:
    """What a run's files say that do not grow. damages: what is wrong with them; readable: whether
    spec.json can be read."""

    made: Made
    origin: str
    name: str
    damages: tuple[str, ...]
    readable: bool


@dataclass(frozen=True)
class End:
    """The last event of a log, and what is wrong with its end, "" where nothing is."""

    last: Event | None
    damage: str


class Looker:
    """Remembers what the files of every run said, for as long as nobody has written to them."""

    def __init__(self) -> None:
        self._fixed: dict[str, tuple[list[Signature], Fixed]] = {}
        self._ends: dict[str, tuple[Signature, End]] = {}
        self._over: dict[str, tuple[list[Signature], Record]] = {}  # whatever their locks say

    def look(self, folder: Path) -> Record | None:
        """The run of this folder; None when there is none. A damaged one is a record too."""
        place, run_id = str(folder), folder.name
        own = signature(place)
        if not own:
            self.forget(run_id)
            return None
        seen = [own[:2], *(signature(f"{place}/{name}") for name in (*FIXED, *CHANGING))]
        if (over := self._over.get(run_id)) is not None and over[0] == seen:
            return over[1]
        try:
            known, end = self._look_at_fixed(folder, seen), self._look_at_end(folder, seen[-1])
        except FileNotFoundError:  # deleted meanwhile, which is no trouble of the home
            self.forget(run_id)
            return None
        found = record(folder, known, end)
        if isinstance(end.last, TERMINAL):
            self._over[run_id] = (seen, found)
        return found

    def _look_at_fixed(self, folder: Path, seen: list[Signature]) -> Fixed:
        signatures, known = seen[: -len(CHANGING)], self._fixed.get(folder.name)
        if known is None or known[0] != signatures:
            owner = known[1].made.owner_hash if known else ""
            known = self._fixed[folder.name] = (signatures, fixed(folder, owner))
        return known[1]

    def _look_at_end(self, folder: Path, grown: Signature) -> End:
        end = self._ends.get(folder.name)
        if end is None or end[0] != grown:
            end = self._ends[folder.name] = (grown, ending(folder))
        return end[1]

    def forget(self, run_id: str) -> None:
        """Drop what is remembered of a run."""
        for known in (self._fixed, self._ends, self._over):
            known.pop(run_id, None)


def signature(path: str) -> Signature:
    """What changes when somebody writes to the file or puts another in its place; () where there
    is none. The first two do not change when a folder gets another file."""
    try:
        found = os.lstat(path)
    except OSError:
        return ()
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def fixed(folder: Path, owner: str) -> Fixed:
    """What does not grow. owner: the hash of who is known to own the run, "" when nobody is."""
    kept, origin = read_owner(folder)
    damages: list[str] = []
    read = _told(damages, lambda: Made.read(folder))
    made = read or Made(NO_SPEC, NO_DATA, kept or owner, os.lstat(folder).st_mtime)
    name = _told(damages, lambda: _name(folder)) or made.spec.name or folder.name
    _told(damages, lambda: _check_lock(folder))
    _told(damages, lambda: _check_examples(folder))
    if not files.is_folder(folder):
        damages = [f"it is {'a link' if folder.is_symlink() else 'a file'} instead of a folder"]
    return Fixed(made, origin, name, tuple(damages), read is not None)


def ending(folder: Path) -> End:
    """How the log of a run ends."""
    try:
        last, whole = log.ending(folder / "events.jsonl")
    except Damaged as error:
        return End(None, str(error))
    if last is None:
        return End(None, "events.jsonl holds no event")
    return End(last, "" if whole else "the end of events.jsonl is no event")


def record(folder: Path, known: Fixed, end: End) -> Record:
    """The run at this moment: while a worker holds its lock it trains, whatever is damaged."""
    last, made = end.last, known.made
    damage = "; ".join([*known.damages, *([end.damage] if end.damage else [])])
    locked = not isinstance(last, TERMINAL) and is_held(folder / "lock")
    state = status(last, locked, os.path.lexists(folder / "stop"))
    return Record(
        id=folder.name,
        spec=made.spec,
        name=known.name,
        status="damaged" if damage and not locked else state,
        position=0,
        created=made.created,
        queued=last.time if isinstance(last, Queued) else made.created,
        owner_hash=made.owner_hash,
        shared=os.path.lexists(folder / "shared"),
        about=made.about,
        folder=folder,
        origin=known.origin,
        damage=damage,
        readable=known.readable,
        group=made.group,
    )


def _told(damages: list[str], read: Callable[[], Found]) -> Found | None:
    """What `read` finds; None where it is damaged, which is then told."""
    try:
        return read()
    except Damaged as error:
        damages.append(str(error))
        return None


def _name(folder: Path) -> str:
    """The name somebody gave the run, "" when nobody did."""
    try:
        text = files.read(folder / "name", limits.SMALL_FILE_BYTES) or ""
    except Damaged as error:
        raise Damaged(f"{error}, so give the run another name") from error
    return " ".join(text.split())


def _check_lock(folder: Path) -> None:
    kind = signature(f"{folder}/lock")
    if kind and not stat.S_ISREG(kind[1]):
        raise Damaged("lock is not a plain file")


def _check_examples(folder: Path) -> None:
    """What can be seen without reading them all; the rest is told when they are needed."""
    with files.open_plain(folder / "examples.jsonl") as file:
        first = file.read(1)
        file.seek(-1 if first else 0, os.SEEK_END)
        if first != b"{" or file.read(1) != b"\n":
            raise Damaged("examples.jsonl does not hold examples")
