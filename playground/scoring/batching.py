"""Sequences in batches of like length, so that little of the work is padding."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from playground.models.devices import autocast, choose_dtype

CPU_TOKENS = 2048  # of one batch, padding included
GPU_TOKENS = 32768


def token_budget(device: torch.device) -> int:
    return CPU_TOKENS if device.type == "cpu" else GPU_TOKENS


@dataclass(frozen=True)
class Budget:
    """What one batch may hold."""

    tokens: int  # padding included
    prefix: int = 0  # tokens before each sequence whose keys and values are cached, not run
    most: int = 2**20  # sequences


def by_length(lengths: Sequence[int], budget: Budget) -> Iterator[list[int]]:
    """Indices of `lengths` in batches, longest first, so that what does not fit shows at once.

    Keys and values, the prefix's included, may be four times as many as the tokens run. A batch
    has never less than one sequence.
    """
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    start = 0
    while start < len(order):
        length = max(lengths[order[start]], 1)
        kept = 4 * budget.tokens // (budget.prefix + length)
        count = max(1, min(budget.tokens // length, kept, budget.most))
        yield order[start : start + count]
        start += count


@contextmanager
def asking(network: torch.nn.Module, device: torch.device) -> Iterator[None]:
    """Evaluation mode without gradients; every module's mode is put back afterwards."""
    modes = [(module, module.training) for module in network.modules()]
    network.eval()
    try:
        with torch.inference_mode(), autocast(device, choose_dtype(device, training=False)):
            yield
    finally:
        for module, mode in modes:
            module.training = mode
