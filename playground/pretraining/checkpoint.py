"""What a pretraining keeps to go on from: the latest state, and the one before its rate decayed."""

from dataclasses import dataclass
from pathlib import Path

import torch

from playground.errors import UserError
from playground.optim import checkpoint
from playground.optim.checkpoint import State, Unfit

LATEST = "state.safetensors"
BEFORE_DECAY = "before_decay.safetensors"  # from here a longer training goes on


@dataclass
class Position:
    """Where a training is. The data of the next step follows from `step` alone."""

    step: int = 0
    seconds: float = 0.0  # spent so far, everything included
    tokens: int = 0  # read so far
    decaying: bool = False


def state_of(network: torch.nn.Module, optimiser: torch.optim.Optimizer) -> State:
    """All that a pretraining changes."""
    return State(dict(network.named_parameters()), optimiser)


def read_position(file: Path) -> Position | None:
    """Where the training that kept its state here was; None when there is no state."""
    try:
        return checkpoint.read_position(file, Position)
    except Unfit as error:
        raise _unreadable(file) from error


def restore(file: Path, state: State) -> None:
    """Put weights, optimiser and random numbers back as they were kept."""
    try:
        checkpoint.restore(file, state)
    except Unfit as error:
        raise _unreadable(file) from error


def restore_weights(file: Path, network: torch.nn.Module) -> None:
    """Only the weights, to begin another training with them."""
    if not file.is_file():
        raise UserError(f"{file.parent} has no {file.name}: nothing was trained there yet.")
    try:
        weights = checkpoint.read_groups(file).get(checkpoint.WEIGHTS, {})
        checkpoint.put(weights, dict(network.named_parameters()))
    except Unfit as error:
        raise _unreadable(file) from error


def _unreadable(file: Path) -> UserError:
    return UserError(
        f"{file} is damaged, or of a network of another size or family. Give the folder of a"
        " training that fits, or begin anew in an empty one."
    )
