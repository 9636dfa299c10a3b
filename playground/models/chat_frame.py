"""What a chat template puts around the texts it is given, found by rendering marks in their place.

A template is a program of whoever made the model. It runs in the sandbox that transformers has for
it, in a child with limits, and never sees what a person has typed: the texts go between its own
parts afterwards, so nothing in them can open a turn.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from transformers import PreTrainedTokenizerBase

from playground import limits
from playground.errors import UserError
from playground.models.child import Lost, in_a_child

Conversation = list[dict[str, str]]
# A template that writes the date would pose another prompt tomorrow than it was trained on.
_SAME_DAY = (
    "{%- macro strftime_now(format) -%}{{ format|replace('%d', '26')|replace('%b', 'Jul')"
    "|replace('%B', 'July')|replace('%m', '07')|replace('%Y', '2024')|replace('%y', '24')"
    "|replace('%A', 'Friday')|replace('%a', 'Fri')|replace('%H', '12')|replace('%M', '00')"
    "|replace('%S', '00') }}{%- endmacro +%}"
)
_SETTINGS: dict[str, Any] = {
    "enable_thinking": False,
    "date_string": "26 Jul 2024",
}  # of templates that have them
_ANSWERED = 3  # answered turns in a conversation that shows whether turns go on alike
_known: "WeakKeyDictionary[PreTrainedTokenizerBase, Frame | str]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Frame:
    """The template's own text, by place.

    opening: before a user's text. closing: after it, up to where the answer begins; joint: blanks
    that a template writes only with the answer. ending: after the answer.
    instructed: before and after an instruction that a system turn holds; None for a template that
    has no such turn. answered: between a user's text and its answer, and from there to the next
    user's text; None where turns do not go on alike. trims: whether texts lose the blanks around
    them.
    """

    opening: str
    closing: str
    joint: str = ""
    ending: str = ""
    instructed: tuple[str, str] | None = None
    answered: tuple[str, str] | None = None
    trims: bool = False


def frame_of(tokenizer: PreTrainedTokenizerBase, name: str) -> Frame:
    """The frame of a tokenizer's template, found once. UserError where it has none, or one that
    cannot be used. name: the model's, for what is said."""
    if tokenizer not in _known:
        _known[tokenizer] = _find(tokenizer, name)
    found = _known[tokenizer]
    if isinstance(found, str):
        raise UserError(found)
    return found


def _find(tokenizer: PreTrainedTokenizerBase, name: str) -> Frame | str:
    """The frame, or a sentence that says why there is none."""
    out = " Send the prompt as it is instead."
    try:
        template = tokenizer.get_chat_template()
    except (ValueError, TypeError, AttributeError):
        return f"{name} has no chat template: it was not trained to answer in turns.{out}"
    if not isinstance(template, str):
        return f"The chat template of {name} is no text.{out}"
    if len(template) > limits.CHAT_TEMPLATE_CHARACTERS:
        return f"The chat template of {name} has {len(template):,} characters, too many.{out}"
    marks = Marks.new()
    try:
        texts = in_a_child(lambda: _rendered(tokenizer, template, marks.conversations()))
        return _frame(texts, marks)
    except (Lost, ValueError) as error:
        said = " ".join(str(error).split()).rstrip(".: ")
        return f"The chat template of {name} cannot be used: {said}.{out}"


@dataclass(frozen=True)
class Marks:
    """What stands for texts in a conversation; nobody could guess it. earlier: of the answered
    turns before the user's, question and answer in turns."""

    system: str
    user: str
    answer: str
    other: str
    earlier: tuple[str, ...]

    @staticmethod
    def new() -> "Marks":
        made = [secrets.token_hex(16) for _ in range(4 + 2 * _ANSWERED)]
        system, user, answer, other, *earlier = made
        return Marks(system, user, answer, other, tuple(earlier))

    def conversations(self) -> list[Conversation]:
        """All that a frame is read from; the first has to be rendered, the others may fail."""
        asked, system = _says("user", self.user), _says("system", self.system)
        roles = ("user", "assistant") * _ANSWERED
        turns = [_says(role, mark) for role, mark in zip(roles, self.earlier, strict=True)]
        return [
            [asked],
            [_says("user", self.other)],
            [_says("user", f" \n{self.user}\n ")],
            [system, asked],
            [asked, _says("assistant", self.answer)],
            [*turns, asked],
            [system, *turns, asked],
        ]


def _says(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def _rendered(
    tokenizer: PreTrainedTokenizerBase, template: str, conversations: Sequence[Conversation]
) -> list[str | None]:
    """Every conversation as the template writes it, None where it refuses one but the first."""
    texts: list[str | None] = []
    for conversation in conversations:
        try:
            written = tokenizer.apply_chat_template(
                conversation,
                chat_template=_SAME_DAY + template,
                tokenize=False,
                add_generation_prompt=conversation[-1]["role"] == "user",
                **_SETTINGS,
            )
        except Exception:  # of a stranger's program
            if not texts:
                raise
            written = None
        texts.append(None if written is None else str(written))
    return texts


def _frame(texts: Sequence[str | None], marks: Marks) -> Frame:
    """Raises ValueError, with the reason, where the template does not keep to what is asked."""
    plain, other, padded, instructed, answered, turns, all_of_it = texts
    around = _split(plain, (marks.user,))
    if plain is None or around is None:
        raise ValueError("it does not hold the user's text once and as it is")
    plain.encode()  # what is no text at all is a ValueError
    if other != plain.replace(marks.user, marks.other):
        raise ValueError("it gives another text each time")
    opening, closing = around
    answer = _split(answered, (marks.user, marks.answer))
    closing, joint = _until_answer(answer, closing)
    system = _split(instructed, (marks.system, marks.user))
    history = _history(_split(turns, (*marks.earlier, marks.user)), opening, around[1])
    if system is not None:
        both = _split(all_of_it, (marks.system, *marks.earlier, marks.user))
        alike = both is not None and history == _history(both[1:], system[1], around[1])
        if system[2] != around[1] or both is None or both[0] != system[0] or not alike:
            system = None
    return Frame(
        opening=opening,
        closing=closing,
        joint=joint,
        ending=answer[2] if answer else "",
        instructed=(system[0], system[1]) if system else None,
        answered=history,
        trims=f" \n{marks.user}\n " not in (padded or ""),
    )


def _split(text: str | None, marks: Sequence[str]) -> tuple[str, ...] | None:
    """The parts around the marks; None unless each is there once, in this order."""
    if text is None or any(text.count(mark) != 1 for mark in marks):
        return None
    parts = []
    for mark in marks:
        before, found, text = text.partition(mark)
        if not found:
            return None
        parts.append(before)
    return (*parts, text)


def _until_answer(parts: tuple[str, ...] | None, closing: str) -> tuple[str, str]:
    """What stands between a text and its answer: `closing`, with what the template writes before
    an answer that it does not write when it asks for one; blanks at the end apart."""
    if parts is None or not parts[1].startswith(closing):
        return closing, ""
    more = parts[1][len(closing) :]
    return (closing + more, "") if more.strip() else (closing, more)


def _history(parts: tuple[str, ...] | None, opening: str, closing: str) -> tuple[str, str] | None:
    """From a text to its answer and from there to the next text, where that is always the same."""
    if parts is None or parts[0] != opening or parts[-1] != closing:
        return None
    answers, others = set(parts[1:-1:2]), set(parts[2:-1:2])
    return (answers.pop(), others.pop()) if len(answers) == len(others) == 1 else None
