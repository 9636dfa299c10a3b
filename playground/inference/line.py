"""A line in which people take turns, so that nobody's many requests stand before another's one."""

import threading
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Generic, TypeVar

REMEMBERED = 4_096  # people whose last turn is known
IN_A_ROW = 8  # items of the best priority served before one of a lower priority is

Item = TypeVar("Item")


def always() -> bool:
    """They still wait."""
    return True


@dataclass(frozen=True)
class Who:
    """Who asks. origin: the address a request came from, "" for a script on this machine; owner:
    their token. present: whether they still wait for the answer."""

    origin: str = ""
    owner: str = ""
    present: Callable[[], bool] = field(default=always, compare=False, repr=False)


SOMEBODY = Who()
# Whoever serves people sets it for what it does for one of them; a script need not.
WHO: ContextVar[Who] = ContextVar("who", default=SOMEBODY)


class RoundRobin:
    """Whose turn it is: first of the origins, then of the owners within one, so that a token
    somebody makes up wins them nothing. Not safe across threads by itself."""

    def __init__(self) -> None:
        self._number = 0
        self._last: dict[tuple[str, ...], int] = {}

    def order(self, who: Who) -> tuple[int, int]:
        """Smaller goes first: those who were never served, then who was longest ago."""
        return self._last.get((who.origin,), 0), self._last.get((who.origin, who.owner), 0)

    def served(self, who: Who) -> None:
        """They have had a turn."""
        self._number += 1
        for key in ((who.origin,), (who.origin, who.owner)):
            self._last.pop(key, None)
            self._last[key] = self._number
        while len(self._last) > REMEMBERED:
            del self._last[next(iter(self._last))]


@dataclass(frozen=True)
class Waiting(Generic[Item]):
    """What stands in the line."""

    priority: int
    number: int
    who: Who
    item: Item


class FairQueue(Generic[Item]):
    """Items by priority, then by turn, then by age. Safe across threads.

    After IN_A_ROW of the best priority one of the others is let in: a person who never stops
    asking holds nobody's comparison up for good.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[Waiting[Item]] = []
        self._rounds = RoundRobin()
        self._number = self._in_a_row = 0

    def put(self, priority: int, who: Who, item: Item) -> None:
        with self._changed:
            self._number += 1
            self._waiting.append(Waiting(priority, self._number, who, item))
            self._changed.notify()

    def get(self) -> Item:
        """The next item; waits until there is one."""
        with self._changed:
            while not self._waiting:
                self._changed.wait()
            chosen = min(self._eligible(), key=self._order)
            self._waiting.remove(chosen)
            self._rounds.served(chosen.who)
            return chosen.item

    def count(self, origin: str) -> tuple[int, int]:
        """How many items of one origin wait, and how many in all."""
        with self._changed:
            return sum(one.who.origin == origin for one in self._waiting), len(self._waiting)

    def drain(self) -> list[Item]:
        """All that wait; nobody waits afterwards."""
        with self._changed:
            left, self._waiting = self._waiting, []
        return [one.item for one in left]

    def _eligible(self) -> Iterable[Waiting[Item]]:
        best = min(one.priority for one in self._waiting)
        others = [one for one in self._waiting if one.priority > best]
        if others and self._in_a_row >= IN_A_ROW:
            self._in_a_row = 0
            return others
        self._in_a_row += 1
        return [one for one in self._waiting if one.priority == best]

    def _order(self, one: Waiting[Item]) -> tuple[int, int, int]:
        return *self._rounds.order(one.who), one.number
