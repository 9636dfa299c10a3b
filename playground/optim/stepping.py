"""One step of an optimiser: gradients are cut to a length, and the rate is the schedule's."""

from collections.abc import Iterable

import torch

LONGEST_GRADIENT = 1.0  # the norm of all of it together (Pascanu et al. 2013, arXiv:1211.5063)


def take_step(
    optimiser: torch.optim.Optimizer, weights: Iterable[torch.nn.Parameter], rate: float
) -> None:
    """Move the weights along their gradients, which are left for others to look at."""
    torch.nn.utils.clip_grad_norm_(weights, LONGEST_GRADIENT)
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
