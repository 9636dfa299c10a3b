"""How often an exported model is right about labelled examples, without a demonstration."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch

from playground.data.example import Example
from playground.errors import UserError
from playground.evaluation.answers import DEFAULT_RULE, values
from playground.metrics import wilson
from playground.models.loading import load
from playground.scoring import score
from playground.tasks.classification import Task

LABEL = "label"


@dataclass(frozen=True)
class Found:
    """Right answers among n, with the 95 % Wilson interval of their share."""

    n: int
    accuracy: float
    low: float
    high: float


def examples(file: Path, most: int) -> list[Example]:
    """The first examples of a .jsonl file: the label, and everything else as text."""
    found = []
    with open(file, encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, most), 1):
            row = {name: str(value) for name, value in json.loads(line).items()}
            if LABEL not in row:
                raise UserError(f'{file} has a line without a "label". Give every line one.')
            found.append(Example(row, row.pop(LABEL), number))
    return found


def zero_shot(
    folder: Path, template: str, words: Mapping[str, str], asked: Sequence[Example]
) -> Found:
    """The label whose word is the most likely is the answer, by the playground's own rule."""
    model = load(str(folder), torch.device("cpu"))
    task = Task(template, dict(words), LABEL)
    scored = score(model, model.network, task, [example.row for example in asked])
    right = 0
    for scores, example in zip(scored.scores, asked, strict=True):
        numbers = values(scores, DEFAULT_RULE)
        right += task.labels[numbers.index(max(numbers))] == example.label
    return Found(len(asked), right / len(asked), *wilson(right, len(asked)))
