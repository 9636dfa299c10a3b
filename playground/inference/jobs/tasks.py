"""Many tasks on one base at once: predictions in a mixed batch, and how long they take."""

from collections.abc import Sequence
from pathlib import Path

from playground.inference.replies import (
    Measured,
    TaskOutcome,
    TaskOutcomes,
    TaskPrediction,
    TaskTimes,
)
from playground.inference.requests import PredictTasks, TaskRow, TimeTasks
from playground.inference.resident import Progress, Resident
from playground.models.language_model import LanguageModel
from playground.runs.fingerprint import fingerprint
from playground.scoring import as_read
from playground.serving.asking import Answered, Asked, ask
from playground.serving.shelf import Adapter
from playground.serving.timing import Ratio, measure


def predict_tasks(request: PredictTasks, resident: Resident, progress: Progress) -> TaskOutcomes:
    """Every row with its own run's adapter, in one batch on the resident base.

    A run whose adapter cannot be used has a problem, while the others are asked all the same.
    """
    model, shelf = resident.base(request.model), resident.adapters
    adapters = [_adapter(request.model, one) for one in request.rows]
    problems = [shelf.problem(model, adapter) for adapter in adapters]
    good = [number for number, problem in enumerate(problems) if not problem]
    outcomes = [TaskOutcome(None, problem) for problem in problems]
    if good:
        mixed = shelf.mixed(model, [adapters[number] for number in good])
        answered = ask(mixed, _asked([request.rows[number] for number in good]))
        for number, one in zip(good, answered, strict=True):
            outcomes[number] = TaskOutcome(_prediction(model, one))
    return TaskOutcomes(tuple(outcomes))


def time_tasks(request: TimeTasks, resident: Resident, progress: Progress) -> TaskTimes:
    """How long the same takes in one batch and one after the other."""
    model = resident.base(request.model)
    adapters = [_adapter(request.model, one) for one in request.rows]
    times = measure(resident.adapters.mixed(model, adapters), _asked(request.rows), adapters)
    return TaskTimes(
        model=request.model,
        tasks=times.tasks,
        repeats=times.repeats,
        mixed=times.mixed,
        kept=times.kept,
        switching=times.switching,
        kept_ratio=_measured(times.kept_ratio),
        switching_ratio=_measured(times.switching_ratio),
    )


def _asked(rows: Sequence[TaskRow]) -> list[Asked]:
    return [Asked(one.task, one.row, number) for number, one in enumerate(rows)]


def _adapter(model: str, one: TaskRow) -> Adapter:
    run = one.adapter
    key = f"{model} {fingerprint(model)} {run.run_id} {run.content}"
    return Adapter(key, run.method, Path(run.folder))


def _prediction(model: LanguageModel, answered: Answered) -> TaskPrediction:
    prompt = answered.prompt.prompt
    return TaskPrediction(
        scores=answered.scores,
        prompt=as_read(model, prompt.before, prompt.after),
        tokens=answered.tokens,
        cut=answered.prompt.cut,
    )


def _measured(ratio: Ratio) -> Measured:
    return Measured(ratio.median, ratio.low, ratio.high)
