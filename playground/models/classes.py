"""How a network is asked that answers with a classifier head: text in, one score a label out.

Such a network says so by an attribute: `network.classes`, its labels in the order of its outputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from playground.errors import UserError
from playground.models.answer_words import AnswerWords
from playground.models.families import Encoded, PromptParts
from playground.models.language_model import LanguageModel
from playground.models.masked import Masked
from playground.tasks.classification import Task
from playground.tasks.template import hole, literal

NEWLINE = "\n"  # between texts, for a tokenizer without a separator of its own


def classes_of(network: torch.nn.Module) -> tuple[str, ...] | None:
    """The labels of a network with a classifier head; None for one that answers in words."""
    return getattr(network, "classes", None)


def class_words(classes: Sequence[str], labels: Sequence[str]) -> AnswerWords:
    """For each label, in the order of `labels`, its output as a path of one: it is read like a
    label word of one token in a vocabulary that holds nothing but the labels, so the sum of
    log-probabilities and the label-restricted one are the same number.

    Raises UserError for a label the network has no output for.
    """
    if foreign := [label for label in labels if label not in classes]:
        raise UserError(
            f"The classifier head knows {', '.join(map(repr, classes[:6]))}, and not"
            f" {foreign[0]!r}. Train it on the labels you ask for."
        )
    return AnswerWords(tuple(labels), tuple((classes.index(label),) for label in labels))


def bare(model: LanguageModel, task: Task) -> Task:
    """The task without words around its texts: two texts are kept apart by the tokenizer's
    separator, or by a newline where it has none."""
    between = literal(model.tokenizer.sep_token or NEWLINE)
    template = between.join(map(hole, task.text_columns))
    return replace(task, template=template, instruction="", chat=False)


def pooled(model: LanguageModel) -> LanguageModel:
    """The same model, read where a classifier reads it: a masked one at its first token, a causal
    one at the last of the text, a decoder at its first answer; never at padding."""
    return replace(model, family=AtStart()) if model.family.name == "masked" else model


@dataclass(frozen=True)
class AtStart:
    """Masked models read at [CLS], with no mask in the text."""

    name = "masked"
    parallel = True
    writes = False

    def reserve(self, slots: int) -> int:
        return 0

    def word(self, model: LanguageModel, word: str, pieces: tuple[int, ...]) -> tuple[int, ...]:
        return Masked().word(model, word, pieces)

    def after(self, model: LanguageModel, left: str, text: str) -> tuple[int, ...]:
        return Masked().after(model, left, text)

    def closing_id(self, model: LanguageModel) -> int:
        return Masked().closing_id(model)

    def begin(self, model: LanguageModel) -> tuple[int, ...]:
        return ()

    def encode(
        self, model: LanguageModel, parts: PromptParts, answer: Sequence[int], slots: int
    ) -> Encoded:
        return Encoded((*parts.shared, *parts.query, *parts.after), (0,))
