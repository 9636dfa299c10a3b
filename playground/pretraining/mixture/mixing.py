"""The stream of stage 2: prompted documents and plain text, mixed by their length."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from pathlib import Path
from random import Random

from playground.errors import UserError
from playground.pretraining.document import Document, Piece
from playground.pretraining.mixture.contamination import Overlap, measured_sets
from playground.pretraining.mixture.layout import prompted
from playground.pretraining.mixture.registry import LABELLERS, chosen, emphasised
from playground.pretraining.mixture.sets import read_sets
from playground.pretraining.mixture.task import Task
from playground.pretraining.mixture.world import World

NO_EMPHASIS: Mapping[str, float] = {}
_FIRST = 300  # texts read before the first prompt is made, so that tasks have something to draw
_FRESH = 12  # prompted documents in a row after which a text is read all the same
_TRIES = 50  # tasks tried for one document; early in a stream some have nothing yet


def documents(
    sources: Path,
    text: Iterable[tuple[str, str]],
    seed: int,
    share_text: float,
    tasks: Sequence[str] | None = None,
    emphasis: Mapping[str, float] = NO_EMPHASIS,
) -> Iterator[Document]:
    """Prompted documents of the tasks, and plain text, in a stream that a seed decides.

    sources: the folder of labelled sets. text: (kind, text), read as it is needed; the stream
    ends with it, and without a text to begin with it does not end. share_text: of the characters,
    from 0 to 1. tasks: names from TASKS, all by default. emphasis: type of task -> how many times
    as often as usual.

    What overlaps with a set that measures, in `sources` or among the app's samples, is left out
    of the labelled texts, line by line out of the text; see contamination.py.
    Raises UserError for an unknown task or type and for a share that is none.
    """
    if not 0 <= share_text <= 1:
        raise UserError(f"The share of text is {share_text}. Give a number from 0 to 1.")
    picked = emphasised(chosen(tasks), emphasis)
    overlap = Overlap(measured_sets(sources))
    world = World(read_sets(sources, overlap.keeps), LABELLERS)
    return _stream(picked, world, overlap.clean(text), Random(seed), share_text)


def _stream(
    tasks: Sequence[Task],
    world: World,
    texts: Iterator[tuple[str, str]],
    rng: Random,
    share_text: float,
) -> Iterator[Document]:
    waiting = deque(islice(texts, _FIRST))
    endless = not waiting
    for kind, text in waiting:
        world.read(kind, text)
    given = {True: 0, False: 0}  # characters of text, of prompts
    in_a_row = 0
    while True:
        due = given[True] <= share_text * (given[True] + given[False]) and share_text > 0
        fresh = due or in_a_row >= _FRESH
        if fresh and not endless:
            if not waiting:
                return
            kind, text = waiting.popleft()
            for following in islice(texts, 1):
                world.read(*following)
                waiting.append(following)
            in_a_row = 0
            if due:
                given[True] += len(text)
                yield Document(kind, (Piece(text),))
                continue
        document = _one(tasks, rng, world)
        given[False] += sum(len(piece.text) for piece in document.pieces)
        in_a_row += 1
        yield document


def _one(tasks: Sequence[Task], rng: Random, world: World) -> Document:
    """A document of a task that has something to ask. Raises UserError if there is none."""
    upto = list(accumulate(task.weight for task in tasks))
    for _ in range(_TRIES):
        (task,) = rng.choices(tasks, cum_weights=upto)
        if document := prompted(task, rng, world):
            return document
    raise UserError(
        "None of the tasks has anything to ask of the text and the labelled sets given."
        " Give more text or more sets, or choose other tasks."
    )
