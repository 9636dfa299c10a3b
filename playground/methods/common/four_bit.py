"""Linear layers stored in four bits (NF4), by bitsandbytes, and restored as they were."""

import importlib.util
from typing import Any

import torch
from transformers.pytorch_utils import Conv1D

from playground.methods.common.blocks import weight_of

# Tries 16 values that split a normal distribution evenly, for 64 weights to one scale; the scales
# are stored in eight bits themselves (Dettmers et al. 2023, sections 3 and 3.1).
FORMAT: dict[str, Any] = {"quant_type": "nf4", "compress_statistics": True}


def installed() -> bool:
    return importlib.util.find_spec("bitsandbytes") is not None


def quantise(
    network: torch.nn.Module, names: list[str], device: torch.device
) -> dict[str, torch.nn.Module]:
    """Replace the layers of these names, in place, by ones in four bits; returns those there were,
    in main memory. On the meta device, where there is nothing to quantise, none."""
    if device.type == "meta":
        return {}
    originals = {}
    for name in names:
        layer = network.get_submodule(name)
        network.set_submodule(name, four_bit(layer, device))
        originals[name] = layer.cpu()
    return originals


def restore(
    network: torch.nn.Module, originals: dict[str, torch.nn.Module], device: torch.device
) -> None:
    for name, layer in originals.items():
        network.set_submodule(name, layer.to(device))


def four_bit(layer: torch.nn.Module, device: torch.device) -> torch.nn.Module:
    """The same layer with its weight in four bits. What it computes with is bfloat16 on an
    accelerator; on a CPU float32, which is as fast there and rounds less."""
    import bitsandbytes

    weight, bias = weight_of(layer).detach(), layer.bias
    weight = weight.T.contiguous() if isinstance(layer, Conv1D) else weight
    made = bitsandbytes.nn.Linear4bit(
        weight.shape[1],
        weight.shape[0],
        bias=bias is not None,
        compute_dtype=torch.float32 if device.type == "cpu" else torch.bfloat16,
        device="meta",
        **FORMAT,
    )
    made.support_avx512bf16_for_cpu = False  # that repacks weights while asked, and rounds more
    made.weight = bitsandbytes.nn.Params4bit(weight.clone(), requires_grad=False, **FORMAT)
    if isinstance(bias, torch.Tensor):
        made.bias = torch.nn.Parameter(bias.detach().clone(), requires_grad=False)
    return made.to(device).train(layer.training)


def stored_bytes(layer: torch.nn.Module) -> int:
    """Of the weight of a layer in four bits: the values, their scales, and the scales' scales."""
    weight: Any = layer.weight  # of bitsandbytes, which keeps its own state on it
    state = weight.quant_state
    tensors = [weight, state.absmax, state.offset, state.state2.absmax]
    return sum(one.numel() * one.element_size() for one in tensors)
