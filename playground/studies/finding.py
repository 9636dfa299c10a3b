"""What a study shows: the answer, the figure's data, and the table both are read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Cell = str | int | float


@dataclass(frozen=True)
class Point:
    """A mean over seeds. low, high: its 95 % interval, None for a single seed. each: by seed."""

    x: float
    y: float
    low: float | None
    high: float | None
    each: tuple[float, ...]


@dataclass(frozen=True)
class Series:
    """One line, its points in the order of x."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Figure:
    """levels: what is drawn from side to side, as guessing, by its name."""

    x_title: str
    y_title: str
    series: tuple[Series, ...]
    levels: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """answer: a sentence or two. done, total: how many of the runs there are have been read. heads,
    rows: the table, as many cells in each row as there are heads."""

    answer: str
    figure: Figure
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    done: int
    total: int
