"""How well the network does on examples, by the rule that agrees with what it is trained for."""

import math
import random
from collections.abc import Sequence

import torch

from playground.data.example import Example
from playground.evaluation.answers import values
from playground.events import Evaluated
from playground.models.language_model import LanguageModel
from playground.scoring import score
from playground.tasks.classification import Task
from playground.training.plan import OBJECTIVES


def subset(examples: Sequence[Example], most: int, seed: int) -> list[Example]:
    """The same at most `most` examples for the whole run, drawn with the seed, in their order."""
    if len(examples) <= most:
        return list(examples)
    drawn = random.Random(seed).sample(range(len(examples)), most)
    return [examples[index] for index in sorted(drawn)]


def standard_error(accuracy: float, n: int) -> float:
    """How far an accuracy measured on n examples is usually off, never 0: one right and one wrong
    example are added (Agresti & Coull 1998, The American Statistician 52)."""
    share = (accuracy * n + 1) / (n + 2)
    return math.sqrt(share * (1 - share) / n)


def accuracy_and_loss(
    model: LanguageModel,
    network: torch.nn.Module,
    task: Task,
    examples: Sequence[Example],
    objective: str,
) -> tuple[Evaluated, str]:
    """Of a non-empty part, and why it was asked in a slow way, "" where it was not. Part and step
    are for the caller to fill in."""
    scored = score(model, network, task, [example.row for example in examples])
    numbers = [values(scores, OBJECTIVES[objective]) for scores in scored.scores]
    answers = [task.labels[row.index(max(row))] for row in numbers]
    gold = [task.labels.index(example.label) for example in examples]
    right = sum(answer == example.label for answer, example in zip(answers, examples, strict=True))
    alone = len(set(answers)) == 1 and len({example.label for example in examples}) > 1
    evaluated = Evaluated(
        step=0,
        part="",
        accuracy=right / len(examples),
        loss=-sum(row[index] for row, index in zip(numbers, gold, strict=True)) / len(examples),
        n=len(examples),
        one_label=answers[0] if alone else "",
    )
    return evaluated, scored.slow
