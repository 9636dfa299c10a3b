"""Where a network's repeated blocks keep their attention and feed-forward parts.

Found by structure: a block is an element of a list of modules that holds an attention module, and
what lies outside its attention modules is feed-forward. So an architecture nobody listed here works
too, and the output head, which no block holds, is never touched.
"""

import re
from collections.abc import Iterator

import torch
from transformers.pytorch_utils import Conv1D

from playground.methods.common.attached import attached

LINEAR = (torch.nn.Linear, Conv1D)
QUERY_OR_VALUE = {"q", "v", "query", "value", "qkv", "wqkv"}  # parts of a layer's name
FUSED = {"c_attn"}  # GPT-2's query, key and value in one, which its name does not say


def blocks(network: torch.nn.Module) -> Iterator[tuple[str, torch.nn.Module]]:
    """Name and module of every block, outermost only, in order."""
    taken: list[str] = []
    for name, module in network.named_modules():
        inside = any(name.startswith(f"{outer}.") for outer in taken)
        if isinstance(module, torch.nn.ModuleList) and not inside:
            held = [(f"{name}.{key}", child) for key, child in module.named_children()]
            found = [(path, child) for path, child in held if _attentions(child)]
            taken.extend(path for path, _ in found)
            yield from found


def attention_linears(block: torch.nn.Module) -> dict[str, torch.nn.Module]:
    """Linear layers of a block's attention, by name within the block, in order."""
    inside = _attentions(block)
    return {name: layer for name, layer in _linears(block) if _under(name, inside)}


def feed_forward_linears(block: torch.nn.Module) -> dict[str, torch.nn.Module]:
    """Linear layers of a block outside its attention, by name within the block, in order."""
    inside = _attentions(block)
    return {name: layer for name, layer in _linears(block) if not _under(name, inside)}


def query_and_value(block: torch.nn.Module) -> dict[str, torch.nn.Module]:
    """The query and value projections, or the one layer that makes query, key and value."""
    return {
        name: layer
        for name, layer in attention_linears(block).items()
        if _makes_query_or_value(name.rsplit(".", 1)[-1])
    }


def output_projections(block: torch.nn.Module, width: int) -> tuple[list[str], str | None]:
    """The last linear layer of each attention, and of the feed-forward part, that writes back to
    the block's width: its output is added to the residual stream."""
    attentions = _attentions(block)
    last = {
        _under(name, attentions): name
        for name, layer in attention_linears(block).items()
        if sizes(layer)[1] == width
    }
    forward = [n for n, one in feed_forward_linears(block).items() if sizes(one)[1] == width]
    return list(last.values()), forward[-1] if forward else None


def norms(block: torch.nn.Module, width: int) -> dict[str, torch.nn.Module]:
    """Layer norms over the block's width (a norm of single attention heads is not one)."""
    return {
        name: module
        for name, module in block.named_modules()
        if "Norm" in type(module).__name__ and _scale_size(module) == width
    }


def weight_of(layer: torch.nn.Module) -> torch.Tensor:
    return attached(layer, "weight", torch.Tensor)


def sizes(layer: torch.nn.Module) -> tuple[int, int]:
    """(inputs, outputs) of a linear layer, also of GPT-2's transposed one."""
    rows, columns = weight_of(layer).shape
    return (rows, columns) if isinstance(layer, Conv1D) else (columns, rows)


def target_modules(network: torch.nn.Module, chosen: list[str]) -> list[str] | str:
    """What peft is told so that it adapts exactly `chosen`: names within a block where those pick
    nothing else (BERT's "output.dense" also ends "attention.output.dense"), else a pattern."""
    short = sorted({re.sub(r"^.*?\.\d+\.", "", name) for name in chosen})
    every = [name for name, module in network.named_modules() if isinstance(module, LINEAR)]
    picked = [name for name in every if name.endswith(tuple(f".{end}" for end in short))]
    if picked == chosen:
        return short
    return rf".*\.\d+\.({'|'.join(re.escape(end) for end in short)})"


def _attentions(block: torch.nn.Module) -> list[str]:
    """Names of the outermost attention modules of a block."""
    found: list[str] = []
    for name, module in block.named_modules():
        if name and "Attention" in type(module).__name__ and not _under(name, found):
            found.append(name)
    return found


def _under(name: str, parents: list[str]) -> str | None:
    return next((one for one in parents if name.startswith(f"{one}.")), None)


def _linears(block: torch.nn.Module) -> Iterator[tuple[str, torch.nn.Module]]:
    return ((name, one) for name, one in block.named_modules() if isinstance(one, LINEAR))


def _scale_size(module: torch.nn.Module) -> int | None:
    weight = getattr(module, "weight", None)
    return weight.numel() if weight is not None else None


def _makes_query_or_value(leaf: str) -> bool:
    """DeBERTa's pos_query_proj projects positions, not the text: not one of them."""
    parts = set(leaf.lower().split("_"))
    return leaf in FUSED or (bool(QUERY_OR_VALUE & parts) and "pos" not in parts)
