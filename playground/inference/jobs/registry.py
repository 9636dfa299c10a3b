"""Which handler replies to which request: one entry a kind."""

from collections.abc import Callable
from typing import Any

from playground.inference.jobs import arm, baseline, cost, latency, merging, preview, tasks
from playground.inference.requests import (
    CheckChat,
    DescribeMachine,
    EstimateCost,
    MergeAdapter,
    PredictBaseline,
    PredictRow,
    PredictTasks,
    PreviewPrompt,
    Request,
    ScoreArm,
    ScoreBaseline,
    TimeAnswers,
    TimeTasks,
)
from playground.inference.resident import Progress, Resident

Handler = Callable[[Any, Resident, Progress], object]
HANDLERS: dict[type[Request[Any]], Handler] = {
    ScoreArm: arm.score_rows,
    PredictRow: arm.predict_row,
    ScoreBaseline: baseline.score_rows,
    PredictBaseline: baseline.predict_row,
    PredictTasks: tasks.predict_tasks,
    TimeTasks: tasks.time_tasks,
    TimeAnswers: latency.time_answers,
    PreviewPrompt: preview.preview_prompt,
    CheckChat: preview.check_chat,
    EstimateCost: cost.estimate_cost,
    DescribeMachine: cost.describe_machine,
    MergeAdapter: merging.merge_adapter,
}


def handle(request: Request[Any], resident: Resident, progress: Progress) -> object:
    """The reply, of the type that the request names. progress: hears how many rows are done.

    Raises UserError as the handler does.
    """
    return HANDLERS[type(request)](request, resident, progress)
