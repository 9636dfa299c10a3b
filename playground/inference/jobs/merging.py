"""A run's adapter folded into its base, as a whole model that needs nothing but transformers."""

from pathlib import Path
from typing import Any

import torch

from playground import methods
from playground.errors import UserError
from playground.evaluation.answers import LabelScores
from playground.models.language_model import LanguageModel
from playground.models.loading import load
from playground.runs.fingerprint import public_model
from playground.scoring import score
from playground.scoring.probe import probed
from playground.tasks.classification import Task

Values = dict[str, Any]
CLOSE = 1e-3  # nats that a label's score may differ by; rounding is a hundred times less
SHARD = "2GB"


def merge(values: Values) -> Values:
    """Write the merged model and its tokenizer into values["into"].

    Works on a base of its own, in float32 on the CPU, where folding in is exact to rounding; the
    resident one is not touched. Returns the largest difference it makes to the scores of
    values["rows"], in nats. Raises UserError where the answers are not the same.
    """
    run, task = values["run"], Task.from_json(values["task"])
    method = methods.create(run["method"], run["settings"])
    model = load(values["model"], torch.device("cpu"))
    probed(model)
    tuned = method.load(model, Path(run["folder"]))
    before = _numbers(model, tuned, task, values["rows"])
    merged = method.merge(tuned)
    after = _numbers(model, merged, task, values["rows"])
    difference = checked((before - after).abs().max().item(), public_model(model.id))
    into = Path(values["into"])
    merged.save_pretrained(into, max_shard_size=SHARD)
    model.tokenizer.save_pretrained(into)
    return {"difference": difference, "family": model.family.name}


def checked(difference: float, model: str) -> float:
    """The difference itself, in nats. UserError where the answers are not the same."""
    if difference <= CLOSE:
        return difference
    raise UserError(
        f"Folding the adapter into {model} would change its answers by up to {difference:.2g}"
        " nats, so the merged model is not offered. Take the adapter."
    )


def _numbers(
    model: LanguageModel, network: torch.nn.Module, task: Task, rows: list[dict[str, str]]
) -> torch.Tensor:
    scored = score(model, network, task, rows)
    return torch.tensor([_flat(one) for one in scored.scores])


def _flat(scores: LabelScores) -> list[float]:
    return [*scores.total, *scores.restricted]
