"""A sparse delta at a few coordinates of a network's tensors: trained beside them or written in."""

from collections.abc import Mapping
from typing import Any

import torch
from torch.nn.utils import parametrize

from playground.errors import UserError
from playground.methods.common.saving import fill


class Coordinates(torch.nn.Module):
    """Some coordinates of one tensor, counted as if it were flat, and the delta at each.

    As a parametrisation it gives the changed tensor and leaves the tensor itself as it is.
    """

    def __init__(self, indices: torch.Tensor) -> None:
        super().__init__()
        self.indices = torch.nn.Buffer(indices)
        # float32 whatever the base: in bfloat16 a small update would round to nothing
        self.values = torch.nn.Parameter(torch.zeros(indices.shape, device=indices.device))

    def forward(self, tensor: torch.Tensor) -> torch.Tensor:
        flat = tensor.flatten()
        changed = (flat[self.indices] + self.values).to(flat.dtype)
        return flat.scatter(0, self.indices, changed).view_as(tensor)


class SparseUpdate:
    """The coordinates of every chosen tensor of a network, and how to undo the change.

    config: what adapter_config.json is to say.
    """

    def __init__(
        self,
        network: torch.nn.Module,
        indices: Mapping[str, torch.Tensor],
        config: Mapping[str, Any],
    ) -> None:
        self.network, self.config = network, config
        self.coordinates = {name: Coordinates(one) for name, one in indices.items()}
        self.tensors = {name: network.get_parameter(name) for name in indices}  # the base's
        self.order = {name: list(self._owner(name)._parameters) for name in indices}
        self.before: dict[str, torch.Tensor] = {}  # at the coordinates, once they are written

    def attach(self) -> None:
        """From now on the network computes with the changed tensors."""
        for name, coordinates in self.coordinates.items():
            parametrize.register_parametrization(self._owner(name), _last(name), coordinates)

    def write(self) -> None:
        """The same change in the tensors themselves, where it costs nothing."""
        with torch.no_grad():
            for name, coordinates in self.coordinates.items():
                tensor = self.tensors[name]
                self.before[name] = tensor.take(coordinates.indices)
                tensor.copy_(coordinates(tensor))

    def undo(self) -> None:
        """The network bit for bit as it was, its parameters in the order they were in."""
        for name, coordinates in self.coordinates.items():
            owner, key = self._owner(name), _last(name)
            if name in self.before:
                with torch.no_grad():
                    self.tensors[name].put_(coordinates.indices, self.before[name])
            elif parametrize.is_parametrized(owner, key):
                parametrize.remove_parametrizations(owner, key, leave_parametrized=False)
        for name, order in self.order.items():
            _reorder(self._owner(name), order)

    def saved(self) -> dict[str, torch.Tensor]:
        """Per tensor its coordinates and what is added there."""
        pairs = self.coordinates.items()
        indices = {f"{name}.indices": one.indices.to(torch.int32) for name, one in pairs}
        return indices | {f"{name}.values": one.values for name, one in pairs}

    def take(self, given: Mapping[str, torch.Tensor]) -> None:
        """Coordinates and values that were saved. UserError where they are not this network's."""
        pairs = self.coordinates.items()
        indices = {f"{name}.indices": one.indices for name, one in pairs}
        fill(indices | {f"{name}.values": one.values for name, one in pairs}, given)
        for name, one in pairs:
            if one.indices.min() < 0 or one.indices.max() >= self.tensors[name].numel():
                raise UserError(
                    f"The adapter does not fit this model: a coordinate lies outside {name}."
                    " Pick the model it was made for."
                )

    def _owner(self, name: str) -> torch.nn.Module:
        return self.network.get_submodule(name.rpartition(".")[0])


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _reorder(owner: torch.nn.Module, names: list[str]) -> None:
    """Put a module's own parameters in an order: one that was set anew has come last."""
    own = {name: getattr(owner, name) for name in names}
    for name in names:
        delattr(owner, name)
    for name, parameter in own.items():
        owner.register_parameter(name, parameter)
