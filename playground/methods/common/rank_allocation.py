"""What AdaLoRA does in training beyond gradients: importance scores, and the rank budget."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import peft
import torch
from peft.tuners.adalora import RankAllocator

from playground.errors import UserError
from playground.methods.common.attached import attached
from playground.methods.common.peft_layers import ADAPTER, adapter_config

FEWEST_STEPS = 3  # with fewer there is no step to score before the budget is final


def schedule(steps: int) -> dict[str, Any]:
    """When the rank budget falls: from the first tenth of the steps to the half."""
    return {"total_step": steps, "tinit": steps // 10, "tfinal": steps // 2}


class Allocation:
    """peft's allocator, with its running averages in tensors that a checkpoint holds."""

    def __init__(self, network: peft.PeftModel) -> None:
        self.network = network
        self.state: dict[str, torch.Tensor] = {}
        for name, parameter in branch_parameters(network):
            for kind in ("importance", "uncertainty"):
                self.state[f"{kind}/{name}"] = torch.zeros_like(parameter)
        for name, sizes in singular_values(network):
            self.state[f"kept/{name}"] = torch.ones(len(sizes), dtype=torch.bool)

    def updated(self, step: int, steps: int) -> None:
        """After a step: score the importance of every singular direction, and set those to zero
        that do not fit into the budget of this step."""
        if steps < FEWEST_STEPS:
            return
        model = attached(self.network, "base_model", peft.AdaLoraModel)
        config = adapter_config(self.network, peft.AdaLoraConfig)
        for name, value in schedule(steps).items():
            setattr(config, name, value)
        allocator = attached(model, "rankallocator", RankAllocator)
        names = [name for name, _ in branch_parameters(self.network)]
        allocator.exp_avg_ipt = {name: self.state[f"importance/{name}"] for name in names}
        allocator.exp_avg_unc = {name: self.state[f"uncertainty/{name}"] for name in names}
        allocator.ipt = dict(allocator.exp_avg_ipt)
        layers = [name for name, _ in singular_values(self.network)]
        config.rank_pattern = {name: self.state[f"kept/{name}"].tolist() for name in layers}
        model.update_and_allocate(step)
        for name, average in allocator.exp_avg_ipt.items():  # empty once the budget is final
            self.state[f"importance/{name}"].copy_(average)
            self.state[f"uncertainty/{name}"].copy_(allocator.exp_avg_unc[name])
        for name in layers:
            self.state[f"kept/{name}"].copy_(torch.tensor(config.rank_pattern[name]))


def add_orthogonality_gradient(network: peft.PeftModel, weight: float) -> None:
    """The orthogonality regulariser: adds the gradient of weight * mean over matrices of |P'P - I|
    to that of each matrix. peft adds the term to a loss, which is computed elsewhere here."""
    matrices = [(name, one) for name, one in branch_parameters(network) if ".lora_E." not in name]
    for name, matrix in matrices:
        share = weight / len(matrices)
        matrix.register_hook(partial(_regularised, matrix, share, ".lora_A." in name))


def _regularised(
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


def resize_to_pattern(network: peft.PeftModel) -> None:
    """The branches at the ranks that the configuration names, where it does."""
    pattern = adapter_config(network, peft.AdaLoraConfig).rank_pattern
    if pattern is None:
        return
    model = attached(network, "base_model", peft.AdaLoraModel)
    try:
        model.resize_modules_by_rank_pattern(pattern, ADAPTER)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UserError(
            "The adapter does not fit this model: its rank_pattern names other layers or ranks."
            " Pick the model it was made for."
        ) from error
    for _, parameter in branch_parameters(network):
        parameter.data = parameter.data.float()  # peft gave the new ones the base's format


def branch_parameters(network: peft.PeftModel) -> Iterator[tuple[str, torch.nn.Parameter]]:
    """Names as peft's allocator has them, and the low-rank branches' parameters."""
    inner = attached(network.base_model, "model", torch.nn.Module)
    return (pair for pair in inner.named_parameters() if "lora_" in pair[0])


def singular_values(network: peft.PeftModel) -> Iterator[tuple[str, torch.nn.Parameter]]:
    return (pair for pair in branch_parameters(network) if f".lora_E.{ADAPTER}" in pair[0])
