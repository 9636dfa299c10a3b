"""A template and label words that suit a table: the first guess a person starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from playground import limits
from playground.data.labels import label_key
from playground.data.names import (
    ASKING_NAMES,
    PLAIN_LABEL_NAMES,
    PLAIN_TEXT_NAMES,
    SENTIMENT_NAMES,
    is_unnamed,
    key,
    parts,
    words,
)
from playground.data.problem import counted, shown
from playground.data.scales import GRADES, grades
from playground.data.wording import distinct, label_words, title
from playground.errors import UserError
from playground.tasks.template import hole, literal

if TYPE_CHECKING:
    from playground.data.table import Table

_SENTIMENT_WORDS = {
    "pos": "positive", "p": "positive", "+": "positive",
    "neg": "negative", "n": "negative", "-": "negative",
    "neu": "neutral", "neut": "neutral", "positive": "positive", "negative": "negative",
    "neutral": "neutral", "mixed": "mixed",
}  # fmt: skip
_SENTIMENT_LABELS = words("pos neg neu neut positive negative neutral mixed")
_YES_NO = {
    "entailment": "yes", "entails": "yes", "entailed": "yes", "yes": "yes", "y": "yes",
    "not_entailment": "no", "non_entailment": "no", "contradiction": "no", "no": "no", "n": "no",
    "neutral": "maybe", "unknown": "maybe", "duplicate": "yes", "not_duplicate": "no",
    "paraphrase": "yes", "not_paraphrase": "no",
}  # fmt: skip
_LIKED = {"true": "positive", "t": "positive", "false": "negative", "f": "negative"}
_IS_IT = {"1": "yes", "true": "yes", "0": "no", "false": "no"}
_ASKED = words("is has was are does do can should")  # how a column's name asks: is_spam
_NAMING = words("text name names")  # as in label_text
_TRUE_FALSE = {"true": "true", "t": "true", "false": "false", "f": "false"}


def proposed_words(table: Table) -> dict[str, str]:
    """A word for every label of the table. Raises UserError unless there are 2 to 200 labels."""
    labels = _in_order(list(table.label_counts))
    if not 2 <= len(labels) <= limits.LABELS:
        several = len(table.labels.several) > len(labels)
        raise UserError(
            f"The label column {shown(table.label_column or '')} has"
            f" {counted(len(labels), 'different label')}"
            f"{', as most rows name several' if several else ''}; a task needs 2 to"
            f" {limits.LABELS}. Choose another label column."
        )
    known = _known_words(labels, table)
    wanted = [known[label] for label in labels] if known else label_words(labels)
    return dict(zip(labels, distinct(wanted, labels), strict=True))


def proposed_template(table: Table, label_words: Mapping[str, str]) -> str:
    """The texts, then a line that the label word completes."""
    columns = table.text_columns
    if len(columns) == 2 and (choice := _choice(set(label_words.values()))):
        first, second = _asked_last(columns)
        return f"{hole(first)}\nQuestion: {hole(second)} {choice}\nAnswer:"
    sentiment = set(label_words.values()) <= {*_SENTIMENT_WORDS.values(), *GRADES}
    lines = [
        f"{_with_colon(_text_title(column, sentiment, columns))} {hole(column)}"
        for column in columns
    ]
    return "\n".join([*lines, _with_colon(_label_title(table.label_column or "", sentiment))])


def key_of(label: str) -> str:
    """A label as the lists above spell it; signs stay, they may be all there is."""
    return key(label) if key(label) and label.strip()[0] not in "+-" else label.strip().casefold()


def _in_order(labels: list[str]) -> list[str]:
    """Numbers by size, other labels as they come: by frequency."""
    try:
        return sorted(labels, key=float)
    except ValueError:
        return labels


def _known_words(labels: Sequence[str], table: Table) -> Mapping[str, str] | None:
    """The word of every label by the list that knows them all, if there is one."""
    keys = {label: key_of(label_key(label)) for label in labels}
    named = bool(set(parts(table.label_column or "")) & SENTIMENT_NAMES)
    if named and (graded := grades(labels)):
        return graded
    asked = not named and parts(table.label_column or "")[:1]
    lists = [_YES_NO, _LIKED if named else _TRUE_FALSE]
    if asked and asked[0] in _ASKED:
        lists.insert(0, _IS_IT)
    if named or set(keys.values()) <= _SENTIMENT_LABELS:
        lists.insert(0, _SENTIMENT_WORDS)
    for known in lists:
        if set(keys.values()) <= set(known):
            words = {label: known[name] for label, name in keys.items()}
            if len(set(words.values())) == len(labels):
                return words
    return None


def _choice(answers: set[str]) -> str:
    """The question that the words answer, "" if they answer none."""
    if answers <= {"yes", "no", "maybe"}:
        return "Yes, no or maybe?" if "maybe" in answers else "Yes or no?"
    return "True or false?" if answers <= {"true", "false"} else ""


def _asked_last(columns: Sequence[str]) -> tuple[str, str]:
    first, second = columns
    asks = any(name in key(first) for name in ASKING_NAMES)
    answered = any(name in key(second) for name in ASKING_NAMES)
    return (second, first) if asks and not answered else (first, second)


def _with_colon(title: str) -> str:
    """A line's start with a colon, unless it is a question or the like by itself."""
    return title if title[-1:] in ("?", "!", ":", ".") else f"{title}:"


def _text_title(column: str, sentiment: bool, columns: Sequence[str]) -> str:
    """A line's start; a column without a telling name is a text, or a review of something."""
    if len(columns) > 1 and not is_unnamed(column):
        return literal(title(column))
    if key(column) in PLAIN_TEXT_NAMES or is_unnamed(column):
        return "Review" if sentiment else "Text"
    return literal(title(column))


def _label_title(column: str, sentiment: bool) -> str:
    bare = "_".join(part for part in parts(column) if part not in _NAMING)
    if bare in PLAIN_LABEL_NAMES or is_unnamed(column):
        return "Sentiment" if sentiment else "Label"
    return literal(title(column))
