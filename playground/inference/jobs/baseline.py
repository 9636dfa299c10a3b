"""The arm without a language model."""

from playground.data.example import Example
from playground.evaluation.answers import LabelScores
from playground.evaluation.baselines import tfidf
from playground.inference.replies import ArmScores, Prediction
from playground.inference.requests import PredictBaseline, Row, ScoreBaseline
from playground.inference.resident import Progress, Resident
from playground.tasks.classification import Task


def score_rows(request: ScoreBaseline, resident: Resident, progress: Progress) -> ArmScores:
    """The scores of rows, with what other arms say of theirs."""
    return _scores(resident, request.task, request.train, request.rows)


def predict_row(request: PredictBaseline, resident: Resident, progress: Progress) -> Prediction:
    """The scores of a single row, with its text."""
    scored = _scores(resident, request.task, request.train, (request.row,))
    return Prediction(scored, tfidf.joined(request.row, request.task.text_columns), "")


def _scores(
    resident: Resident, task: Task, train: tuple[Example, ...], rows: tuple[Row, ...]
) -> ArmScores:
    fitted = resident.baseline.get(
        (train, task), lambda: tfidf.fit(train, task.labels, task.text_columns)
    )
    scores, words, seconds = fitted.ask(rows)
    none = (0.0,) * len(task.labels)  # it answers in labels: no rule about words moves it
    return ArmScores(
        scores=tuple(scores),
        prior=LabelScores(none, (1,) * len(none), none),
        dropped=0,
        cut=0,
        tokens=words,
        seconds=seconds,
        parameters=fitted.trainable,
        trainable=fitted.trainable,
        bytes_per_task=fitted.bytes,
    )
