"""From a row to tokens: the one path that training and scoring share, so that they agree."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import torch

from playground.data.example import Example
from playground.errors import UserError
from playground.models.answer_logits import virtual_tokens
from playground.models.answer_words import AnswerWords, absent_row, answer_words
from playground.models.chat import Chat
from playground.models.classes import bare, class_words, classes_of, pooled
from playground.models.families import Encoded, PromptParts
from playground.models.language_model import LanguageModel, edge
from playground.models.word_pieces import parting
from playground.tasks.classification import SEPARATOR, Prompt, Task
from playground.tasks.fitting import fit

# What stands before every row's question, or what chooses it for each.
Shown = Sequence[Example] | Callable[[Mapping[str, str]], Sequence[Example]]


@dataclass(frozen=True)
class PromptEncoder:
    """Turns rows of a task into sequences for a model.

    The instruction, every demonstration and the example itself are tokenised apart, each as the
    continuation of what stands before it, so the shared tokens never depend on the example and can
    be run once; and a demonstration holds its label word in the very pieces that are asked for.

    separator: the mark between the texts of a task without words, where there is one.
    """

    model: LanguageModel
    task: Task
    words: AnswerWords
    demonstrations: Shown = ()
    virtual_tokens: int = 0
    separator: int | None = None
    # Demonstrations in tokens, also those of other rows when they are chosen for each.
    _known: dict[tuple[str, str, Prompt, int], tuple[int, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def encode(self, row: Mapping[str, str], label: str | None = None) -> Encoded:
        """The whole sequence. `label`: whose word a causal model reads in training."""
        answer = () if label is None else self.words.path(label)
        return self.model.family.encode(self.model, self.parts(row), answer, self.words.slots)

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
            return self._chat.parts(row, self._drawn, dropped)
        model, shared = self.model, self._shared(dropped)
        own = self.task.render(row)
        query = self._question(shared, row, own)
        if not shared.ids and not query:
            query = (model.pad_id,)  # an empty text: something has to be answered all the same
        first_word = self.task.gap + self.task.words[0]
        after = model.family.after(model, first_word, own.after)
        prompt = Prompt(shared.text + own.before, own.after)
        return PromptParts(shared.ids, query, after, prompt, dropped)

    def _question(self, shared: "_Shown", row: Mapping[str, str], own: Prompt) -> tuple[int, ...]:
        """The ids of an example up to the answer slot."""
        if self.separator is None:
            return self._asking(shared, own.before)
        first, *others = (self.model.tokens(row[name].strip()) for name in self.task.text_columns)
        return (*first, *(token for ids in others for token in (self.separator, *ids)))

    def _asking(self, shared: "_Shown", before: str) -> tuple[int, ...]:
        # The separator goes with the example: tokenizers break before it, not after it.
        return self.model.continuation(
            shared.end, shared.between + before.removesuffix(self.words.lead)
        )

    @property
    def _drawn(self) -> Sequence[Example]:
        """The demonstrations, where they are the same for every row."""
        return () if callable(self.demonstrations) else self.demonstrations

    def _shared(self, dropped: int) -> "_Shown":
        """What is before every example once so many demonstrations are dropped."""
        if dropped not in self._read:
            self._read[dropped] = self._one_after_another(self._drawn[dropped:])
        return self._read[dropped]

    def _one_after_another(self, demonstrations: Sequence[Example]) -> "_Shown":
        shown = self._instructed()
        for example in demonstrations:
            prompt, index = self.task.render(example.row), self.words.labels.index(example.label)
            ids = self._answered(shown, prompt, index)
            word = self.task.gap + self.task.label_words[example.label]
            shown = shown.with_more(shown.between + prompt.before + word + prompt.after, ids)
        return shown

    def _instructed(self) -> "_Shown":
        instruction = self.task.instruction.strip()
        shown = _Shown(self.model.start_ids)
        if not instruction:
            return shown
        follows = SEPARATOR + self.task.render(absent_row(self.task)).before
        cut = parting(self.model, instruction, [follows], len(instruction)) or 0
        head = instruction[: len(instruction) - cut]
        shown = shown.with_more(head, self.model.tokens(head))
        return replace(
            shown, text=instruction + SEPARATOR, between=instruction[len(head) :] + SEPARATOR
        )

    def _answered(self, shown: "_Shown", prompt: Prompt, index: int) -> tuple[int, ...]:
        """The ids that a demonstration adds to what is shown before it."""
        key = (shown.end, shown.between, prompt, index)
        if key not in self._known:
            word = self.task.gap + self.task.label_words[self.words.labels[index]]
            asked, after = self._asking(shown, prompt.before), prompt.after.rstrip()
            follows = self.model.continuation(word, after) if after else ()
            self._known[key] = (*asked, *self.words.within[index], *follows)
        return self._known[key]

    @cached_property
    def _chat(self) -> Chat | None:
        """How the model's chat template poses the prompt, None where it is sent as it is."""
        return Chat.of(self.model, self.task) if self.task.chat else None

    @cached_property
    def _read(self) -> dict[int, "_Shown"]:
        """What `_shared` has found so far."""
        return {}


@dataclass(frozen=True)
class _Shown:
    """Instruction and demonstrations in tokens and as text, the separator after them included in
    the text alone. end: what the text ends with; between: blanks and separator after that."""

    ids: tuple[int, ...]
    text: str = ""
    end: str = ""
    between: str = ""

    def with_more(self, text: str, ids: tuple[int, ...]) -> "_Shown":
        """`text` begins with what is `between`."""
        whole = self.text.removesuffix(self.between) + text + SEPARATOR
        end = whole.rstrip()
        return _Shown((*self.ids, *ids), whole, edge(end), whole[len(end) :])


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
        own = bare(model, task)
        return PromptEncoder(pooled(model), own, words, separator=model.tokenizer.sep_token_id)
    words = answer_words(model, task)
    return PromptEncoder(model, task, words, demonstrations, virtual_tokens(network))
