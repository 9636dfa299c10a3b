"""Label scores of many rows: the best way the network allows, in the order asked."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch

from playground.answers import LabelScores
from playground.data.task import Task
from playground.models.answer_words import AnswerWords, absent_row
from playground.models.families import PromptParts
from playground.models.language_model import LanguageModel
from playground.models.prompts import PromptEncoder, Shown, encoder_for
from playground.scoring.batching import asking
from playground.scoring.cached import can_cache, on_the_cache
from playground.scoring.encoded_once import can_encode_once, encoded_once
from playground.scoring.naive import Pair, whole_sequences

Progress = Callable[[int], None]  # called with the number of rows scored so far
Way = Callable[
    [torch.nn.Module, PromptEncoder, Sequence[PromptParts]], Iterator[tuple[list[int], Pair]]
]


@dataclass(frozen=True)
class Scored:
    """What asking gave. `prior`: the scores when every text is "N/A", for PMI, behind the
    demonstrations such a row gets."""

    scores: tuple[LabelScores, ...]  # in the order of the rows
    prior: LabelScores
    dropped: int  # the most demonstrations that one row had no room for
    cut: int  # rows whose text was shortened
    tokens: int  # of all prompts as sent, the shared part counted for each
    seconds: float


def score(
    model: LanguageModel,
    network: torch.nn.Module,
    task: Task,
    rows: Sequence[Mapping[str, str]],
    demonstrations: Shown = (),
    progress: Progress | None = None,
) -> Scored:
    """How well each label word answers each row, by `network`: the base or a tuned one.

    What the prompts share runs once and its keys and values are kept, wherever the network allows
    it; the result is that of `score_naively`. The network's mode is the same afterwards.
    """
    encoder = encoder_for(model, network, task, demonstrations)
    return _score(network, encoder, rows, progress, cached=True)


def score_naively(
    model: LanguageModel,
    network: torch.nn.Module,
    task: Task,
    rows: Sequence[Mapping[str, str]],
    demonstrations: Shown = (),
) -> Scored:
    """The same as `score`, running every whole sequence: what it is tested against."""
    encoder = encoder_for(model, network, task, demonstrations)
    return _score(network, encoder, rows, None, cached=False)


def _score(
    network: torch.nn.Module,
    encoder: PromptEncoder,
    rows: Sequence[Mapping[str, str]],
    progress: Progress | None,
    cached: bool,
) -> Scored:
    started = time.perf_counter()
    model = encoder.model
    prompts = [encoder.parts(row) for row in (*rows, absent_row(encoder.task))]
    with asking(network, model.device):
        way = best_way(network, encoder, prompts) if cached else whole_sequences
        found = _in_order(way(network, encoder, prompts), encoder.words, len(prompts), progress)
    return Scored(
        scores=found[:-1],
        prior=found[-1],
        dropped=max((p.dropped for p in prompts[:-1]), default=0),
        cut=sum(p.cut for p in prompts[:-1]),
        tokens=sum(_tokens(p) for p in prompts[:-1]),
        seconds=time.perf_counter() - started,
    )


def best_way(
    network: torch.nn.Module, encoder: PromptEncoder, prompts: Sequence[PromptParts]
) -> Way:
    """The way of scoring prompts that runs the least, of those this network allows."""
    model = encoder.model
    if model.family.parallel or not model.keeps:
        return whole_sequences  # of a family that has every label in one pass
    if model.family.name == "seq2seq":
        return encoded_once if can_encode_once(network, model) else whole_sequences
    longest = _longest(encoder, prompts)
    return on_the_cache if can_cache(network, model, longest) else whole_sequences


def _in_order(
    batches: Iterable[tuple[list[int], Pair]],
    words: AnswerWords,
    count: int,
    progress: Progress | None,
) -> tuple[LabelScores, ...]:
    """One LabelScores per prompt. The last prompt is the prior and no row: it is not counted."""
    length = tuple(len(path) for path in words.ids)
    found: dict[int, LabelScores] = {}
    for indices, (total, restricted) in batches:
        numbers = zip(indices, total.tolist(), restricted.tolist(), strict=True)
        for index, sums, among in numbers:
            found[index] = LabelScores(tuple(sums), length, tuple(among))
        if progress is not None:
            progress(len(found) - (count - 1 in found))
    return tuple(found[index] for index in range(count))


def _tokens(parts: PromptParts) -> int:
    return len(parts.shared) + len(parts.query) + len(parts.after)


def _longest(encoder: PromptEncoder, prompts: Sequence[PromptParts]) -> int:
    return max(map(_tokens, prompts)) + encoder.words.slots + encoder.virtual_tokens
