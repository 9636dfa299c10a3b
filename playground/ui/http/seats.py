"""So many at once, and no more of one address: what costs a process or a thread while it lasts."""

import functools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from playground import limits
from playground.errors import UserError
from playground.ui.http.origin import origin

Given = ParamSpec("Given")
Output = TypeVar("Output")
READINGS = "files are being read or wait for it"
FETCHES = "data sets are being fetched or wait for it"


@dataclass(frozen=True)
class Room:
    """How many sit at once in all and of one origin; how many of one origin, and in all, may be
    there, sitting or waiting for a seat."""

    seats: int
    each: int
    near: int
    all: int


READING = Room(
    seats=limits.READINGS,
    each=limits.READINGS_PER_ORIGIN,
    near=limits.READINGS_WAITING_PER_ORIGIN,
    all=limits.READINGS_WAITING,
)
FETCHING = Room(
    seats=limits.FETCHES,
    each=limits.FETCHES_PER_ORIGIN,
    near=limits.READINGS_WAITING_PER_ORIGIN,
    all=limits.READINGS_WAITING,
)


class Seats:
    """Whoever finds no seat waits; where too many wait already, they are told."""

    def __init__(self, room: Room = READING, what: str = READINGS) -> None:
        self._room, self._what = room, what
        self._changed = threading.Condition()
        self._sitting: Counter[str] = Counter()
        self._there: Counter[str] = Counter()

    def seated(self, call: Callable[Given, Output]) -> Callable[Given, Output]:
        """The same call, which takes a seat while it lasts."""

        @functools.wraps(call)
        def sitting(*given: Given.args, **named: Given.kwargs) -> Output:
            with self.seat():
                return call(*given, **named)

        return sitting

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Sit as long as it is open, for the address that is served. Raises UserError."""
        who = origin()
        with self._changed:
            self._check(who)
            self._there[who] += 1
            self._changed.wait_for(lambda: self._free(who))
            self._sitting[who] += 1
        try:
            yield
        finally:
            with self._changed:
                self._sitting[who] -= 1
                self._there[who] -= 1
                self._sitting, self._there = +self._sitting, +self._there  # none at zero
                self._changed.notify_all()

    def _free(self, who: str) -> bool:
        return self._sitting.total() < self._room.seats and self._sitting[who] < self._room.each

    def _check(self, who: str) -> None:
        near, everybody = self._there[who], self._there.total()
        if who and near >= self._room.near:
            raise UserError(
                f"{near} {self._what} from your address. Wait until some of them are done."
            )
        if everybody >= self._room.all:
            raise UserError(f"{everybody} {self._what}. Try again in a minute.")
