"""How long one answer takes: of runs, of the same runs folded into their base, and of the full copy
that they stand for. In the asking process; plain values in, plain values out."""

import copy
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from playground import methods
from playground.errors import UserError
from playground.methods import Method
from playground.models.answer_logits import virtual_tokens
from playground.models.classes import classes_of
from playground.models.devices import available_bytes
from playground.models.language_model import LanguageModel
from playground.models.prompts import encoder_for
from playground.scoring import best_way
from playground.scoring.batching import asking
from playground.serving.timing import median, ratio
from playground.tasks.classification import Task

Values = dict[str, Any]
Way = tuple[str, int]  # "full", "unmerged" or "merged", and the number of the run
Ask = Callable[[int], object]
FULL: Way = ("full", 0)
ROUNDS = (12, 48)  # at least and at most
SECONDS = 6.0  # after the least rounds, no more are begun
WARM_UP = 2  # rounds that are not counted


def times(
    model: LanguageModel,
    values: Values,
    progress: Callable[[int], None],
    least_and_most: tuple[int, int] = ROUNDS,
) -> Values:
    """Each of values["rows"] asked alone, one after the other, in every way in turn, so that what
    else the machine does hits all. Every round another way is first.

    Works on copies: the resident base is the full copy, which answers as fast, and is not changed.
    Returns {"repeats", "full", "runs"}. "full": median milliseconds with their 95 % interval.
    "runs", for each of values["runs"]: the same as "unmerged" and "merged", how many times the full
    copy's that is, from times of the same round ("unmerged_ratio", "merged_ratio"), and
    "not_mergeable": why nothing is merged, else "". progress: rounds done. least_and_most: rounds.
    Raises UserError where the copies do not fit into memory.
    """
    task, rows, runs = Task.from_json(values["task"]), values["rows"], values["runs"]
    _check_room(model, len(runs))
    networks, reasons = {FULL: model.network}, []
    for number, run in enumerate(runs):
        tuned, merged, why_not = _opened(model, run)
        networks |= {("unmerged", number): tuned}
        networks |= {("merged", number): merged} if merged is not None else {}
        reasons.append(why_not)
    with ExitStack() as stack:
        for network in networks.values():
            stack.enter_context(asking(network, model.device))
        ways = {way: _way(model, network, task, rows) for way, network in networks.items()}
        took = _rounds(ways, len(rows), progress, least_and_most)
    return {
        "repeats": len(took[FULL]),
        "full": _milliseconds(took[FULL]),
        "runs": [
            {"not_mergeable": why_not, **_summary(took, number)}
            for number, why_not in enumerate(reasons)
        ],
    }


def _check_room(model: LanguageModel, runs: int) -> None:
    """Each run has a copy for its adapter, and at most one more: merged, or trained as a whole."""
    one = sum(weight.numel() * weight.itemsize for weight in model.network.parameters())
    needed, free = 2 * runs * one, available_bytes(model.device)
    if needed > free:
        raise UserError(
            f"Timing them needs {needed / 1e9:.1f} GB for copies of {model.id} beside the one that"
            f" is asked; {free / 1e9:.1f} GB are free. Time fewer runs at once, or runs of a"
            " smaller model."
        )


def _opened(
    model: LanguageModel, run: Values
) -> tuple[torch.nn.Module, torch.nn.Module | None, str]:
    """A run on a copy of its base; the same folded in, or None and why there is none."""
    method = methods.create(run["method"], run["settings"])
    beside = replace(model, network=copy.deepcopy(model.network))
    tuned = method.load(beside, Path(run["folder"]))
    return tuned, *_merged(method, tuned, model.network)


def _merged(
    method: Method, tuned: torch.nn.Module, plain: torch.nn.Module
) -> tuple[torch.nn.Module | None, str]:
    """The run as plain weights, or None and why there is nothing to fold in."""
    if hasattr(method, "merge"):
        return method.merge(tuned), ""
    if classes_of(tuned) is not None:
        return None, "not mergeable: a head of its own"
    if tuned.state_dict().keys() == plain.state_dict().keys():
        return None, "nothing to merge: in the weights already"
    if virtual_tokens(tuned):
        return None, "not mergeable: vectors in front of the text"
    return None, "not mergeable: computes beside the weights"


def _way(model: LanguageModel, network: torch.nn.Module, task: Task, rows: list[Values]) -> Ask:
    """A function that asks about one row by itself and waits for the scores of its labels."""
    encoder = encoder_for(model, network, task)
    prompts = [encoder.parts(row) for row in rows]
    way = best_way(network, encoder, prompts)

    def ask(number: int) -> list[Any]:
        scored = way(network, encoder, [prompts[number]])
        return [scores.tolist() for _, pair in scored for scores in pair]

    return ask


def _rounds(
    ways: dict[Way, Ask],
    rows: int,
    progress: Callable[[int], None],
    least_and_most: tuple[int, int],
) -> dict[Way, list[float]]:
    """Seconds by way, one for each round that counts."""
    least, most = least_and_most
    order, found = list(ways), {way: [] for way in ways}
    started = time.perf_counter()
    for number in range(WARM_UP + most):
        order.append(order.pop(0))
        took = {way: _seconds(ways[way], number % rows) for way in order}
        done = number + 1 - WARM_UP
        if done <= 0:
            started = time.perf_counter()
            continue
        for way, seconds in took.items():
            found[way].append(seconds)
        progress(done)
        if done >= least and time.perf_counter() - started > SECONDS:
            break
    return found


def _seconds(ask: Ask, number: int) -> float:
    started = time.perf_counter()
    ask(number)
    return time.perf_counter() - started


def _summary(took: dict[Way, list[float]], number: int) -> Values:
    """Of one run, in the ways it was asked."""
    said: Values = {}
    for name in ("unmerged", "merged"):
        if (seconds := took.get((name, number))) is not None:
            against = ratio(seconds, took[FULL])
            said[name] = _milliseconds(seconds)
            said[f"{name}_ratio"] = (against.median, against.low, against.high)
    return said


def _milliseconds(seconds: list[float]) -> tuple[float, float, float]:
    return median([1000 * one for one in seconds])
