"""Where runs execute: this machine now, behind an interface that a cluster could answer too."""

import select
from pathlib import Path
from typing import Protocol

from playground.executors.processes import Process, Processes, tell


class Placement(Protocol):
    """A place that executes runs, each in a process of its own.

    devices: one run at a time on each; "" lets the worker choose the best there is.
    """

    devices: tuple[str, ...]

    def warm(self) -> None:
        """Have a worker ready that has done its slow imports, if there is none yet."""

    def place(self, folder: Path, device: str) -> None:
        """Hand the run in this folder to a worker. Returns at once."""

    def carries(self, folder: Path) -> bool:
        """Whether a worker that was handed this run still lives."""

    def close(self) -> None:
        """Let the worker go that waits; those that have a run go on without us."""


class Local:
    """Workers are processes of this machine, in sessions of their own: they survive us."""

    def __init__(self, home: Path, processes: Processes, devices: tuple[str, ...] = ("",)) -> None:
        self.devices = devices
        self._log = home / "standby.log"
        self._processes = processes
        self._standby: Process | None = None
        self._sent: dict[Path, Process] = {}

    def warm(self) -> None:
        self._reap()
        if self._standby is None or self._standby.poll() is not None:
            self._standby = self._processes.start("playground.executors.worker", self._log)

    @property
    def ready(self) -> bool:
        """Whether a worker waits with all its imports done."""
        process = self._standby
        return process is not None and bool(select.select([process.stdout], [], [], 0)[0])

    def place(self, folder: Path, device: str) -> None:
        self.warm()
        process = self._standby
        tell(process.stdin, {"folder": str(folder.resolve()), "device": device})
        process.stdin.close()
        self._sent[folder], self._standby = process, None

    def carries(self, folder: Path) -> bool:
        self._reap()
        return folder in self._sent

    def _reap(self) -> None:
        """Forget the workers that have ended; asked after, none stays behind as a zombie."""
        self._sent = {run: worker for run, worker in self._sent.items() if worker.poll() is None}

    def close(self) -> None:
        if self._standby is not None:
            self._standby.stdin.close()  # what a waiting worker takes for the end
            self._standby.stdout.close()
            self._standby = None
