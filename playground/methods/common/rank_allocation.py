"""What AdaLoRA does in training beyond gradients: weigh directions and drop the least of them."""

from collections.abc import Iterator
from functools import partial

import peft
import torch

from playground.errors import UserError
from playground.methods.common.peft_layers import ADAPTER

FEWEST_STEPS = 3  # with fewer there is no update to judge by before the budget is final


def schedule(steps: int) -> dict[str, int]:
    """When the budget falls: from the first tenth of the steps to the half."""
    return {"total_step": steps, "tinit": steps // 10, "tfinal": steps // 2}


class Allocation:
    """peft's allocator, with all it remembers in tensors that a run keeps."""

    def __init__(self, network: peft.PeftModel) -> None:
        self.network = network
        self.state: dict[str, torch.Tensor] = {}
        for name, parameter in trained(network):
            for kind in ("importance", "uncertainty"):
                self.state[f"{kind}/{name}"] = torch.zeros_like(parameter)
        for name, sizes in values(network):
            self.state[f"kept/{name}"] = torch.ones(len(sizes), dtype=torch.bool)

    def updated(self, step: int, steps: int) -> None:
        """After an update: weigh every direction, and set those to zero that do not fit into the
        budget of this step."""
        if steps < FEWEST_STEPS:
            return
        model, config = self.network.base_model, self.network.peft_config[ADAPTER]
        for name, value in schedule(steps).items():
            setattr(config, name, value)
        allocator = model.rankallocator
        names = [name for name, _ in trained(self.network)]
        allocator.exp_avg_ipt = {name: self.state[f"importance/{name}"] for name in names}
        allocator.exp_avg_unc = {name: self.state[f"uncertainty/{name}"] for name in names}
        allocator.ipt = dict(allocator.exp_avg_ipt)
        kept = [name for name, _ in values(self.network)]
        config.rank_pattern = {name: self.state[f"kept/{name}"].tolist() for name in kept}
        model.update_and_allocate(step)
        for name, average in allocator.exp_avg_ipt.items():  # empty once the budget is final
            self.state[f"importance/{name}"].copy_(average)
            self.state[f"uncertainty/{name}"].copy_(allocator.exp_avg_unc[name])
        for name in kept:
            self.state[f"kept/{name}"].copy_(torch.tensor(config.rank_pattern[name]))


def keep_apart(network: peft.PeftModel, weight: float) -> None:
    """Add the gradient of weight * mean over matrices of |P'P - I| to that of each matrix: peft
    adds the term to a loss that is computed elsewhere here."""
    matrices = [(name, one) for name, one in trained(network) if ".lora_E." not in name]
    for name, matrix in matrices:
        share = weight / len(matrices)
        matrix.register_hook(partial(_with_pull, matrix, share, ".lora_A." in name))


def _with_pull(
    matrix: torch.nn.Parameter, weight: float, in_rows: bool, gradient: torch.Tensor
) -> torch.Tensor | None:
    """`in_rows`: whether a direction is a row of the matrix, else a column."""
    if matrix.grad is not None:
        return None  # a later part of a batch: it is in already
    with torch.no_grad():
        rows = matrix if in_rows else matrix.T
        away = rows @ rows.T - torch.eye(len(rows), device=rows.device, dtype=rows.dtype)
        pull = 2 * weight * (away @ rows) / away.norm().clamp(min=1e-12)
        return gradient + (pull if in_rows else pull.T)


def resize(network: peft.PeftModel) -> None:
    """The detours at the widths that the configuration names, where it does."""
    pattern = network.peft_config[ADAPTER].rank_pattern
    if pattern is None:
        return
    try:
        network.base_model.resize_modules_by_rank_pattern(pattern, ADAPTER)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UserError(
            "The adapter does not fit this model: its rank_pattern names other layers or widths."
            " Pick the model it was made for."
        ) from error
    for _, parameter in trained(network):
        parameter.data = parameter.data.float()  # peft gave the new ones the base's format


def trained(network: peft.PeftModel) -> Iterator[tuple[str, torch.nn.Parameter]]:
    """Names as peft's allocator has them, and the detours' parameters."""
    return (pair for pair in network.base_model.model.named_parameters() if "lora_" in pair[0])


def values(network: peft.PeftModel) -> Iterator[tuple[str, torch.nn.Parameter]]:
    return (pair for pair in trained(network) if f".lora_E.{ADAPTER}" in pair[0])
