"""A run's adapter merged into its base, as a whole model that needs nothing but transformers."""

from collections.abc import Sequence
from pathlib import Path

import torch

from playground import methods
from playground.errors import UserError
from playground.evaluation.answers import LabelScores
from playground.inference.replies import Merged
from playground.inference.requests import MergeAdapter, Row
from playground.inference.resident import Progress, Resident
from playground.models.language_model import LanguageModel
from playground.models.loading import load
from playground.runs.fingerprint import public_model
from playground.scoring import score
from playground.scoring.probe import probed
from playground.tasks.classification import Task

CLOSE = 1e-3  # nats that a label's score may differ by; rounding is a hundred times less
SHARD = "2GB"


def merge_adapter(request: MergeAdapter, resident: Resident, progress: Progress) -> Merged:
    """Write the merged model and its tokenizer into the folder that is named."""
    return merge(request)


def merge(request: MergeAdapter) -> Merged:
    """Write the merged model and its tokenizer into the folder that is named.

    Works on a base of its own, in float32 on the CPU, where merging is exact to rounding; the
    resident one is not touched. Raises UserError where the answers are not the same.
    """
    adapter, task = request.adapter, request.task
    method = methods.create(adapter.method, adapter.settings)
    model = load(request.model, torch.device("cpu"))
    probed(model)
    tuned = method.load(model, Path(adapter.folder))
    before = _numbers(model, tuned, task, request.rows)
    if not hasattr(method, "merge"):
        raise UserError(f"{method.title} cannot be folded into the weights. Take the adapter.")
    merged = method.merge(tuned)
    after = _numbers(model, merged, task, request.rows)
    difference = checked((before - after).abs().max().item(), public_model(model.id))
    into = Path(request.into)
    merged.save_pretrained(into, max_shard_size=SHARD)
    model.tokenizer.save_pretrained(into)
    return Merged(difference)


def checked(difference: float, model: str) -> float:
    """The difference itself, in nats. UserError where the answers are not the same."""
    if difference <= CLOSE:
        return difference
    raise UserError(
        f"Folding the adapter into {model} would change its answers by up to {difference:.2g}"
        " nats, so the merged model is not offered. Take the adapter."
    )


def _numbers(
    model: LanguageModel, network: torch.nn.Module, task: Task, rows: Sequence[Row]
) -> torch.Tensor:
    scored = score(model, network, task, rows)
    return torch.tensor([_flat(one) for one in scored.scores])


def _flat(scores: LabelScores) -> list[float]:
    return [*scores.total, *scores.restricted]
