"""One arm: the label scores of its rows, or one row's prediction with its prompt."""

import torch

from playground.data.nearest import Nearest
from playground.inference.replies import ArmScores, Prediction
from playground.inference.requests import Arm, PredictRow, ScoreArm
from playground.inference.resident import Progress, Resident, count_parameters
from playground.models.classes import classes_of
from playground.models.language_model import LanguageModel
from playground.models.prompts import Shown
from playground.scoring import PromptText, Scored, as_read, prompt_text, score, write


def score_rows(request: ScoreArm, resident: Resident, progress: Progress) -> ArmScores:
    """The scores of one arm for some rows."""
    arm = request.arm
    demonstrations = _demonstrations(arm, resident)
    model, network = resident.network(request.model, arm.adapter)
    scored = score(model, network, arm.task, request.rows, demonstrations, progress)
    return _arm_scores(scored, model)


def predict_row(request: PredictRow, resident: Resident, progress: Progress) -> Prediction:
    """The scores of one row, with the prompt as sent and what the model would generate."""
    arm, row = request.arm, request.row
    demonstrations = _demonstrations(arm, resident)
    model, network = resident.network(request.model, arm.adapter)
    scored = score(model, network, arm.task, [row], demonstrations, progress)
    prompt = prompt_text(model, arm.task, row, demonstrations, network)
    shown, generated = _read_and_generated(model, network, prompt)
    return Prediction(_arm_scores(scored, model), shown, generated)


def _demonstrations(arm: Arm, resident: Resident) -> Shown:
    """Those before every row, or what chooses the most similar ones for each."""
    if not arm.nearest:
        return arm.demonstrations
    examples, columns = arm.demonstrations, arm.task.text_columns
    index = resident.nearest.get((examples, columns), lambda: Nearest(examples, columns))
    return lambda row: index.of(row, arm.nearest)


def _read_and_generated(
    model: LanguageModel, network: torch.nn.Module, prompt: PromptText
) -> tuple[str, str]:
    """The prompt as a person reads it, and what the model would generate by itself."""
    if classes_of(network) is not None:
        return prompt.before, ""  # no gap to fill, no words to write
    shown = as_read(model, prompt.before, prompt.after)
    if not model.family.writes:
        return shown, ""
    return shown, write(model, network, prompt.spoken or prompt.before)


def _arm_scores(scored: Scored, model: LanguageModel) -> ArmScores:
    return ArmScores(
        scores=scored.scores,
        prior=scored.prior,
        dropped=scored.dropped,
        cut=scored.cut,
        tokens=scored.tokens,
        seconds=scored.seconds,
        parameters=count_parameters(model.network),
    )
