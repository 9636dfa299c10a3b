"""What a method does while its network is trained, beyond what gradients do by themselves."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import torch

Gradients = Callable[[int], None]  # adds up the gradients of the batch of a step, from 1
Preparing = Generator[str, None, None]


def _no_preparation(gradients: Gradients) -> Preparing:
    yield from ()


def _nothing(step: int, steps: int) -> None:
    """What most methods do after a step."""


@dataclass
class Hooks:
    """Called by the training loop.

    prepare:  before the first step, while the network is as `build` left it; not again when a run
              resumes, which finds `state` as it was. It may ask for gradients. Before each piece of
              work it yields what it is about to do, a short phrase. There the run may be stopped,
              and memory may run out after it: closed or broken off, it leaves everything as it
              was, and it may be called anew. It leaves no gradient.
    updated:  after step number `step` of `steps`, the gradients still in place.
    state:    tensors of the method's own that a checkpoint needs, filled in place when a run
              resumes; trainable parameters are saved anyway.
    """

    prepare: Callable[[Gradients], Preparing] = _no_preparation
    updated: Callable[[int, int], None] = _nothing
    state: dict[str, torch.Tensor] = field(default_factory=dict)


def hooks_of(network: torch.nn.Module) -> Hooks:
    """The hooks that `build` left on the network as `training_hooks`; else some that do nothing."""
    return getattr(network, "training_hooks", None) or Hooks()
