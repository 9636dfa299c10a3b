"""The queue: one run at a time on each device, whoever waits in turns, see `turns`."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from playground import limits
from playground.errors import UserError
from playground.events import Failed, Queued
from playground.executors.base import Placement
from playground.runs import files, log, sweeping, turns
from playground.runs.locks import Lock
from playground.runs.process_logs import tail
from playground.runs.record import ACTIVE, LOG_BYTES, Record, without_paths
from playground.runs.store import Store
from playground.runs.trouble import sentence

BUSY_SECONDS = 0.2  # between two looks while something runs or waits
IDLE_SECONDS = 1.0  # also how soon a second server takes over from one that died
SWEEP_SECONDS = 60.0
ATTEMPTS = 2  # workers a run may lose before it has begun


class Scheduler:
    """A thread that hands waiting runs to a placement.

    Several servers over one home agree by a lock: one schedules, the others watch and take over
    when it ends. What runs is found in the home itself, so a restarted server loses nothing.
    """

    def __init__(self, store: Store, placement: Placement) -> None:
        self.store = store
        self.placement = placement
        self._lock = Lock(store.home / "scheduler.lock")
        self._given: dict[str, str] = {}  # run id -> the device it was placed on
        self._tries: Counter[tuple[str, float]] = Counter()  # by run and time it was queued
        self._wake = threading.Event()
        self._closed = False
        self._swept = 0.0  # until when nothing is swept, by time.monotonic()
        self._told = ""  # the trouble that was last told
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to schedule, in the background; nothing happens the second time."""
        with self._turn:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="scheduler", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Look at the queue now rather than at the next tick."""
        self._wake.set()

    def close(self) -> None:
        """Hand over what can start now, then let go of the home. What runs goes on."""
        self._closed = True
        self.wake()
        with ExitStack() as closing:
            closing.callback(self._lock.release)
            closing.callback(self.placement.close)
            if self._thread is not None:
                self._thread.join()
                with suppress(OSError, UserError):  # a home in trouble: the next server hands over
                    self._serve(warm=False)

    def _work(self) -> None:
        while not self._closed:
            busy = False
            try:
                busy = self._serve(warm=True)
                self._told = ""
            except Exception as error:  # the outermost frame: no trouble must end the queue
                self._tell(error)
            self._wake.wait(BUSY_SECONDS if busy else IDLE_SECONDS)
            self._wake.clear()

    def _tell(self, error: Exception) -> None:
        """Into the server's log, once for as long as the trouble is the same."""
        known = isinstance(error, OSError)
        said = sentence(error) if known else f"{type(error).__name__}: {error}"
        if said != self._told:
            self._told = said
            trace = None if known else error
            logging.getLogger(__name__).error("The queue waits: %s", said, exc_info=trace)

    def _serve(self, warm: bool) -> bool:
        """Place what can be placed. Whether anything runs or waits."""
        if not (self._lock.held or self._lock.acquire()):
            return False
        records = self.store.all()
        waiting = self.store.line(records)
        active = [record for record in records if record.status in ACTIVE]
        sent = [record for record in waiting if self.placement.carries(record.folder)]
        fresh = [r for r in waiting if r not in sent and not self._given_up(r)]
        used = [_device(record) for record in active] + [self._given[one.id] for one in sent]
        for record, device in zip(fresh, _free(self.placement.devices, used), strict=False):
            self.placement.place(record.folder, device)
            self._given[record.id] = device
            self._tries[record.id, record.queued] += 1
            turns.note(self.store.home, record)
            sent.append(record)
        # the next worker's imports must not slow down the first steps of this run
        if warm and not sent and not any(record.status == "starting" for record in active):
            self.placement.warm()
        if warm:
            self._sweep(records)
        return bool(waiting or active)

    def _sweep(self, records: Sequence[Record]) -> None:
        """Now and then; at first of what runs have left that were killed with an earlier server."""
        if time.monotonic() < self._swept:
            return
        over = [one for one in records if one.over and files.is_folder(one.folder)]
        for record in over if not self._swept else ():
            sweeping.tidy(record.folder)
        self._swept = time.monotonic() + SWEEP_SECONDS
        with suppress(OSError):  # a home that cannot be written: whoever writes is told
            sweeping.sweep(self.store.home)

    def _given_up(self, record: Record) -> bool:
        """Whether too many workers ended before they began this run; then it has failed."""
        if self._tries[record.id, record.queued] < ATTEMPTS:
            return False
        lock = Lock(record.folder / "lock")
        try:
            if lock.acquire() and isinstance(log.last(record.folder / "events.jsonl"), Queued):
                log.append(record.folder / "events.jsonl", Failed(self._reason(self.store.home)))
        except OSError as error:
            self._tell(error)  # this run's trouble is not the others'
        finally:
            lock.release()
        return True

    @staticmethod
    def _reason(home: Path) -> str:
        lines = tail(home / "standby.log", LOG_BYTES).strip().splitlines()
        said = without_paths(lines[-1]) if lines else "it said nothing"
        return (
            f"The worker ended before the run began; its last words: {said}. Check that the"
            " packages of requirements.txt are installed, then resume the run."
        )


def _free(devices: Sequence[str], used: Sequence[str]) -> list[str]:
    """Devices with room. One more run is never placed than there are devices, even where a run
    of an earlier server uses one that is not known any more."""
    free = [device for device in devices if device not in used]
    return free[: max(0, len(devices) - len(used))]


def _device(record: Record) -> str:
    """Where a run trains: its worker writes its process id and its device into the lock."""
    return tail(record.folder / "lock", limits.SMALL_FILE_BYTES).partition(" ")[2]
