"""One arm of a comparison: its examples, and what the inference worker is asked for it."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.comparisons.question import Question, Subject, arm_name, in_order, run_names
from playground.errors import UserError
from playground.evaluation.baselines import tfidf
from playground.inference.replies import ArmScores, Prediction
from playground.inference.requests import (
    Arm,
    PredictBaseline,
    PredictRow,
    Request,
    Row,
    RunAdapter,
    ScoreArm,
    ScoreBaseline,
)
from playground.runs.fingerprint import content, fingerprint
from playground.runs.record import Record
from playground.tasks.classification import Task
from playground.tasks.splits import Example, demonstrations, taking_turns

FORMAT = 3  # of the answers kept on disk: raise it when scoring changes what it computes


@dataclass(frozen=True)
class ArmPlan:
    """An arm and the examples it is asked about. `key` names its answers on disk: it changes
    with whatever could change them.

    demonstrations: those before every text, or, where `nearest` is not 0, all that so many are
    chosen among for each.
    """

    name: str
    task: Task
    model: str
    demonstrations: tuple[Example, ...]
    run: Record | None
    examples: tuple[Example, ...]
    key: str
    train: tuple[Example, ...] = ()  # what a baseline is fitted on; () for an arm with a model
    nearest: int = 0

    @property
    def shots(self) -> int:
        """Demonstrations in front of one text."""
        return self.nearest or len(self.demonstrations)

    @property
    def demonstration_bytes(self) -> int:
        """Of the demonstrations' texts and label words, in UTF-8: what prompting has to keep."""
        words = self.task.label_words
        columns = self.task.text_columns
        shown = ((*(one.row[c] for c in columns), words[one.label]) for one in self.demonstrations)
        return sum(len(text.encode()) for texts in shown for text in texts)

    @property
    def kind(self) -> str:
        """As in ArmAnswers."""
        return "run" if self.run else "baseline" if self.train else "prompt"

    def scoring(self, rows: Sequence[Row]) -> Request[ArmScores]:
        """The request for the label scores of these rows."""
        if self.train:
            return ScoreBaseline(self.task, self.train, tuple(rows))
        return ScoreArm(self._arm, tuple(rows), model=self.model)

    def prediction(self, row: Row) -> Request[Prediction]:
        """The request for one row's scores, its prompt and what would be generated."""
        if self.train:
            return PredictBaseline(self.task, self.train, row)
        return PredictRow(self._arm, row, model=self.model)

    @property
    def _arm(self) -> Arm:
        adapter = run_adapter(self.run) if self.run else None
        return Arm(self.task, self.demonstrations, self.nearest, adapter)


def plans(subject: Subject, question: Question) -> tuple[ArmPlan, ...]:
    """The arms of a question: the shots in the order asked, drawn and then nearest, then the runs,
    then the baseline.

    Where there are fewer labelled examples than shots, an arm has as many as there are and is
    called so; two that come to the same are one. Raises UserError for shots without any example.
    """
    drawn = [_drawn_arm(subject, question, shots) for shots in question.shots]
    nearest = [_nearest_arm(subject, shots) for shots in question.nearest]
    prompts = {arm.key: arm for arm in (*drawn, *nearest)}
    names = run_names(subject.runs)
    runs = [_run_arm(subject, *named) for named in zip(subject.runs, names, strict=True)]
    last = [_baseline_arm(subject)] if question.baseline else []
    return (*prompts.values(), *runs, *last)


def _drawn_arm(subject: Subject, question: Question, shots: int) -> ArmPlan:
    drawn = demonstrations(subject.labelled, shots, question.seed)
    return _prompt_arm(subject, drawn, len(drawn) or shots, nearest=False)


def _nearest_arm(subject: Subject, shots: int) -> ArmPlan:
    drawn = taking_turns(subject.labelled)
    return _prompt_arm(subject, drawn, min(shots, len(drawn) or shots), nearest=True)


def _prompt_arm(subject: Subject, drawn: tuple[Example, ...], shots: int, nearest: bool) -> ArmPlan:
    name = arm_name(shots, nearest)
    if shots and not drawn:
        raise UserError(
            f"{name} needs labelled examples to show. Name a run or a table, or ask zero-shot."
        )
    parts = {
        "model": [subject.model, fingerprint(subject.model)],
        "task": _words(subject.task),
        "demonstrations": [[example.row, example.label] for example in drawn],
        **({"nearest": shots} if nearest else {}),
    }
    key = _key(parts, subject)
    plan = ArmPlan(name, subject.task, subject.model, drawn, None, subject.held_out, key)
    return dataclasses.replace(plan, nearest=shots if nearest else 0)


def _run_arm(subject: Subject, run: Record, name: str) -> ArmPlan:
    task = in_order(run.spec.task, subject.task.labels)
    parts = {
        "run": run.id,
        "adapter": content(run.folder / "adapter"),
        "model": [run.spec.model, fingerprint(run.spec.model)],
        "task": _words(task),
    }
    key = _key(parts, subject)
    return ArmPlan(name, task, run.spec.model, (), run, subject.held_out, key)


def _baseline_arm(subject: Subject) -> ArmPlan:
    task = subject.task
    if not subject.labelled:
        raise UserError(
            f"{tfidf.NAME} needs labelled examples to learn from. Name a run or a table, or"
            " leave it out."
        )
    parts = {
        "baseline": tfidf.NAME,
        "taught": [[example.row, example.label] for example in subject.labelled],
        "task": [list(task.text_columns), list(task.labels)],
    }
    key = _key(parts, subject)
    plan = ArmPlan(tfidf.NAME, task, subject.model, (), None, subject.held_out, key)
    return dataclasses.replace(plan, train=subject.labelled)


def _key(parts: dict[str, Any], subject: Subject) -> str:
    text = f"[{FORMAT}, {json.dumps(parts, sort_keys=True)}, {subject.held_out_text}]"
    return hashlib.sha256(text.encode()).hexdigest()


def _words(task: Task) -> list[Any]:
    """The task with its labels in order: answers are kept in that order."""
    chat = ["chat"] if task.chat else []
    return [task.template, task.instruction, list(task.label_words.items()), *chat]


def run_adapter(run: Record) -> RunAdapter:
    """What the inference worker has to know of a run's adapter. Raises UserError for settings that
    no method has, as a damaged file may hold."""
    for name, value in run.spec.settings.items():
        if not isinstance(value, bool | int | float | str):
            raise UserError(
                f"The run {run.name!r} is damaged: its setting {name} is {str(value)[:100]!r}."
                " Start it anew."
            )
    folder = run.folder / "adapter"
    return RunAdapter(
        run_id=run.id,
        folder=str(folder.resolve()),
        content=content(folder),
        method=run.spec.method,
        settings=run.spec.settings,
    )
