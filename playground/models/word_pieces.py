"""The pieces of label words as they stand in a text, after what a template puts before them."""

from collections.abc import Sequence
from dataclasses import dataclass

from playground.models.language_model import EDGE, LanguageModel
from playground.tasks.classification import ABSENT, Task
from playground.tasks.template import Slot, Text, parse


@dataclass(frozen=True)
class WordPieces:
    """pieces: of each word, in the task's order. lead: the last characters of every prompt, where
    the pieces begin with them."""

    pieces: tuple[tuple[int, ...], ...]
    lead: str = ""


def within_text(model: LanguageModel, task: Task) -> WordPieces:
    """What each label word adds to the pieces of a prompt.

    Where a word and the end of the prompt share a piece, the words begin as far back as it takes
    for all to part from the prompt at one place, but never inside a column's text.
    """
    before = task.render(dict.fromkeys(task.text_columns, ABSENT)).before
    words = [task.gap + word for word in task.words]
    cut = parting(model, before, words, len(_literal(task)))
    if cut is None:
        return WordPieces(tuple(model.continuation(before, word) for word in words))
    left, lead = before[: len(before) - cut][-EDGE:], before[len(before) - cut :]
    added = (model.added(left, left + lead + word) for word in words)
    return WordPieces(tuple(ids for ids in added if ids is not None), lead)


def parting(model: LanguageModel, left: str, texts: Sequence[str], most: int) -> int | None:
    """How many of the last characters of `left` are read with what follows it, be it which of
    `texts`: the fewest for which the pieces before them stay as they are.

    None where more than `most` would be, or all but blanks.
    """
    left = left[-EDGE:]
    for cut in range(min(most, len(left)) + 1):
        kept = left[: len(left) - cut]
        if cut and not kept.strip():
            return None
        if all(model.added(kept, left + text) is not None for text in texts):
            return cut
    return None


def _literal(task: Task) -> str:
    """The characters before the answer slot that are the template's own, whatever the row."""
    parts = parse(task.template)
    slot = next((i for i, part in enumerate(parts) if isinstance(part, Slot)), len(parts))
    written = ""
    for part in reversed(parts[:slot]):
        if not isinstance(part, Text):
            break
        written = part.text + written
    return written.rstrip(" \t")
