"""From a row to tokens: the one path that training and scoring share, so that they agree."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch

from playground.data.example import Example
from playground.data.fitting import fit
from playground.data.task import Prompt, Task, preamble
from playground.errors import UserError
from playground.models.answer_logits import virtual_tokens
from playground.models.answer_words import AnswerWords, answer_words
from playground.models.chat import Chat
from playground.models.classes import bare, class_words, classes_of, pooled
from playground.models.families import Encoded, PromptParts
from playground.models.language_model import LanguageModel

# What stands before every row's question, or what chooses it for each.
Shown = Sequence[Example] | Callable[[Mapping[str, str]], Sequence[Example]]


@dataclass(frozen=True)
class PromptEncoder:
    """Turns rows of a task into sequences for a model.

    The text shared by all examples (instruction, demonstrations) and the example itself are
    tokenised apart, the example as a continuation of the shared text's last line, so the shared
    tokens never depend on the example and can be run once.
    """

    model: LanguageModel
    task: Task
    words: AnswerWords
    demonstrations: Shown = ()
    virtual_tokens: int = 0

    def encode(self, row: Mapping[str, str], label: str | None = None) -> Encoded:
        """The whole sequence. `label`: whose word a causal model reads while being taught."""
        answer = () if label is None else self.words.path(label)
        return self.model.family.place(self.model, self.parts(row), answer, self.words.slots)

    def parts(self, row: Mapping[str, str]) -> PromptParts:
        """The prompt in tokens, made to fit.

        Whole demonstrations go first, from the far end; only when none is left is the example's
        own text cut, and the template never. Raises UserError when the template alone is too long.
        """
        if callable(self.demonstrations):
            return replace(self, demonstrations=self.demonstrations(row)).parts(row)
        all_of_them = len(self.demonstrations)
        parts = self._parts(row, 0)
        if self._room(parts) < 0 < all_of_them:
            # halving, as every further demonstration that is dropped leaves more room
            counts = range(1, all_of_them)
            fits = bisect_left(counts, True, key=lambda n: self._room(self._parts(row, n)) >= 0)
            parts = self._parts(row, 1 + fits)
        return parts if self._room(parts) >= 0 else self._cut(row, parts)

    def _cut(self, row: Mapping[str, str], parts: PromptParts) -> PromptParts:
        model, dropped = self.model, parts.dropped
        room = len(parts.query) + len(parts.after) - len(model.end_ids) + self._room(parts)
        while room > 0:
            shorter = fit(self.task, dict(row), room, model.offsets)
            parts = self._parts(shorter.row, dropped)
            missing = -self._room(parts)
            if missing <= 0:
                return PromptParts(
                    parts.shared, parts.query, parts.after, parts.prompt, dropped, cut=True
                )
            room -= missing  # pieces may split otherwise where two texts meet
        raise UserError(
            f"The template and the instruction alone are longer than the {model.max_length} tokens"
            f" {model.id} reads. Shorten them."
        )

    def _room(self, parts: PromptParts) -> int:
        """Tokens still free, below 0 when the prompt does not fit."""
        used = len(parts.shared) + len(parts.query) + len(parts.after)
        reserved = self.model.family.reserve(self.words.slots) + self.virtual_tokens
        return self.model.max_length - used - reserved

    def _parts(self, row: Mapping[str, str], dropped: int) -> PromptParts:
        if self._chat is not None:
            return self._chat.parts(row, self.demonstrations, dropped)
        model, (text, shared) = self.model, self._shared(dropped)
        own = self.task.render(row)
        # The separator goes with the example: tokenizers break before it, not behind it.
        head = text.rstrip()
        query = model.continuation(head.rsplit("\n", 1)[-1], text[len(head) :] + own.before)
        prompt = Prompt(text + own.before, own.after)
        return PromptParts(shared, query, model.family.after(model, own.after), prompt, dropped)

    def _shared(self, dropped: int) -> tuple[str, tuple[int, ...]]:
        """Text and tokens in front of every example once so many demonstrations are dropped."""
        if dropped not in self._read:
            text = preamble(self.task, self.demonstrations[dropped:])
            tokens = (*self.model.start_ids, *self.model.tokens(text.rstrip()))
            self._read[dropped] = text, tokens
        return self._read[dropped]

    @cached_property
    def _chat(self) -> Chat | None:
        """How the model's chat template poses the prompt, None where it is sent as it is."""
        return Chat.of(self.model, self.task) if self.task.chat else None

    @cached_property
    def _read(self) -> dict[int, tuple[str, tuple[int, ...]]]:
        """What `_shared` has found so far."""
        return {}


def encoder_for(
    model: LanguageModel,
    network: torch.nn.Module,
    task: Task,
    demonstrations: Shown = (),
) -> PromptEncoder:
    """What `network`, a base or a tuned one, reads of a task's rows and answers with: the template
    and the label words, or the text alone and its classes where it has a classifier head."""
    if (classes := classes_of(network)) is not None:
        words = class_words(classes, task.labels)
        return PromptEncoder(pooled(model), bare(model, task), words)
    words = answer_words(model, task)
    return PromptEncoder(model, task, words, demonstrations, virtual_tokens(network))
