"""The settings a training has when none are given: by stage, device and network."""

import argparse
import shutil
from dataclasses import dataclass

import torch

from playground.errors import UserError
from playground.models.devices import choose_device, choose_dtype
from playground.optim.schedule import Schedule
from playground.pretraining.architectures import POSITIONS
from playground.pretraining.plan import Plan


@dataclass(frozen=True)
class Defaults:
    length: int
    batch: int
    rate: float
    warm_up: int
    decay: float


# Stage 1 stays level, so that stage 2 goes on from there and decays over the prompts, as
# section 5 of Hu et al. 2024 (arXiv:2404.06395) finds best.
STAGES = {1: Defaults(512, 12, 2e-3, 100, 0.0), 2: Defaults(1024, 6, 1.5e-3, 50, 0.2)}
GPU_TIMES = 8  # as many windows an update on a GPU, which is idle with few


def device(name: str | None) -> torch.device:
    """The device called so, or the best there is. Raises UserError for one that is not there."""
    if name is None:
        return choose_device()
    try:
        found = torch.device(name)
    except RuntimeError as error:
        raise UserError(f"There is no device called {name!r}: give cpu or cuda.") from error
    if found.type == "cuda" and not torch.cuda.is_available():
        raise UserError("PyTorch sees no CUDA device here. Give --device cpu.")
    return found


def plan(given: argparse.Namespace, on: torch.device) -> Plan:
    """The plan of the options, with what was left open filled in."""
    usual = STAGES[given.stage]
    batch = given.batch or usual.batch * (GPU_TIMES if on.type == "cuda" else 1)
    length = given.length or usual.length
    if not 8 <= length <= POSITIONS:
        raise UserError(f"A window has 8 to {POSITIONS:,} tokens, not {length:,}.")
    micro = given.micro_batch or batch
    if batch % micro:
        raise UserError(f"{batch} windows cannot be run in parts of {micro}: give a divisor.")
    schedule = Schedule(
        peak=given.rate or usual.rate,
        warm_up=usual.warm_up if given.warm_up is None else given.warm_up,
        decay=usual.decay if given.decay is None else given.decay,
        steps=given.steps,
        minutes=given.minutes,
    )
    bfloat16 = choose_dtype(on, training=True) == torch.bfloat16
    return Plan(
        schedule=schedule,
        length=length,
        batch=batch,
        micro_batch=micro,
        answer_weight=given.answer_weight,
        seed=given.seed,
        precision=given.precision or ("bfloat16" if bfloat16 else "float32"),
        compiled=_can_compile(on) if given.compile is None else given.compile,
        evaluate_every=given.evaluate_every,
        checkpoint_minutes=given.checkpoint_minutes,
    )


def prepare(on: torch.device, threads: int | None) -> None:
    """Settings of the process."""
    if threads:
        torch.set_num_threads(threads)
    if on.type == "cuda":
        torch.set_float32_matmul_precision("high")


def _can_compile(on: torch.device) -> bool:
    """torch.compile needs Triton on a GPU and a C++ compiler for a CPU."""
    if on.type == "cuda":
        return True
    return on.type == "cpu" and shutil.which("g++") is not None
