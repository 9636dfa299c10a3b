"""One update of a network: its gradients on a batch, and the step they lead to."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import torch
from transformers import PreTrainedModel

from playground.models.devices import autocast
from playground.optim.precision import FORMATS
from playground.optim.stepping import take_step
from playground.pretraining.objectives import Batch, Batches, Losses
from playground.pretraining.plan import Plan


@dataclass
class Updating:
    """What an update needs."""

    network: PreTrainedModel
    plan: Plan
    batches: Batches
    losses: Losses
    optimiser: torch.optim.Optimizer
    ahead: "Ahead" = field(init=False)

    def __post_init__(self) -> None:
        self.ahead = Ahead(self.batches)

    def step(self, number: int, rate: float) -> float:
        """Learn from the batch of a step, counted from 1; returns its loss without weights."""
        loss = self.gradients(self.ahead.of_step(number))
        take_step(self.optimiser, self.network.parameters(), rate)
        self.optimiser.zero_grad(set_to_none=True)
        return loss

    def gradients(self, batch: Batch) -> float:
        """Add up those of the weighted mean over a batch; returns the mean without weights."""
        device, size = self.network.device, self.plan.micro_batch
        whole, counted = batch.weights.sum().item(), batch.weights.gt(0).sum().item()
        plain = torch.zeros((), device=device)
        for first in range(0, self.plan.batch, size):
            part = batch.part(first, size).to(device)
            with autocast(device, FORMATS[self.plan.precision]):
                found = self.losses(part.ids, part.rows, part.targets)
            weights = part.weights.flatten()
            ((found * weights).sum() / whole).backward()
            plain += (found.detach() * (weights > 0)).sum()
        return plain.item() / counted


class Ahead:
    """Makes the batch of the next step while this one's is learnt from."""

    def __init__(self, batches: Batches) -> None:
        self.batches = batches
        self.maker = ThreadPoolExecutor(max_workers=1)
        self.next: tuple[int, Future[Batch]] | None = None

    def of_step(self, number: int) -> Batch:
        ready = self.next[1].result() if self.next and self.next[0] == number else None
        self.next = number + 1, self.maker.submit(self.batches.of_step, number + 1)
        return self.batches.of_step(number) if ready is None else ready


def optimiser_for(network: PreTrainedModel, plan: Plan) -> torch.optim.AdamW:
    """AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101); matrices are drawn to zero, gains and
    biases are not."""
    matrices = [weight for weight in network.parameters() if weight.dim() > 1]
    others = [weight for weight in network.parameters() if weight.dim() <= 1]
    return torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": plan.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=plan.schedule.peak,
        betas=(0.9, 0.95),
        fused=True,
    )
