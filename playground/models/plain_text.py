"""Text to token ids, where nothing that a person types becomes one of the model's own marks."""

import json
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tokenizers import Encoding, Tokenizer
from transformers import PreTrainedTokenizerBase

# An added token of this form is a mark even where it is not called special: <think>, [INST].
_MARK = re.compile(r"<\S*>|\[\S*\]")


@dataclass(frozen=True)
class PlainText:
    """A fast tokenizer that reads `<s>`, `[MASK]` or `<|im_end|>` in a text as the characters they
    are.

    The library is told to split special tokens. That is not enough where such a token is a piece of
    the vocabulary that letters can add up to (Unigram), nor for marks that are not called special:
    when one turns up in a text, the text is read by a copy of the tokenizer that lacks them.
    """

    tokenizer: PreTrainedTokenizerBase

    def encode(self, text: str) -> Encoding:
        """The pieces of a text alone, with where each starts and ends in it."""
        backend = self.tokenizer.backend_tokenizer
        backend.encode_special_tokens = True  # the library sets this, too, at calls of its own
        backend.no_truncation()
        backend.no_padding()
        found = backend.encode(text, add_special_tokens=False)
        if self._marks.isdisjoint(found.ids) and not self._says_unknown(text):
            return found
        return self._without_marks.encode(text, add_special_tokens=False)

    def _says_unknown(self, text: str) -> bool:
        """Whether the mark for what is unknown was typed: its id alone does not tell."""
        unknown = self.tokenizer.unk_token
        return unknown is not None and _MARK.fullmatch(unknown) is not None and unknown in text

    @cached_property
    def _marks(self) -> frozenset[int]:
        added = self.tokenizer.backend_tokenizer.get_added_tokens_decoder()
        marks = (i for i, token in added.items() if token.special or _MARK.fullmatch(token.content))
        return frozenset(marks) - {self.tokenizer.unk_token_id}

    @cached_property
    def _without_marks(self) -> Tokenizer:
        backend = self.tokenizer.backend_tokenizer
        added = backend.get_added_tokens_decoder()
        unknown = {self.tokenizer.unk_token} - {None}
        names = {added[number].content for number in self._marks} | unknown
        copy = Tokenizer.from_str(json.dumps(_stripped(json.loads(backend.to_str()), names)))
        copy.no_truncation()
        copy.no_padding()
        return copy


def _stripped(record: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """A tokenizer's JSON in which no text can become one of the pieces `names`.

    Every id stays what it is: the pieces are renamed to what nobody can type.
    """
    kept = [token for token in record["added_tokens"] if token["content"] not in names]
    model = record["model"]
    hidden = {name: f"{name} {secrets.token_hex(16)}" for name in names}
    if isinstance(model["vocab"], list):
        model["vocab"] = [[hidden.get(piece, piece), score] for piece, score in model["vocab"]]
    else:
        hidden.pop(model.get("unk_token"), None)  # found by its name
        model["vocab"] = {hidden.get(piece, piece): i for piece, i in model["vocab"].items()}
    if "merges" in model:
        pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in model["merges"]]
        model["merges"] = [
            [left, right]
            for left, right in pairs
            if hidden.keys().isdisjoint((left, right, left + right))
        ]
    return {**record, "added_tokens": kept}
