"""Making a prompt fit: the texts are cut where they are longest, the template never."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from playground.data.problem import shown
from playground.errors import UserError
from playground.tasks.classification import Task
from playground.tasks.template import Hole, parse

Tokens = Callable[[str], Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Fitted:
    """row: as given, or with shorter texts. cut: tokens of text that were left out."""

    row: dict[str, str]
    cut: int


def fit(task: Task, row: Mapping[str, str], room: int, tokens: Tokens) -> Fitted:
    """The row with texts short enough for `task.render(row)` to have at most `room` tokens.

    tokens: where each token of a text starts and ends, in characters. The instruction,
    demonstrations and the answer are not counted: take them off `room` first. The longest text
    loses its last tokens first. Raises UserError when the template alone has more than `room`.
    """
    excess = _tokens(task, row, tokens) - room
    if excess <= 0:
        return Fitted(dict(row), 0)
    times = Counter(part.column for part in parse(task.template) if isinstance(part, Hole))
    texts = {column: row[column].strip() for column in times}
    places = {column: tokens(text) for column, text in texts.items()}
    lengths = {column: len(ends) for column, ends in places.items()}
    whole = budget = sum(lengths[column] * n for column, n in times.items())
    while excess > 0:
        if budget <= 0:
            raise UserError(
                f"The template {shown(task.template)} alone has {room + excess} tokens, {room} fit."
                " Shorten the template or the instruction, or use fewer demonstrations."
            )
        # Every round aims at least one token lower, so it ends at empty texts at the latest.
        budget = max(0, min(budget, whole) - excess)
        level = _level(lengths, times, budget)
        cut = {column: _start(texts[column], places[column], level) for column in texts}
        shorter = {**row, **cut}
        excess = _tokens(task, shorter, tokens) - room
    left_out = sum(max(0, length - level) for length in lengths.values())
    return Fitted(shorter, left_out)


def _tokens(task: Task, row: Mapping[str, str], tokens: Tokens) -> int:
    prompt = task.render(row)
    return len(tokens(prompt.before)) + (len(tokens(prompt.after)) if prompt.after else 0)


def _level(lengths: Mapping[str, int], times: Mapping[str, int], budget: int) -> int:
    """The most tokens that every text may have so that all together have at most `budget`."""
    low, high = 0, max(lengths.values())
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(lengths[column], middle) * n for column, n in times.items()) <= budget:
            low = middle
        else:
            high = middle - 1
    return low


def _start(text: str, places: Sequence[tuple[int, int]], level: int) -> str:
    """The text up to the end of its `level`-th token."""
    if level >= len(places):
        return text
    return text[: places[level - 1][1]].rstrip() if level else ""
