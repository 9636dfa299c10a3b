"""What the asking process is asked: one job, and who waits for it."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from playground.errors import UserError
from playground.inference.line import Who

CLOSING, INTERACTIVE, BULK = 0, 1, 2  # what goes first
Reply = dict[str, Any]


class Abandoned(UserError):
    """Nobody waits for the answer: whoever asked has gone."""


def unheard(done: int) -> None:
    """Nobody counts the rows."""


@dataclass
class Request:
    """One job for the asking process; `progress` hears how many rows are done."""

    serial: int
    job: str
    values: Reply
    who: Who
    progress: Callable[[int], None]
    answer: "Future[Reply]" = field(default_factory=Future)
