"""The queue: one run at a time on each device, whoever waits in turns, see `turns`; and one of its
runs followed until it is over."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress

from playground.errors import UserError
from playground.events import Event, Failed, Queued
from playground.executors.base import Executor
from playground.runs import files, log, sweeping, turns
from playground.runs.locks import Lock
from playground.runs.record import ACTIVE, Record, without_paths
from playground.runs.store import Store
from playground.runs.trouble import sentence, told

BUSY_SECONDS = 0.2  # between two looks while something runs or waits
IDLE_SECONDS = 1.0  # also how soon a second server takes over from one that died
SWEEP_SECONDS = 60.0
FOLLOW_SECONDS = 0.1  # between two looks at a log that is followed
ATTEMPTS = 2  # workers a run may lose before it has begun


class Scheduler:
    """A thread that hands waiting runs to an executor.

    Several servers over one home agree by a lock: one schedules, the others watch and take over
    when it ends. What runs is found in the home itself, so a restarted server loses nothing.
    """

    def __init__(self, store: Store, executor: Executor) -> None:
        self.store = store
        self.executor = executor
        self._lock = Lock(store.home / "scheduler.lock")
        self._tries: Counter[tuple[str, float]] = Counter()  # by run and time it was queued
        self._wake = threading.Event()
        self._closed = False
        self._swept = 0.0  # until when nothing is swept, by time.monotonic()
        self._reported = ""  # the trouble that was last logged
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
            closing.callback(self.executor.close)
            if self._thread is not None:
                self._thread.join()
                with suppress(OSError, UserError):  # a home in trouble: the next server hands over
                    self._serve(warm=False)

    def _work(self) -> None:
        while not self._closed:
            busy = False
            try:
                busy = self._serve(warm=True)
                self._reported = ""
            except Exception as error:  # the outermost frame: no trouble must end the queue
                self._report(error)
            self._wake.wait(BUSY_SECONDS if busy else IDLE_SECONDS)
            self._wake.clear()

    def _report(self, error: Exception) -> None:
        """Into the server's log, once for as long as the trouble is the same."""
        trace = None if isinstance(error, OSError) else error
        named = f"{type(error).__name__}: {error}"
        notice = sentence(error) if isinstance(error, OSError) else named
        if notice != self._reported:
            self._reported = notice
            logging.getLogger(__name__).error("The queue waits: %s", notice, exc_info=trace)

    def _serve(self, warm: bool) -> bool:
        """Start what can be started. Whether anything runs or waits."""
        if not (self._lock.held or self._lock.acquire()):
            return False
        records = self.store.all()
        waiting = self.store.line(records)
        active = [record for record in records if record.status in ACTIVE]
        sent = [record for record in waiting if self.executor.alive(record.folder)]
        fresh = [r for r in waiting if r not in sent and not self._given_up(r)]
        used = [self.executor.device_of(record.folder) for record in (*active, *sent)]
        for record, device in zip(fresh, _free(self.executor.devices, used), strict=False):
            self.executor.start(record.folder, device)
            self._tries[record.id, record.queued] += 1
            turns.note(self.store.home, record)
            sent.append(record)
        # the next worker's imports must not slow down the first steps of this run
        if warm and not sent and not any(record.status == "starting" for record in active):
            self.executor.warm()
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
                log.append(record.folder / "events.jsonl", Failed(self._reason(record)))
        except OSError as error:
            self._report(error)  # this run's trouble is not the others'
        finally:
            lock.release()
        return True

    def _reason(self, record: Record) -> str:
        lines = self.executor.last_words(record.folder).strip().splitlines()
        last = without_paths(lines[-1]) if lines else "it said nothing"
        return (
            f"The worker ended before the run began; its last words: {last}. Check that the"
            " packages of requirements.txt are installed, then resume the run."
        )


def _free(devices: Sequence[str], used: Sequence[str]) -> list[str]:
    """Devices with room. One more run is never started than there are devices, even where a run
    of an earlier server uses one that is not known any more."""
    free = [device for device in devices if device not in used]
    return free[: max(0, len(devices) - len(used))]


def follow(store: Store, run_id: str, owner: str) -> Iterator[Event]:
    """Every event of a run as it happens. A run that dies says nothing more: see its status."""
    cursor = 0
    while True:
        with told():
            record = store.visible(run_id, owner)  # before its log: when it is over, nothing comes
        events, cursor = record.events(cursor)
        yield from events
        if record.over and not events:
            return
        if not events:
            time.sleep(FOLLOW_SECONDS)
