"""The mean of two networks, one gone on with from the other: what either does, in one of them.

Wortsman et al. 2022, arXiv:2109.01903: a network tuned further forgets; the mean of its weights
with those it began with keeps much of both, at no cost.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoConfig, PreTrainedModel

from playground.errors import UserError
from playground.pretraining import architectures, beginning
from playground.pretraining.records import RunRecord


@dataclass(frozen=True)
class Averaged:
    """folder: of a training or a model. share: of the mean that its weights are, from 0 to 1."""

    folder: Path
    share: float


def average(network: PreTrainedModel, other: Averaged, record: RunRecord) -> None:
    """Move a network's weights to the mean.

    record: of its training, as history.read gives it. Raises UserError for a share that is none,
    and where the other is another network or learnt other tokens.
    """
    if not 0 <= other.share <= 1:
        raise UserError(f"The share is {other.share}. Give a number from 0 to 1.")
    mate = architectures.build(record["family"], record["size"], record["vocabulary"], seed=0)
    if not beginning.is_model(other.folder) or _same_kind(other.folder, network):
        beginning.put(other.folder, mate, record)
    else:  # a masked network may begin with a causal one's weights, but their mean is neither
        raise UserError(
            f"{other.folder} holds a model of another family than {record['family']}. Average with"
            " one this training began with."
        )
    with torch.no_grad():
        for mine, theirs in zip(network.parameters(), mate.parameters(), strict=True):
            mine.lerp_(theirs, other.share)


def _same_kind(folder: Path, network: PreTrainedModel) -> bool:
    found = AutoConfig.from_pretrained(folder, local_files_only=True)
    return found.model_type == network.config.model_type
