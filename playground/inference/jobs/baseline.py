"""The arm without a language model, as the asking process answers it."""

import json
from dataclasses import asdict
from typing import Any

from playground.data.example import Example
from playground.evaluation.answers import LabelScores
from playground.evaluation.baselines import tfidf
from playground.evaluation.baselines.tfidf import Baseline
from playground.tasks.classification import Task

Values = dict[str, Any]


class BaselineJob:
    """Answers what plain values ask, with the baseline that was fitted last where it fits."""

    def __init__(self) -> None:
        self._key = ""
        self._fitted: Baseline | None = None

    def answers(self, values: Values) -> Values:
        """The scores of rows, with what other arms say of theirs."""
        task = Task.from_json(values["task"])
        fitted = self._fit(values, task)
        scores, words, seconds = fitted.ask(values["rows"])
        none = (0.0,) * len(task.labels)  # it answers in labels: no rule about words moves it
        prior = LabelScores(none, (1,) * len(none), none)
        return {
            "scores": [asdict(one) for one in scores],
            "prior": asdict(prior),
            "dropped": 0,
            "cut": 0,
            "tokens": words,
            "seconds": seconds,
            "parameters": fitted.trainable,
            "trainable": fitted.trainable,
            "bytes_per_task": fitted.bytes,
        }

    def say(self, values: Values) -> Values:
        """`answers` for a single row, with its text."""
        columns = Task.from_json(values["task"]).text_columns
        text = tfidf.joined(values["rows"][0], columns)
        return {**self.answers(values), "prompt": text, "written": ""}

    def _fit(self, values: Values, task: Task) -> Baseline:
        key = json.dumps([values["taught"], values["task"]])
        if self._fitted is None or key != self._key:
            taught = [Example.from_json(example) for example in values["taught"]]
            self._fitted = tfidf.fit(taught, task.labels, task.text_columns)
            self._key = key
        return self._fitted
