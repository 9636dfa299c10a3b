"""How long one question to many tasks takes: one mixed batch against one task after the other."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.serving.asking import Answered, Asked, ask
from playground.serving.injection import read
from playground.serving.mixed import Mixed
from playground.serving.shelf import Adapter

REPEATS = (6, 15)  # at least and at most; from 6 on, an interval of 95 % exists
SECONDS = 4.0  # after the fewest repeats, no more are begun


@dataclass(frozen=True)
class Ratio:
    """A median of ratios, with an interval that holds the true one with at least 95 %."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Times:
    """Medians of `repeats` rounds, in seconds for all tasks together.

    mixed:     one batch, every row with its own task's adapter.
    kept:      one task after the other, every adapter in memory already.
    switching: one task after the other, each adapter read from its files, put on and taken off.
    The ratios say how many times longer than the mixed batch, from times taken in the same round.
    """

    tasks: int
    repeats: int
    mixed: float
    kept: float
    switching: float
    kept_ratio: Ratio
    switching_ratio: Ratio


def measure(mixed: Mixed, asked: Sequence[Asked], adapters: Sequence[Adapter]) -> Times:
    """The three ways in turn, round after round, so that what else the machine does hits all.

    The same code asks in all three. A first round, which warms up, is not counted.
    """
    ways: tuple[Callable[[], object], ...] = (
        lambda: ask(mixed, asked),
        lambda: [ask(mixed, [one]) for one in asked],
        lambda: [_switch(mixed, one, adapters) for one in asked],
    )
    rounds: list[list[float]] = []
    for way in ways:
        way()
    started = time.perf_counter()
    while len(rounds) < REPEATS[1]:
        rounds.append([_seconds(way) for way in ways])
        if len(rounds) >= REPEATS[0] and time.perf_counter() - started > SECONDS:
            break
    together, kept, switching = zip(*rounds, strict=True)
    return Times(
        tasks=len(asked),
        repeats=len(rounds),
        mixed=statistics.median(together),
        kept=statistics.median(kept),
        switching=statistics.median(switching),
        kept_ratio=ratio(kept, together),
        switching_ratio=ratio(switching, together),
    )


def ratio(longer: Sequence[float], shorter: Sequence[float]) -> Ratio:
    """Of times taken in pairs."""
    return Ratio(*median([a / b for a, b in zip(longer, shorter, strict=True)]))


def median(values: Sequence[float]) -> tuple[float, float, float]:
    """The median and its 95 % interval, which lies between two of the values in order of size: as
    many left out at each end as a fair coin allows (the sign test's interval of a median)."""
    ordered, count = sorted(values), len(values)
    tails = [2 * sum(math.comb(count, i) for i in range(k + 1)) for k in range(count // 2)]
    outside = max((k for k, tail in enumerate(tails) if tail <= 0.05 * 2**count), default=0)
    return statistics.median(ordered), ordered[outside], ordered[-1 - outside]


def _switch(mixed: Mixed, one: Asked, adapters: Sequence[Adapter]) -> list[Answered]:
    own = [] if one.user is None else [adapters[one.user]]
    read_now = [read(mixed.model, adapter.method, adapter.folder) for adapter in own]
    alone = Mixed(mixed.model, read_now, like=mixed)
    return ask(alone, [Asked(one.task, one.row, 0 if own else None)])


def _seconds(way: Callable[[], object]) -> float:
    started = time.perf_counter()
    way()
    return time.perf_counter() - started
