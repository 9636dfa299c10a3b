"""What a person is shown before anything is scored: the prompt as sent, and the label words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch

from playground.models.answer_words import AnswerWords, answer_words
from playground.models.language_model import LanguageModel
from playground.models.prompts import Shown, encoder_for
from playground.scoring.score import score
from playground.tasks.classification import Task

SLOT = "___"  # stands for the answer where a prompt is shown
LOPSIDED = 3.0  # a label that gets this many times its even share before any text is read


@dataclass(frozen=True)
class PromptText:
    """The very prompt that is sent, around the answer slot."""

    before: str
    after: str
    tokens: int  # special tokens included, the answer not
    room: int  # tokens the model could read in its place
    dropped: int  # demonstrations left out because they did not fit
    cut: bool  # the text was shortened
    spoken: tuple[int, ...] = ()  # the ids of a conversation, whose marks the text does not tell


@dataclass(frozen=True)
class WordCheck:
    """How a model reads one label word. `prior`: its probability when the text is "N/A"."""

    label: str
    word: str
    tokens: tuple[str, ...]
    prior: float
    problem: str  # a sentence, "" when there is none


def prompt_text(
    model: LanguageModel,
    task: Task,
    row: Mapping[str, str],
    demonstrations: Shown = (),
    network: torch.nn.Module | None = None,
) -> PromptText:
    """The prompt of one row, shortened as it will be when `network` (by default the base) is
    asked."""
    encoder = encoder_for(model, network or model.network, task, demonstrations)
    parts = encoder.parts(row)
    reserved = encoder.model.family.reserve(encoder.words.slots) + encoder.virtual_tokens
    return PromptText(
        before=parts.prompt.before,
        after=parts.prompt.after,
        tokens=len(parts.shared) + len(parts.query) + len(parts.after),
        room=model.max_length - reserved,
        dropped=parts.dropped,
        cut=parts.cut,
        spoken=(*parts.shared, *parts.query) if encoder.task.chat else (),
    )


def as_read(model: LanguageModel, before: str, after: str) -> str:
    """A prompt as a person reads it, with a gap for the answer unless it simply goes on there."""
    goes_on = model.family.writes and not after.strip()
    return before if goes_on else f"{before} {SLOT}{after}"


def check_words(model: LanguageModel, task: Task) -> tuple[WordCheck, ...]:
    """Every label word as the model reads it, with what is to be said against it."""
    words = answer_words(model, task)
    prior = score(model, model.network, task, []).prior
    shares = [math.exp(number) for number in prior.restricted]
    return tuple(
        WordCheck(label, word, model.pieces(ids), share, _problem(model, words, ids, share))
        for label, word, ids, share in zip(task.labels, task.words, words.ids, shares, strict=True)
    )


def _problem(model: LanguageModel, words: AnswerWords, ids: tuple[int, ...], share: float) -> str:
    said = []
    if model.tokenizer.unk_token_id is not None and model.tokenizer.unk_token_id in ids:
        said.append("the model has no token for some of its characters")
    if len(ids) > 1:
        said.append(f"{len(ids)} tokens: slower, and the mean per token flatters it")
    rivals = [other for other in words.ids if other is not ids and other[0] == ids[0]]
    if rivals:
        said.append("begins with the same token as another label word")
    even = 1 / len(words.ids)
    if share > min(LOPSIDED * even, 1 - (1 - even) / LOPSIDED):
        said.append(f"gets {share:.0%} before any text is read")
    return "; ".join(said)
