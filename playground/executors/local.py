"""Runs on this machine: a worker is a process in a session of its own, which survives us."""

from pathlib import Path

from playground import limits
from playground.executors.base import Assignment
from playground.executors.process import Process
from playground.executors.processes import Processes, send_line
from playground.runs.process_logs import tail
from playground.runs.record import LOG_BYTES


class Local:
    """The Executor of this machine. One worker waits with its imports done, if `warm` said so."""

    def __init__(self, home: Path, processes: Processes, devices: tuple[str, ...] = ("",)) -> None:
        self.devices = devices
        self._log = home / "standby.log"
        self._processes = processes
        self._standby: Process | None = None
        self._started: dict[Path, tuple[Process, str]] = {}  # by folder, with its device

    def warm(self) -> None:
        self._reap()
        self._ready()

    def start(self, folder: Path, device: str) -> None:
        self._reap()
        process = self._ready()
        send_line(process.stdin, Assignment(str(folder.resolve()), device))
        process.stdin.close()
        self._started[folder], self._standby = (process, device), None

    def alive(self, folder: Path) -> bool:
        self._reap()
        return folder in self._started

    def device_of(self, folder: Path) -> str:
        """A worker writes its process id and its device into the run's lock, for other servers."""
        if folder in self._started:
            return self._started[folder][1]
        return tail(folder / "lock", limits.SMALL_FILE_BYTES).partition(" ")[2]

    def last_words(self, folder: Path) -> str:
        """Of the worker that was started last: until it has a run, its log is everybody's."""
        return tail(self._log, LOG_BYTES)

    def close(self) -> None:
        if self._standby is not None:
            self._standby.stdin.close()  # what a waiting worker takes for the end
            self._standby.stdout.close()
            self._standby = None

    def _ready(self) -> Process:
        """The worker that waits, or a new one."""
        if self._standby is None or self._standby.poll() is not None:
            self._standby = self._processes.start("playground.executors.worker", self._log)
        return self._standby

    def _reap(self) -> None:
        """Forget the workers that have ended; asked after, none stays behind as a zombie."""
        self._started = {
            folder: (worker, device)
            for folder, (worker, device) in self._started.items()
            if worker.poll() is None
        }
