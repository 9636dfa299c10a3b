"""What a method does while its network is trained, beyond what gradients do by themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch

Gradients = Callable[[int], None]  # adds up the gradients of the batch of a step, from 1


def _nothing(*given: object) -> None:
    """What most methods do at such a moment."""


@dataclass
class Hooks:
    """Called by the training loop.

    prepare:  before the first update, and again when a run goes on, while the network is as `build`
              left it. It may ask for gradients; none are left afterwards.
    updated:  after update number `step` of `steps`, the gradients still in place.
    state:    tensors of the method's own that a run needs to go on, filled in place when it does;
              parameters that train are kept anyway.
    """

    prepare: Callable[[Gradients], None] = _nothing
    updated: Callable[[int, int], None] = _nothing
    state: dict[str, torch.Tensor] = field(default_factory=dict)


def hooks_of(network: torch.nn.Module) -> Hooks:
    """The hooks that `build` left on the network as `training_hooks`; else some that do nothing."""
    return getattr(network, "training_hooks", None) or Hooks()
