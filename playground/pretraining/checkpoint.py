"""The state of a training on disk: one safetensors file, replaced in one go."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from playground.errors import UserError

LATEST = "state.safetensors"
LEVEL = "before_decay.safetensors"  # from here a longer training goes on


@dataclass
class Position:
    """Where a training is. The data of the next step follows from `step` alone."""

    step: int = 0
    seconds: float = 0.0  # spent so far, everything included
    tokens: int = 0  # read so far
    decaying: bool = False


@dataclass(frozen=True)
class State:
    """What a training changes."""

    network: torch.nn.Module
    optimiser: torch.optim.Optimizer

    def weights(self) -> dict[str, torch.nn.Parameter]:
        return dict(self.network.named_parameters())


def write(file: Path, position: Position, state: State) -> None:
    """Keep the state, so that a reader finds the old file or the new one, never half of one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    tensors = {f"rng/{name}": numbers for name, numbers in _random_states().items()}
    for name, weight in state.weights().items():
        tensors[f"weights/{name}"] = weight.detach()
        for key, value in state.optimiser.state.get(weight, {}).items():
            tensors[f"{key}/{name}"] = value
    whole = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
    unfinished = file.with_suffix(".unfinished")
    save_file(whole, unfinished, metadata={"position": json.dumps(asdict(position))})
    with open(unfinished, "rb") as written:
        os.fsync(written.fileno())
    os.replace(unfinished, file)


def read_position(file: Path) -> Position | None:
    """Where the training that kept its state here was; None when there is no state."""
    if not file.is_file():
        return None
    try:
        with safe_open(file, framework="pt") as kept:
            return Position(**json.loads(kept.metadata()["position"]))
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(file) from error


def restore(file: Path, state: State) -> None:
    """Put weights, optimiser and random numbers back as `write` found them."""
    groups = _groups(file)
    random = groups.pop("rng")
    _put(file, groups.pop("weights"), state.network)
    for name, weight in state.weights().items():
        state.optimiser.state[weight] = {
            # AdamW counts its steps on the device, if fused, and the file says in which format.
            key: tensors[name].to(weight.device)
            for key, tensors in groups.items()
            if name in tensors
        }
    torch.set_rng_state(random["cpu"])
    if "cuda" in random and torch.cuda.is_available():
        torch.cuda.set_rng_state(random["cuda"])


def restore_weights(file: Path, network: torch.nn.Module) -> None:
    """Only the weights, to begin another training with them."""
    if not file.is_file():
        raise UserError(f"{file.parent} has no {file.name}: nothing was trained there yet.")
    _put(file, _groups(file)["weights"], network)


def _groups(file: Path) -> dict[str, dict[str, torch.Tensor]]:
    groups: dict[str, dict[str, torch.Tensor]] = {}
    try:
        with safe_open(file, framework="pt") as kept:
            for path in kept.keys():  # noqa: SIM118
                group, name = path.split("/", 1)
                groups.setdefault(group, {})[name] = kept.get_tensor(path)
    except SafetensorError as error:
        raise _unreadable(file) from error
    return groups


def _put(file: Path, weights: dict[str, torch.Tensor], network: torch.nn.Module) -> None:
    own = dict(network.named_parameters())
    if {name: value.shape for name, value in weights.items()} != {
        name: value.shape for name, value in own.items()
    }:
        raise _unreadable(file)
    with torch.no_grad():
        for name, weight in own.items():
            weight.copy_(weights[name])


def _random_states() -> dict[str, torch.Tensor]:
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def _unreadable(file: Path) -> UserError:
    return UserError(
        f"{file} is damaged, or of a network of another size or family. Give the folder of a"
        " training that fits, or begin anew in an empty one."
    )
