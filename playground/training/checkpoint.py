"""What a run keeps to go on from: where it is, and all tensors it changes."""

from dataclasses import dataclass, field
from pathlib import Path

import torch

from playground.errors import UserError
from playground.optim import checkpoint
from playground.optim.checkpoint import State, Unfit

NAME = "state.safetensors"


@dataclass
class Position:
    """Where a run is. `best`: the highest accuracy on the validation part so far."""

    precision: str
    micro_batch: int  # examples run at once; fewer than a batch when memory was short
    step: int = 0
    seconds: float = 0.0
    best_step: int = 0  # whose weights are kept
    best: float = 0.0
    waited: int = 0  # evaluations since then


@dataclass
class Learnt:
    """The tensors of a run: what trains, its optimiser, the best weights so far, and what the
    method keeps of its own."""

    weights: dict[str, torch.nn.Parameter]
    optimiser: torch.optim.Optimizer
    best: dict[str, torch.Tensor]
    own: dict[str, torch.Tensor] = field(default_factory=dict)


def write(folder: Path, position: Position, learnt: Learnt) -> None:
    """Keep the state in place of the one before."""
    checkpoint.write(folder / NAME, position, _state(learnt))


def read_position(folder: Path) -> Position | None:
    """Where the run that kept its state here was; None when there is no state."""
    try:
        return checkpoint.read_position(folder / NAME, Position)
    except Unfit as error:
        raise _unreadable() from error


def restore(folder: Path, learnt: Learnt) -> None:
    """Put weights, optimiser and random numbers back as `write` found them."""
    try:
        further = checkpoint.restore(folder / NAME, _state(learnt))
        checkpoint.put(further["own"], learnt.own)
    except Unfit as error:
        raise _unreadable() from error
    learnt.best = further["best"]


def _state(learnt: Learnt) -> State:
    return State(learnt.weights, learnt.optimiser, {"best": learnt.best, "own": learnt.own})


def _unreadable() -> UserError:
    return UserError(
        "What this run had kept to go on from does not fit it any more. Start the run anew."
    )
