"""Which number format a run computes in: what is faster here, tried once."""

import time
from collections.abc import Callable

import torch

from playground.models.devices import choose_dtype

FORMATS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
SMALL = 30_000_000  # parameters; with fewer, converting numbers costs more than it gains
GAIN = 1.3  # bfloat16 has to be this much faster; with less, exact numbers are worth more
ROUNDS = 3


def described(name: str) -> str:
    """The format as an event says it: the weights stay float32, whatever is computed in."""
    return name if name == "float32" else f"{name} autocast"


def choose(
    network: torch.nn.Module, device: torch.device, try_out: Callable[[int, str], None]
) -> str:
    """The name of the format to train in: bfloat16 on a GPU that has it, and on a CPU that has it
    where the network is not small and it turns out to be faster."""
    if choose_dtype(device, training=True) == torch.float32:
        return "float32"
    if device.type != "cpu":
        return "bfloat16"
    if sum(weight.numel() for weight in network.parameters()) < SMALL:
        return "float32"
    return faster(network, try_out)


def faster(network: torch.nn.Module, try_out: Callable[[int, str], None]) -> str:
    """Which of the formats is faster here.

    Both are timed, in turns, by the fastest of three calls of `try_out`, which computes the
    gradients of a step in the format it is given. It is this process's own time that counts, so
    that what else the machine does has no say. Random numbers are afterwards as they were, and no
    gradient is left.
    """
    state = torch.get_rng_state()
    best = dict.fromkeys(FORMATS, float("inf"))
    for _ in range(ROUNDS):
        for name in FORMATS:
            started = time.process_time()
            try_out(1, name)
            best[name] = min(best[name], time.process_time() - started)
    network.zero_grad(set_to_none=True)
    torch.set_rng_state(state)
    return "bfloat16" if best["float32"] > GAIN * best["bfloat16"] else "float32"
