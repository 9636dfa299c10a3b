"""A conversation in tokens: what a template wrote, with its marks; what people typed, without."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class Said:
    """A conversation so far, in tokens and as text.

    left: the plain text it ends with, "" right after a mark. blank: what of the text is not in the
    tokens yet: blanks at its end, which many tokenizers read with the word that follows.
    """

    ids: tuple[int, ...] = ()
    text: str = ""
    left: str = ""
    blank: str = ""

    def typed(self, model: LanguageModel, text: str) -> "Said":
        """And then what a person has typed: nothing in it is a mark."""
        more = self.blank + text
        if not more:
            return self
        left = before_text(model, self)
        ids = model.continuation(left, more) if left else model.tokens(more)
        return Said((*self.ids, *ids), self.text + text, self.left + more)

    def written(self, model: LanguageModel, text: str) -> "Said":
        """And then what the template has written, with its marks."""
        said = self
        for part, mark in marked(model, text):
            if mark is None:
                body = part.rstrip(" ")
                said = said.typed(model, body) if body else said
                blank = part[len(body) :]
                said = replace(said, text=said.text + blank, blank=said.blank + blank)
            else:
                said = said.typed(model, "")
                said = Said((*said.ids, mark), said.text + part)
        return said


def before_text(model: LanguageModel, said: Said) -> str:
    """A plain text that a text after what was said is read after; "" where it is read as the
    beginning of a text."""
    if said.left or not said.ids or _begins_anew(model, said.ids[-1]):
        return said.left
    return "\n"


def _begins_anew(model: LanguageModel, mark: int) -> bool:
    """Whether the tokenizer reads what follows a mark as it reads the beginning of a text."""
    name = model.tokenizer.convert_ids_to_tokens(mark)
    whole = model.tokenizer(f"{name}a", add_special_tokens=False, verbose=False).input_ids
    return tuple(whole[1:]) == model.tokens("a")


def marked(model: LanguageModel, text: str) -> Iterator[tuple[str, int | None]]:
    """The template's text in parts: plain ones, and marks with their ids. A mark is what the
    tokenizer reads as one token here, and does not when a person types it."""
    read = model.tokenizer(
        text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
    )
    added, start = model.tokenizer.added_tokens_decoder, 0
    for token, (first, last) in zip(read.input_ids, read.offset_mapping, strict=True):
        if token in added and model.tokens(text[first:last]) != (token,):
            if start < first:
                yield text[start:first], None
            yield text[first:last], token
            start = last
    if start < len(text):
        yield text[start:], None
