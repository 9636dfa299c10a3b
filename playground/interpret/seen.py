"""What a view is given, and what it gives back: plain values, for a page to draw."""

from dataclasses import dataclass

import torch

from playground.models.language_model import LanguageModel
from playground.tasks.classification import Task


@dataclass(frozen=True)
class Opened:
    """A finished run on its base, as `Method.load` gives it. method: its name."""

    model: LanguageModel
    network: torch.nn.Module
    method: str
    task: Task


Cell = str | int | float


@dataclass(frozen=True)
class Seen:
    """answer: a sentence or two that the numbers bear out, a control beside them. heads, rows: the
    table it is read from, as many cells in each row as there are heads."""

    answer: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
