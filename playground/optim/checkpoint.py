"""The state of a run on disk: one safetensors file, replaced in one go."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from playground.errors import UserError

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
    """Keep the state, so that a reader finds the old file or the new one, never half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"rng/{name}": state for name, state in _random_states().items()}
    for name, weight in learnt.weights.items():
        tensors[f"weights/{name}"] = weight.detach()
        for key, value in learnt.optimiser.state.get(weight, {}).items():
            tensors[f"{key}/{name}"] = value
    tensors |= {f"best/{name}": tensor for name, tensor in learnt.best.items()}
    tensors |= {f"own/{name}": tensor for name, tensor in learnt.own.items()}
    own = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
    unfinished = folder / f"{NAME}.unfinished"
    try:
        save_file(own, unfinished, metadata={"position": json.dumps(asdict(position))})
        os.replace(unfinished, folder / NAME)
    finally:
        unfinished.unlink(missing_ok=True)  # half of it on a full disk


def read_position(folder: Path | None) -> Position | None:
    """Where the run that kept its state here was; None when there is no state."""
    if folder is None or not (folder / NAME).is_file():
        return None
    try:
        with safe_open(folder / NAME, framework="pt") as state:
            return Position(**json.loads(state.metadata()["position"]))
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error


def restore(folder: Path, learnt: Learnt) -> None:
    """Put weights, optimiser and random numbers back as `write` found them."""
    with safe_open(folder / NAME, framework="pt") as state:
        tensors = {name: state.get_tensor(name) for name in state.keys()}  # noqa: SIM118
    groups: dict[str, dict[str, torch.Tensor]] = {}
    for path, tensor in tensors.items():
        group, name = path.split("/", 1)
        groups.setdefault(group, {})[name] = tensor
    weights, random = groups.pop("weights", {}), groups.pop("rng", {})
    learnt.best, own = groups.pop("best", {}), groups.pop("own", {})
    if _shapes(weights) != _shapes(learnt.weights) or _shapes(own) != _shapes(learnt.own):
        raise _unreadable()
    with torch.no_grad():
        for name, tensor in learnt.own.items():
            tensor.copy_(own[name])
        for name, weight in learnt.weights.items():
            weight.copy_(weights[name])
            learnt.optimiser.state[weight] = _moments(groups, name, weight)
    _set_random_states(random)


def _shapes(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in tensors.items()}


def _moments(
    groups: Mapping[str, Mapping[str, torch.Tensor]], name: str, weight: torch.Tensor
) -> dict[str, torch.Tensor]:
    return {
        key: tensors[name].to(weight.device) for key, tensors in groups.items() if name in tensors
    }


def _random_states() -> dict[str, torch.Tensor]:
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def _set_random_states(states: Mapping[str, torch.Tensor]) -> None:
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])


def _unreadable() -> UserError:
    return UserError(
        "What this run had kept to go on from does not fit it any more. Start the run anew."
    )
