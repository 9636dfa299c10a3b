"""What a method leaves on a network, under a name, with the type it has: torch keeps no types."""

from typing import TypeVar

import torch

Part = TypeVar("Part")


def attach(network: torch.nn.Module, name: str, part: object) -> None:
    """Leave a part that is no module on the network; a module is simply set."""
    vars(network)[name] = part


def attached(network: torch.nn.Module, name: str, kind: type[Part]) -> Part:
    """The part of this name. Raises ValueError for a network without it."""
    found = getattr(network, name, None)
    if not isinstance(found, kind):
        raise ValueError(f"this network has no {name}: build or load the method first")
    return found
