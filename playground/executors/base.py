"""Where runs execute, behind an interface that a cluster answers as well as this machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Assignment:
    """A run that a worker is handed: its folder, and the device it is to train on."""

    folder: str
    device: str


class Executor(Protocol):
    """A place that executes runs, each by a worker of its own: `executors.worker.serve` on the
    run's folder.

    devices: one run at a time on each; "" lets the worker choose the best there is.
    """

    devices: tuple[str, ...]

    def warm(self) -> None:
        """Have a worker ready that has done its slow imports, if there is none yet."""

    def start(self, folder: Path, device: str) -> None:
        """Hand the run in this folder to a worker. Returns at once."""

    def alive(self, folder: Path) -> bool:
        """Whether a worker that was handed this run still lives."""

    def device_of(self, folder: Path) -> str:
        """The device of a run that was handed over or trains, also by an earlier server; "" where
        that is not known."""

    def last_words(self, folder: Path) -> str:
        """The end of what the worker said that this run was handed to, for one that ended before it
        began; "" where it said nothing."""

    def close(self) -> None:
        """Let the worker go that waits; those that have a run go on without us."""
