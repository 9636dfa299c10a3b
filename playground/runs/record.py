"""One run as its folder shows it: who made it, what was asked, how far it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from playground.events import Event, Failed, Finished, Loading, Queued, Stopped
from playground.runs import files, log
from playground.runs.files import Damaged
from playground.runs.process_logs import tail
from playground.runs.spec import RunSpec, Value

ACTIVE = ("starting", "running", "stopping")
OVER = ("finished", "stopped", "failed", "died", "damaged")
ENDS = {Finished: "finished", Stopped: "stopped", Failed: "failed"}
CHECKPOINT = "checkpoint"  # the folder in a run's with what it needs to go on
LOG_LINES = 30
LOG_BYTES = 16_384

# A path of this machine: two folders or more; its last part is kept, it is what helps.
MACHINE_PATH = re.compile(r"(?<![\w:/.])~?/(?:[^\s/'\":,()]+/)+([^\s/'\":,()]*)")


@dataclass(frozen=True)
class Record:
    """A run at the moment it was looked at.

    status: "queued", "starting", "running", "stopping", "finished", "stopped", "failed", "died" or
        "damaged".
    position: place in the queue, 1 is next; 0 when the run does not wait.
    created, queued: when the run was made, and when it last joined the queue, in seconds since the
        epoch.
    owner_hash: of the owner's token, "" for a local script.
    origin: hash of where it was started or last resumed, "" where that is not known.
    damage: what of its folder cannot be read any more, "" where all can.
    readable: whether spec.json can be; where not, `spec` and `about` only stand for it.
    group: the id of the group it belongs to, "" for a run that stands for itself.
    """

    id: str
    spec: RunSpec
    name: str
    status: str
    position: int
    created: float
    queued: float
    owner_hash: str
    shared: bool
    about: "About"
    folder: Path = field(repr=False)
    origin: str = ""
    damage: str = ""
    readable: bool = True
    group: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more happens unless somebody resumes the run."""
        return self.status in OVER

    @property
    def usable(self) -> bool:
        """Whether the run has learnt something that can be asked."""
        return self.over and self.readable and files.is_folder(self.folder / "adapter")

    @property
    def settings(self) -> dict[str, Value]:
        """Of the method, with the rate that the size of the model has decided, once it is known."""
        try:
            rate = files.read_json(self.folder / "facts.json")["plan"]["learning_rate"]
        except (Damaged, KeyError, TypeError, IndexError):
            return self.spec.settings
        if not isinstance(rate, int | float):
            return self.spec.settings
        return {"learning_rate": rate, **self.spec.settings}

    @property
    def log_tail(self) -> str:
        """The end of the worker's log, without the paths of this machine."""
        lines = tail(self.folder / "worker.log", LOG_BYTES).splitlines()[-LOG_LINES:]
        return without_paths("\n".join(lines))

    def events(self, since: int = 0) -> tuple[list[Event], int]:
        """What happened after the cursor `since`, and the cursor for the next time."""
        return log.read(self.folder / "events.jsonl", since)


@dataclass(frozen=True)
class About:
    """The data of a run in figures, fixed when it was made."""

    table: str
    labelled: int
    held_out: int
    duplicates: int
    conflicts: int
    left_out: int
    note: str

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> "About":
        """The figures that were written. Raises KeyError or ValueError for others."""
        known = {one.name: values[one.name] for one in fields(About)}
        for name, value in known.items():
            if type(value) is not (str if name in ("table", "note") else int):
                raise ValueError(f"{name} is {str(value)[:80]!r}")
        return About(**known)


def status(last: Event | None, locked: bool, stop_asked: bool) -> str:
    """The status of a run: a function of its last event and of whether a worker holds its lock."""
    if end := ENDS.get(type(last), ""):
        return end
    if not locked:
        return "queued" if isinstance(last, Queued) else "died"
    if stop_asked:
        return "stopping"
    return "starting" if isinstance(last, Queued | Loading) else "running"


def without_paths(text: str) -> str:
    """The text with every path of this machine cut down to its last part."""
    return MACHINE_PATH.sub(lambda match: match.group(1) or "…", text)
