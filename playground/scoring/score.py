"""Label scores of many rows: the best way the network allows, in the order asked."""

import functools
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch

from playground.evaluation.answers import LabelScores
from playground.models.answer_words import AnswerWords, absent_row
from playground.models.families import PromptParts
from playground.models.language_model import LanguageModel
from playground.models.prompts import PromptEncoder, Shown, encoder_for
from playground.scoring.batching import asking
from playground.scoring.naive import Pair, whole_sequences
from playground.scoring.shortcuts import SHORTCUTS, Way, why_whole
from playground.tasks.classification import Task

Progress = Callable[[int], None]  # called with the number of rows scored so far


@dataclass(frozen=True)
class Scored:
    """What asking gave. `prior`: the scores when every text is "N/A", for PMI, after the
    demonstrations such a row gets."""

    scores: tuple[LabelScores, ...]  # in the order of the rows
    prior: LabelScores
    dropped: int  # the most demonstrations that one row had no room for
    cut: int  # rows whose text was shortened
    tokens: int  # of all prompts as sent, the shared part counted for each
    seconds: float
    slow: str = ""  # why the model was asked in a slower way than its family allows, a sentence


def score(
    model: LanguageModel,
    network: torch.nn.Module,
    task: Task,
    rows: Sequence[Mapping[str, str]],
    demonstrations: Shown = (),
    progress: Progress | None = None,
) -> Scored:
    """How well each label word answers each row, by `network`: the base or a tuned one.

    What the prompts share runs once and its keys and values are cached, wherever the network allows
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
    slow = _why_slow(network, encoder, prompts) if cached else ""
    _tell(slow)
    with asking(network, model.device):
        way = _way(model, slow) if cached else whole_sequences
        found = _in_order(way(network, encoder, prompts), encoder.words, len(prompts), progress)
    return Scored(
        scores=found[:-1],
        prior=found[-1],
        dropped=max((p.dropped for p in prompts[:-1]), default=0),
        cut=sum(p.cut for p in prompts[:-1]),
        tokens=sum(_tokens(p) for p in prompts[:-1]),
        seconds=time.perf_counter() - started,
        slow=slow,
    )


def best_way(
    network: torch.nn.Module, encoder: PromptEncoder, prompts: Sequence[PromptParts]
) -> Way:
    """The way of scoring prompts that runs the least, of those this network allows."""
    return _way(encoder.model, _why_slow(network, encoder, prompts))


def _way(model: LanguageModel, slow: str) -> Way:
    """Whole sequences where that is the best (one pass has every label) or all that is allowed."""
    return whole_sequences if model.family.parallel or slow else SHORTCUTS[model.family.name]


def _why_slow(
    network: torch.nn.Module, encoder: PromptEncoder, prompts: Sequence[PromptParts]
) -> str:
    """Why every sequence is run whole, as a sentence; "" where that is the best way anyhow."""
    model = encoder.model
    if model.family.parallel:
        return ""
    reason = why_whole(network, model, _longest(encoder, prompts))
    if not reason:
        return ""
    return f"{model.id} is asked in a slower way, every prompt run whole for each label: {reason}."


@functools.cache
def _tell(slow: str) -> None:
    """Into the log of the process, once for each sentence."""
    if slow:
        logging.getLogger(__name__).warning(slow)


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
