"""An executor whose workers are threads of this very process: nothing but the Protocol is local."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playground.runs.locks import Lock
from tests.runs.making import happened, started, stopped

Work = Callable[[Path, str], None]


@dataclass
class Worker:
    """What was handed a run, on its device. error: the last words of one that failed."""

    thread: threading.Thread
    device: str
    enough: threading.Event = field(default_factory=threading.Event)
    error: str = ""


class InProcess:
    """work: what a worker does with a run's folder and a device; by default it sits on the run
    until the test ends it. broken: workers end before they take their run."""

    def __init__(
        self, devices: tuple[str, ...] = ("",), work: Work | None = None, broken: bool = False
    ) -> None:
        self.devices = devices
        self.broken = broken
        self.placed: list[tuple[str, str]] = []
        self.warmed = 0
        self.closed = False
        self._work = work or self._sit
        self._workers: dict[Path, Worker] = {}

    def warm(self) -> None:
        self.warmed += 1

    def start(self, folder: Path, device: str) -> None:
        thread = threading.Thread(target=self._run, args=(folder, device), daemon=True)
        self._workers[folder] = Worker(thread, device)
        thread.start()
        self.placed.append((folder.name, device))

    def alive(self, folder: Path) -> bool:
        return folder in self._workers and self._workers[folder].thread.is_alive()

    def device_of(self, folder: Path) -> str:
        return self._workers[folder].device if folder in self._workers else ""

    def last_words(self, folder: Path) -> str:
        return self._workers[folder].error

    def close(self) -> None:
        self.closed = True

    def end(self, folder: Path) -> None:
        """Have the worker end that sits on this run."""
        worker = self._workers[folder]
        worker.enough.set()
        worker.thread.join()

    def _run(self, folder: Path, device: str) -> None:
        try:
            if self.broken:
                raise ModuleNotFoundError("No module named 'torch'")
            self._work(folder, device)
        except Exception as error:  # the outermost frame of a worker
            self._workers[folder].error = f"{type(error).__name__}: {error}"

    def _sit(self, folder: Path, device: str) -> None:
        lock = Lock(folder / "lock")
        assert lock.acquire(1.0)
        happened(folder, started())
        self._workers[folder].enough.wait()
        happened(folder, stopped(1))
        lock.release()
