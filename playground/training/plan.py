"""What a run trains on and how, before anything is trained."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playground.data.example import Example
from playground.methods import Method
from playground.methods.cards import SHARED
from playground.models.answer_words import AnswerWords
from playground.optim.schedule import Schedule
from playground.tasks.classification import Task

OBJECTIVES = {"label words": "restricted", "all words": "total"}  # and the scoring rule of each
OBJECTIVE = str(SHARED["objective"].default)
EVALUATIONS = 5  # of one run, when the plan does not say how often


@dataclass(frozen=True)
class TrainingData:
    """The examples of a run. `held_out` is only ever asked about: no weight depends on it."""

    task: Task
    words: AnswerWords
    train: Sequence[Example]
    validation: Sequence[Example]  # for early stopping; () for none
    held_out: Sequence[Example]


@dataclass(frozen=True)
class Plan:
    """How to train.

    objective:      a key of OBJECTIVES: what competes with the right label word.
    schedule:       the rate after the warm-up: "linear" falls to zero, "constant" stays.
    evaluate_every: steps between evaluations; 0 for five in all.
    patience:       evaluations clearly worse on validation before training stops early.
    precision:      of the computation: "auto" tries what is faster, or "float32", "bfloat16".
    checkpoint:     folder from which training goes on if it has a state, and where it keeps one.
    """

    steps: int
    batch_size: int
    learning_rate: float
    seed: int
    objective: str = OBJECTIVE
    weight_decay: float = 0.0
    schedule: str = "linear"
    warmup: float = 0.06  # share of the steps
    evaluate_every: int = 0
    patience: int = 4
    precision: str = "auto"
    checkpoint: Path | None = None
    checkpoint_seconds: float = 5.0

    @staticmethod
    def of(
        method: Method,
        seed: int,
        objective: str = OBJECTIVE,
        checkpoint: Path | None = None,
    ) -> "Plan":
        """The method's own rate, steps and batch size."""
        return Plan(
            steps=method.steps,
            batch_size=method.batch_size,
            learning_rate=method.learning_rate,
            seed=seed,
            objective=objective,
            weight_decay=method.weight_decay,
            schedule=method.schedule,
            checkpoint=checkpoint,
        )

    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 1."""
        shape = Schedule.constant if self.schedule == "constant" else Schedule.linear
        rising = math.ceil(self.warmup * self.steps)
        return shape(self.learning_rate, rising, self.steps).rate(step)

    def evaluates(self, step: int) -> bool:
        every = self.evaluate_every or max(1, self.steps // EVALUATIONS)
        return step % every == 0 or step == self.steps
