"""The state of a training on disk: one safetensors file, replaced in one go."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

At = TypeVar("At", bound="DataclassInstance")
Tensors = dict[str, torch.Tensor]
WEIGHTS, RANDOM = "weights", "rng"  # groups of every file; the optimiser's are called as its own


class Unfit(ValueError):
    """A file that is damaged, or of a training of something else."""


@dataclass
class State:
    """The tensors of a training: what trains, its optimiser, and further ones, by group."""

    weights: Mapping[str, torch.nn.Parameter]
    optimiser: torch.optim.Optimizer
    further: Mapping[str, Tensors] = field(default_factory=dict)


def write(file: Path, position: "DataclassInstance", state: State) -> None:
    """Keep the state, so that a reader finds the old file or the new one, never half of one, even
    where the machine loses power. position: of plain values, which `read_position` gives back."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = {name: tensor.cpu().contiguous() for name, tensor in _named(state).items()}
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        save_file(whole, unfinished, metadata={"position": json.dumps(asdict(position))})
        with open(unfinished, "rb") as written:
            os.fsync(written.fileno())
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)  # half of it on a full disk


def read_position(file: Path, kind: type[At]) -> At | None:
    """Where the training that kept its state here was; None when there is no state. Raises Unfit
    for a file that says no position of this kind."""
    if not file.is_file():
        return None
    try:
        with safe_open(file, framework="pt") as kept:
            return kind(**json.loads(kept.metadata()["position"]))
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise Unfit(str(error)) from error


def restore(file: Path, state: State) -> dict[str, Tensors]:
    """Put weights, optimiser and random numbers back as `write` found them; the groups of `further`
    are returned, empty where the file has nothing of one. Raises Unfit, before anything is changed,
    where the weights are others than those of the file."""
    groups = read_groups(file)
    weights, random = groups.pop(WEIGHTS, {}), groups.pop(RANDOM, {})
    further = {name: groups.pop(name, {}) for name in state.further}
    put(weights, state.weights)
    for name, weight in state.weights.items():
        state.optimiser.state[weight] = {
            # AdamW counts its steps on the device, if fused, and the file says in which format.
            key: tensors[name].to(weight.device)
            for key, tensors in groups.items()
            if name in tensors
        }
    _set_random_states(random)
    return further


def read_groups(file: Path) -> dict[str, Tensors]:
    """All tensors of a file, by group and name. Raises Unfit for a damaged one."""
    groups: dict[str, Tensors] = {}
    try:
        with safe_open(file, framework="pt") as kept:
            for path in kept.keys():  # noqa: SIM118
                group, name = path.split("/", 1)
                groups.setdefault(group, {})[name] = kept.get_tensor(path)
    except (SafetensorError, ValueError) as error:
        raise Unfit(str(error)) from error
    return groups


def put(given: Mapping[str, torch.Tensor], wanted: Mapping[str, torch.Tensor]) -> None:
    """Copy the given tensors into the wanted ones. Raises Unfit unless names and shapes agree."""
    if _shapes(given) != _shapes(wanted):
        raise Unfit("the tensors have other names or shapes")
    with torch.no_grad():
        for name, tensor in wanted.items():
            tensor.copy_(given[name])


def _named(state: State) -> Tensors:
    """All that is kept, as it is called in the file: group/name."""
    tensors = {f"{RANDOM}/{name}": numbers for name, numbers in _random_states().items()}
    for name, weight in state.weights.items():
        tensors[f"{WEIGHTS}/{name}"] = weight.detach()
        for key, value in state.optimiser.state.get(weight, {}).items():
            tensors[f"{key}/{name}"] = value
    for group, further in state.further.items():
        tensors |= {f"{group}/{name}": tensor for name, tensor in further.items()}
    return tensors


def _shapes(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in tensors.items()}


def _random_states() -> Tensors:
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def _set_random_states(states: Mapping[str, torch.Tensor]) -> None:
    if "cpu" not in states:
        raise Unfit("the random numbers are missing")
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])
