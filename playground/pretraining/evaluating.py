"""How well a network knows text it was not trained on."""

import numpy as np
import torch
from transformers import PreTrainedModel

from playground.events import Evaluated
from playground.pretraining.architectures import family_of
from playground.pretraining.objectives import Batches, token_logits
from playground.pretraining.plan import Plan
from playground.pretraining.windows import Stream


@torch.no_grad()
def held_out(network: PreTrainedModel, stream: Stream, plan: Plan, step: int) -> list[Evaluated]:
    """The mean cross-entropy of all tokens, in nats, and the share of them that come first; and
    the same for the answers, where there are any. Always the same windows with the same masks."""
    batches = Batches(stream, family_of(network), plan.length, plan.micro_batch, 1.0, plan.seed)
    count = min(plan.held_out_windows, stream.count(plan.length))
    found: list[torch.Tensor] = []
    network.eval()
    for first in range(0, count, plan.micro_batch):
        indices = list(range(first, min(first + plan.micro_batch, count)))
        batch = batches.of(indices, np.random.default_rng([plan.seed, first]))
        on = batch.to(network.device)
        logits = token_logits(network, on.ids, on.rows).float()
        targets = on.targets.flatten()
        losses = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
        right = logits.argmax(-1) == targets
        columns = (losses, right, on.answers.flatten(), on.weights.flatten() > 0)
        found.append(torch.stack([column.float().cpu() for column in columns], dim=1))
    network.train()
    losses, right, answers, counted = torch.cat(found).unbind(1) if found else torch.zeros(4, 0)
    results = []
    for part, chosen in (("held_out", counted), ("answers", counted * answers)):
        if n := int(chosen.sum()):
            accuracy, loss = float((right * chosen).sum() / n), float((losses * chosen).sum() / n)
            results.append(Evaluated(step, part, accuracy, loss, n))
    return results
