"""A group as the folders show it: whose it is, what belongs to it, how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.events import Finished, Step, Stopped
from playground.runs import log
from playground.runs.record import ACTIVE, Record

ENDED_BADLY = ("failed", "died", "damaged")


@dataclass(frozen=True)
class Group:
    """A group at the moment it was looked at. Its runs are ordinary ones that carry its id.

    runs: those there are, in the order they were asked for. total: how many were asked for; runs
        that were deleted, or never made, are missing from `runs`.
    created: when it was made, in seconds since the epoch.
    origin: hash of where it was started, "" where that is not known.
    about: plain values of whoever asked for it, as the study it belongs to; {} for none.
    damage: what of its folder cannot be read any more, "" where all can.
    """

    id: str
    name: str
    runs: tuple[Record, ...]
    total: int
    created: float
    owner_hash: str
    origin: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    damage: str = ""

    @property
    def status(self) -> str:
        """ "Running" while one of its runs is, "queued" while one waits; then "finished" when all
        that were asked for are, else "failed" where one ended badly, else "stopped"."""
        states = {record.status for record in self.runs}
        if states & set(ACTIVE):
            return "running"
        if "queued" in states:
            return "queued"
        if states & set(ENDED_BADLY):
            return "failed"
        return "finished" if self.done == self.total else "stopped"

    @property
    def over(self) -> bool:
        """Whether nothing more happens unless somebody resumes it."""
        return all(record.over for record in self.runs)

    @property
    def done(self) -> int:
        """How many of its runs have finished."""
        return sum(record.status == "finished" for record in self.runs)

    @property
    def missing(self) -> int:
        """How many of its runs are not there any more, or never were."""
        return max(0, self.total - len(self.runs))

    @property
    def damaged(self) -> tuple[Record, ...]:
        """The runs of which something cannot be read any more."""
        return tuple(record for record in self.runs if record.status == "damaged")

    @property
    def seconds(self) -> float:
        """What all its runs have trained so far, together."""
        return sum(trained_seconds(record) for record in self.runs)


def trained_seconds(record: Record) -> float:
    """What a run has trained so far, the parts before it was resumed included; 0 where its log
    cannot be read."""
    path = record.folder / "events.jsonl"
    last = log.last(path)
    if isinstance(last, Step | Stopped | Finished):
        return last.seconds
    events: Sequence[object] = log.curve(log.everything(record.folder))
    told = [one.seconds for one in events if isinstance(one, Step | Stopped | Finished)]
    return told[-1] if told else 0.0
