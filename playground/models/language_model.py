"""A loaded model and how its tokenizer is asked: the one place where text becomes tokens."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from playground.models.families import Family
from playground.models.plain_text import PlainText

EDGE = 64  # characters, at most, of what stands before a text that are read with it
_LAST_WORD = re.compile(r"\s?\S+\s*\Z")
# Texts that others may follow, for where the pieces of a text and of its continuation mingle.
_BEFORE_BLANK, _BEFORE_WORD = ("a", ".", "\n"), ("\n", "a\n", "(", ".")


@dataclass
class LanguageModel:
    """A frozen base with its tokenizer. Whoever trains gives `network` to one run alone."""

    id: str
    family: Family
    network: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    device: torch.device
    dtype: torch.dtype  # of the weights
    max_length: int  # tokens one sequence may have, special tokens included
    start_ids: tuple[int, ...]  # put before every text, e.g. <s> or [CLS]
    end_ids: tuple[int, ...] = ()  # put after every text, e.g. [SEP]; none for causal models
    parameters: int = field(init=False)  # of the base, before a method adds any
    _plain_text: PlainText | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.parameters = sum(tensor.numel() for tensor in self.network.parameters())

    def tokens(self, text: str) -> tuple[int, ...]:
        """The ids of a text alone, without any special token around it or in it."""
        return tuple(self.plain_text.encode(text).ids)

    def continuation(self, left: str, text: str) -> tuple[int, ...]:
        """The ids that `text` adds when it follows `left`.

        Taken as a difference, so that " great" is one piece where the tokenizer makes it one, and
        "great" begins no text. When the last piece of `left` changes with what follows, the ids
        that `text` adds to another text, where nothing mingles.
        """
        others = _BEFORE_BLANK if text[:1].isspace() else _BEFORE_WORD
        for before in (edge(left), *others) if left else ("",):
            if (added := self.added(before, before + text)) is not None:
                return added
        return self.tokens(text)

    def added(self, left: str, whole: str) -> tuple[int, ...] | None:
        """The ids of `whole` after those of `left`, None where it does not begin with them."""
        before, ids = self.tokens(left), self.tokens(whole)
        return ids[len(before) :] if ids[: len(before)] == before else None

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Start and end character of every token of a text."""
        return self.plain_text.encode(text).offsets

    @cached_property
    def decoder_start(self) -> tuple[int, ...]:
        """What a decoder begins an answer with; () where there is none of its own."""
        return self.family.begin(self)

    @property
    def plain_text(self) -> PlainText:
        """How the tokenizer this model has now is asked."""
        if self._plain_text is None or self._plain_text.tokenizer is not self.tokenizer:
            self._plain_text = PlainText(self.tokenizer)
        return self._plain_text

    def pieces(self, ids: Sequence[int]) -> tuple[str, ...]:
        """What each id reads as on its own."""
        return tuple(str(self.tokenizer.decode([token])) for token in ids)

    @property
    def pad_id(self) -> int:
        """Fills short rows; always masked out, so any id serves when the tokenizer has none."""
        return next(
            token
            for token in (self.tokenizer.pad_token_id, self.tokenizer.eos_token_id, 0)
            if token is not None
        )


def edge(text: str) -> str:
    """The end of a text, from its last word on: what decides how its continuation is cut into
    pieces. A blank before the word stays, so that it begins no text here either."""
    end = text[-EDGE:]
    found = _LAST_WORD.search(end)
    return found[0] if found else end
