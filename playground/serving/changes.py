"""What an adapter does at one layer, and the same for many adapters at once, row by row.

A change is the tensors of one adapter; `stack` puts those of several side by side, the smaller ones
filled up with zeros, which add nothing. A stack is then called with what the layer reads and gives
for the rows that use it, and with which adapter each row uses.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

if TYPE_CHECKING:
    from typing_extensions import Self

Tensor = torch.Tensor
# What a layer reads and gives, each (rows, length, width); what it reads twice, before it gives.
Pair = tuple[Tensor, Tensor]


class Stack(Protocol):
    """Many adapters' tensors at one layer."""

    @property
    def before(self) -> bool:
        """Whether it changes what the layer reads, rather than what it gives."""
        ...

    def __call__(self, pair: Pair, which: Tensor) -> Tensor:
        """The changed one of the pair. `which`: (rows,), the adapter that each row uses."""
        ...


class Change(Protocol):
    """One adapter's tensors at one layer."""

    @classmethod
    def stack(cls, changes: "Sequence[Self]", layer: torch.nn.Module) -> Stack: ...


@dataclass(frozen=True)
class LowRank:
    """y + up down x: down (rank, inputs), up (outputs, rank), its scale included (LoRA).

    sizes: (outputs,), by which the sum without the layer's bias is then multiplied (DoRA).
    """

    down: Tensor
    up: Tensor
    sizes: Tensor | None = None

    @classmethod
    def stack(cls, changes: "Sequence[Self]", layer: torch.nn.Module) -> "LowRanks":
        downs, ups = ([getattr(c, part) for c in changes] for part in ("down", "up"))
        more = None
        if any(c.sizes is not None for c in changes):
            none = torch.zeros(len(ups[0]), device=ups[0].device)
            more = side_by_side([none if c.sizes is None else c.sizes - 1 for c in changes])
        return LowRanks(side_by_side(downs), side_by_side(ups), more, getattr(layer, "bias", None))


@dataclass(frozen=True)
class LowRanks:
    """downs (adapters, rank, inputs), ups (adapters, outputs, rank).

    more: (adapters, outputs), how much larger than 1 their sizes are. bias: of the layer.
    """

    downs: Tensor
    ups: Tensor
    more: Tensor | None
    bias: Tensor | None
    before = False

    def __call__(self, pair: Pair, which: Tensor) -> Tensor:
        given, output = pair
        narrow = torch.bmm(given.to(self.downs.dtype), self.downs[which].mT)
        changed = output + torch.bmm(narrow, self.ups[which].mT).to(output.dtype)
        if self.more is None:
            return changed
        weighed = changed if self.bias is None else changed - self.bias
        return changed + (self.more[which][:, None] * weighed).to(output.dtype)


@dataclass(frozen=True)
class Bottleneck:
    """y + up gelu(down y + bend) + shift (adapter): down (width, outputs), up (outputs, width)."""

    down: Tensor
    bend: Tensor
    up: Tensor
    shift: Tensor

    @classmethod
    def stack(cls, changes: "Sequence[Self]", layer: torch.nn.Module) -> "Bottlenecks":
        parts = ("down", "bend", "up", "shift")
        return Bottlenecks(*(side_by_side([getattr(c, part) for c in changes]) for part in parts))


@dataclass(frozen=True)
class Bottlenecks:
    """The tensors of Bottleneck, each with the adapters in front. gelu keeps the zeros."""

    downs: Tensor
    bends: Tensor
    ups: Tensor
    shifts: Tensor
    before = False

    def __call__(self, pair: Pair, which: Tensor) -> Tensor:
        output = pair[1]
        hidden = output.to(self.downs.dtype)
        narrow = torch.baddbmm(self.bends[which][:, None], hidden, self.downs[which].mT)
        bent = torch.nn.functional.gelu(narrow)
        added = torch.baddbmm(self.shifts[which][:, None], bent, self.ups[which].mT)
        return output + added.to(output.dtype)


@dataclass(frozen=True)
class Scale:
    """The layer gives y * numbers ((IA)³ of keys and values): (outputs,)."""

    numbers: Tensor

    @classmethod
    def stack(cls, changes: "Sequence[Self]", layer: torch.nn.Module) -> "Scales":
        return Scales(torch.stack([change.numbers for change in changes]), before=False)


@dataclass(frozen=True)
class InputScale:
    """The layer reads x * numbers ((IA)³ of a feed-forward layer): (inputs,)."""

    numbers: Tensor

    @classmethod
    def stack(cls, changes: "Sequence[Self]", layer: torch.nn.Module) -> "Scales":
        return Scales(torch.stack([change.numbers for change in changes]), before=True)


@dataclass(frozen=True)
class Scales:
    """numbers: (adapters, width)."""

    numbers: Tensor
    before: bool

    def __call__(self, pair: Pair, which: Tensor) -> Tensor:
        states = pair[0] if self.before else pair[1]
        return (states * self.numbers[which][:, None]).to(states.dtype)


@dataclass(frozen=True)
class Norm:
    """Another scale, and another shift where there is one, for a layer norm: (width,) each."""

    tensors: dict[str, Tensor]

    @classmethod
    def stack(cls, changes: "Sequence[Self]", layer: torch.nn.Module) -> "Norms":
        names = changes[0].tensors
        return Norms(layer, {n: torch.stack([c.tensors[n] for c in changes]) for n in names})


@dataclass(frozen=True)
class Norms:
    """tensors: (adapters, width) each, named as the layer names its own."""

    layer: torch.nn.Module
    tensors: dict[str, Tensor]
    before = False

    def __call__(self, pair: Pair, which: Tensor) -> Tensor:
        given, output = pair
        own = {name: tensor[which][:, None] for name, tensor in self.tensors.items()}
        if isinstance(self.layer, torch.nn.LayerNorm):  # torch's takes one scale for all rows
            plain = torch.nn.functional.layer_norm(
                given, self.layer.normalized_shape, eps=self.layer.eps
            )
            return (plain * own["weight"] + own.get("bias", 0.0)).to(output.dtype)
        twin = copy.copy(self.layer)  # shares nothing but the numbers it does not train
        twin.__dict__["_parameters"] = {**self.layer._parameters, **own}
        return twin.forward(given).to(output.dtype)  # not called: that would run its hooks


def side_by_side(tensors: Sequence[Tensor]) -> Tensor:
    """(adapters, …): each filled up with zeros to the largest of every dimension, as float32."""
    sizes = [max(sizes) for sizes in zip(*(tensor.shape for tensor in tensors), strict=True)]
    whole = tensors[0].new_zeros((len(tensors), *sizes), dtype=torch.float32)
    for place, tensor in zip(whole, tensors, strict=True):
        place[tuple(slice(size) for size in tensor.shape)] = tensor
    return whole
