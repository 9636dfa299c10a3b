"""The task in words: a template with holes for the columns, and a word for every label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground import limits
from playground.data.example import Example
from playground.data.problem import listed, shown
from playground.data.table import Table
from playground.errors import UserError
from playground.tasks.proposing import proposed_template, proposed_words
from playground.tasks.template import Hole, Slot, fill, hole, holes, parse

ABSENT = "N/A"  # what stands for a text that says nothing (Zhao et al. 2021, arXiv:2102.09690)
SEPARATOR = "\n\n"  # between instruction, demonstrations and query
_OPENING = "([{<“‘«„¿¡"


@dataclass(frozen=True)
class Prompt:
    """The text before and after the answer slot."""

    before: str
    after: str = ""


@dataclass(frozen=True)
class Task:
    """template: text with holes {column}; the answer goes to its end, or to {answer}.

    label_words: the word that stands for each label, in the order labels have everywhere.
    chat: whether the prompt is sent through the model's chat template, as a user's turn that the
    label word answers, and not as a text that it goes on from.
    Raises UserError when template, words and label column do not make a task.
    """

    template: str
    label_words: dict[str, str]
    label_column: str
    instruction: str = ""
    chat: bool = False

    def __post_init__(self) -> None:
        words = {label: word.strip() for label, word in self.label_words.items()}
        object.__setattr__(self, "label_words", words)
        _check_template(self)
        _check_words(words)

    @property
    def text_columns(self) -> tuple[str, ...]:
        return holes(self.template)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.label_words)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.label_words.values())

    def render(self, row: Mapping[str, str]) -> Prompt:
        """The template filled with a row, without the instruction.

        Blanks before the answer slot go (`joint` puts one back), newlines stay.
        Raises UserError for a hole the row has no column for.
        """
        before, after = fill(self.template, row)
        return Prompt(before.rstrip(" \t"), after)

    def joint(self, prompt: Prompt) -> str:
        """What stands between the prompt and a label word: a blank, or nothing after a
        newline, an opening bracket or an opening quote."""
        before = prompt.before
        if not before or before[-1] in _OPENING or before[-1] == "\n":
            return ""
        opens = before[-1] in "\"'" and (len(before) == 1 or before[-2] in _OPENING + " \t\n")
        return "" if opens else " "

    @property
    def gap(self) -> str:
        """`joint` for every row: a text that ends in a bracket or in nothing changes none of it."""
        return self.joint(self.render(dict.fromkeys(self.text_columns, ABSENT)))

    @staticmethod
    def guess(table: Table) -> "Task":
        """A good task for the table's chosen columns. Raises UserError if there is none."""
        if not table.label_column or not table.text_columns:
            raise UserError(
                f"No column of {shown(table.name)} looks like"
                f" {'labels' if table.text_columns else 'text'}."
                f" Choose one of: {listed(table.columns)}."
            )
        words = proposed_words(table)
        return Task(proposed_template(table, words), words, table.label_column)

    def to_json(self) -> dict[str, object]:
        return {
            "template": self.template,
            "label_words": dict(self.label_words),
            "label_column": self.label_column,
            "instruction": self.instruction,
            "chat": self.chat,
        }

    @staticmethod
    def from_json(record: Mapping[str, object]) -> "Task":
        """Raises UserError if the record is not a task."""
        template, words = record.get("template"), record.get("label_words")
        column, instruction = record.get("label_column"), record.get("instruction", "")
        texts = [template, column, instruction]
        if not isinstance(words, dict) or not all(isinstance(text, str) for text in texts):
            raise UserError(
                "A task needs the texts template and label_column, and label_words that give a"
                f" word to each label; got {shown(str(dict(record)))}."
            )
        chat = record.get("chat", False)
        if not isinstance(chat, bool):
            raise UserError(f"A task's chat is true or false; got {shown(str(chat))}.")
        label_words = {str(label): str(word) for label, word in words.items()}
        return Task(str(template), label_words, str(column), str(instruction), chat)


def preamble(task: Task, demonstrations: Sequence[Example] = ()) -> str:
    """What every query is preceded by: instruction and answered demonstrations, or ""."""
    parts = [task.instruction.strip()] if task.instruction.strip() else []
    for example in demonstrations:
        prompt = task.render(example.row)
        word = task.label_words[example.label]
        parts.append(prompt.before + task.gap + word + prompt.after)
    return "".join(part + SEPARATOR for part in parts)


def with_demonstrations(
    task: Task, demonstrations: Sequence[Example], query_row: Mapping[str, str]
) -> Prompt:
    """The whole prompt: instruction, demonstrations with their words, then the query."""
    query = task.render(query_row)
    return Prompt(preamble(task, demonstrations) + query.before, query.after)


def _check_template(task: Task) -> None:
    for name, text in (("template", task.template), ("instruction", task.instruction)):
        if len(text) > limits.TEMPLATE_CHARACTERS:
            raise UserError(
                f"The {name} has {len(text):,} characters, {limits.TEMPLATE_CHARACTERS:,} are"
                " possible. Shorten it."
            )
    parts = parse(task.template)
    if not any(isinstance(part, Hole) for part in parts):
        raise UserError(
            f"The template {shown(task.template)} shows no column. Put a text column's name in"
            " braces, as in {text}."
        )
    if sum(isinstance(part, Slot) for part in parts) > 1:
        raise UserError("The template has {answer} more than once. Keep one of them.")
    if task.label_column in task.text_columns:
        raise UserError(
            f"The template shows the label column {hole(task.label_column)}, which gives the"
            " answer away. Take it out, or choose another label column."
        )


def _check_words(words: Mapping[str, str]) -> None:
    if not 2 <= len(words) <= limits.LABELS:
        raise UserError(
            f"A task needs 2 to {limits.LABELS} labels, this one has {len(words):,}."
            " Choose another label column."
        )
    seen: dict[str, str] = {}
    for label, word in words.items():
        if not word or len(word) > limits.WORD_CHARACTERS or "\n" in word:
            raise UserError(
                f"The label {shown(label)} has the label word {shown(word)}. Give it one line of"
                f" 1 to {limits.WORD_CHARACTERS} characters."
            )
        if word in seen:
            raise UserError(
                f"The labels {shown(seen[word])} and {shown(label)} have the same label word"
                f" {shown(word)}. Give each its own."
            )
        seen[word] = label
