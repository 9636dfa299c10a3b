"""Label scores of rows of many tasks, each with its own template, label words and adapter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch

from playground.evaluation.answers import LabelScores
from playground.models.answer_words import AnswerWords, answer_words, path_scores
from playground.models.families import PromptParts
from playground.models.prompts import PromptEncoder
from playground.scoring.batching import Budget, asking, by_length, token_budget
from playground.scoring.cached import LOGITS
from playground.serving.lines import Line
from playground.serving.mixed import Mixed
from playground.serving.stacked import NotByRow
from playground.tasks.classification import Task


@dataclass(frozen=True)
class Asked:
    """One row of one task. user: the number of the adapter that answers, None for the base."""

    task: Task
    row: Mapping[str, str]
    user: int | None = None


@dataclass(frozen=True)
class Answered:
    """What one row was scored. tokens: of its prompt; cut: whether its text was shortened."""

    scores: LabelScores
    prompt: PromptParts

    @property
    def tokens(self) -> int:
        return len(self.prompt.shared) + len(self.prompt.query) + len(self.prompt.after)


@dataclass(frozen=True)
class Part:
    """A line, and which labels of which row its logits score. places: as in path_scores."""

    asked: int
    line: Line
    words: AnswerWords
    labels: tuple[int, ...]
    places: torch.Tensor | None


def ask(mixed: Mixed, asked: Sequence[Asked]) -> list[Answered]:
    """How well each label word of its own task answers each row, in the order asked.

    The same as asking every row with its adapter alone on the base, to rounding.
    """
    model, known = mixed.model, {}
    prompts: list[tuple[PromptEncoder, PromptParts]] = []
    for one in asked:
        key = (id(one.task), one.user)
        if key not in known:
            front = 0 if one.user is None else mixed.injections[one.user].virtual_tokens
            words = answer_words(model, one.task)
            known[key] = PromptEncoder(model, one.task, words, virtual_tokens=front)
        prompts.append((known[key], known[key].parts(one.row)))
    with asking(model.network, model.device):
        parts = _parts(mixed, asked, prompts)
        try:
            found = _scores(mixed, parts, len(asked), _most(mixed, parts))
        except NotByRow:
            found = _scores(mixed, parts, len(asked), most=1)
    return [Answered(scores, own) for scores, (_, own) in zip(found, prompts, strict=True)]


def _parts(
    mixed: Mixed, asked: Sequence[Asked], prompts: Sequence[tuple[PromptEncoder, PromptParts]]
) -> list[Part]:
    return [
        part
        for number, (one, (encoder, parts)) in enumerate(zip(asked, prompts, strict=True))
        for part in _lines(mixed, number, one.user, encoder, parts)
    ]


def _lines(
    mixed: Mixed, number: int, user: int | None, encoder: PromptEncoder, parts: PromptParts
) -> Iterator[Part]:
    """The sequences of one row: one where possible, else one for each beginning of a word."""
    model, words = encoder.model, encoder.words
    if words.nodes and mixed.can_branch:
        prompt = (*parts.shared, *parts.query)
        ids = (*prompt, *(node[-1] for node in words.nodes))
        line = Line(ids, tuple(range(len(prompt) - 1, len(ids))), words.nodes, user)
        yield Part(number, line, words, tuple(range(len(words.labels))), words.positions)
        return
    everything = list(range(len(words.labels)))
    for labels in [everything] if model.family.parallel else words.stems.values():
        placed = model.family.encode(model, parts, words.ids[labels[0]], words.slots)
        line = Line(placed.ids, placed.rows, (), user, placed.decoder)
        yield Part(number, line, words, tuple(labels), None)


def _scores(mixed: Mixed, parts: Sequence[Part], count: int, most: int) -> list[LabelScores]:
    """Of every row, from its parts. most: lines of one batch."""
    found: list[dict[int, tuple[float, float]]] = [{} for _ in range(count)]
    lengths = [_length(mixed, part.line) for part in parts]
    for indices in by_length(lengths, Budget(token_budget(mixed.model.device), most=most)):
        chosen = [parts[index] for index in indices]
        logits = mixed.logits([part.line for part in chosen])
        for part, own in zip(chosen, logits, strict=True):
            found[part.asked] |= _label_scores(own[None, : len(part.line.rows)], part)
    words = {part.asked: part.words for part in parts}
    return [_in_order(numbers, words[number]) for number, numbers in enumerate(found)]


def _label_scores(logits: torch.Tensor, part: Part) -> dict[int, tuple[float, float]]:
    """Total and restricted score by label. logits: (1, rows, vocab) of the part's line."""
    labels = torch.tensor(part.labels)[None]
    pair = path_scores(logits, labels, part.words, part.places)
    total, restricted = (scores[0].tolist() for scores in pair)
    return dict(zip(part.labels, zip(total, restricted, strict=True), strict=True))


def _in_order(numbers: dict[int, tuple[float, float]], words: AnswerWords) -> LabelScores:
    total, restricted = zip(*(numbers[label] for label in range(len(words.labels))), strict=True)
    return LabelScores(total, tuple(len(path) for path in words.ids), restricted)


def _length(mixed: Mixed, line: Line) -> int:
    front = 0 if line.user is None else mixed.injections[line.user].virtual_tokens
    return front + len(line.ids)


def _most(mixed: Mixed, parts: Sequence[Part]) -> int:
    """Lines of one batch, so that their logits stay small enough."""
    rows = max(len(part.line.rows) for part in parts)
    return max(1, LOGITS // (rows * mixed.model.network.config.get_text_config().vocab_size))
