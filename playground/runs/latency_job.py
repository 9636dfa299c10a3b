"""How long one answer takes: of a run, of the same run folded into its base, and of the full copy
that it stands for. In the asking process; plain values in, plain values out."""

import copy
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from playground import methods
from playground.data.task import Task
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

Values = dict[str, Any]
Ask = Callable[[int], object]
ROUNDS = (12, 48)  # at least and at most
SECONDS = 4.0  # after the fewest rounds, no more are begun
WARM_UP = 2  # rounds that are not counted
MERGED = "merged"


def times(model: LanguageModel, values: Values, progress: Callable[[int], None]) -> Values:
    """Each of values["rows"] asked alone, one after the other, in every way in turn, so that what
    else the machine does hits all. Every round another way is first.

    Works on copies: the resident base is the full copy, which answers as fast, and is not changed.
    Returns {"repeats", "not_mergeable"} and, for "full", "unmerged" and "merged", its median
    milliseconds with their 95 % interval; of the last two also how many times the full copy's they
    are, from times of the same round ("unmerged_ratio", "merged_ratio"). progress: rounds done.
    Raises UserError where the copies do not fit into memory.
    """
    run, task = values["run"], Task.from_json(values["task"])
    method = methods.create(run["method"], run["settings"])
    _check_room(model)
    beside = replace(model, network=copy.deepcopy(model.network))
    tuned = method.load(beside, Path(run["folder"]))
    merged, why_not = _merged(method, tuned, model.network)
    networks = {"full": model.network, "unmerged": tuned}
    if merged is not None:
        networks[MERGED] = merged
    with ExitStack() as stack:
        for network in networks.values():
            stack.enter_context(asking(network, model.device))
        rows = values["rows"]
        ways = {name: _way(model, network, task, rows) for name, network in networks.items()}
        rounds = _rounds(ways, len(rows), progress)
    return {"repeats": len(rounds["full"]), "not_mergeable": why_not, **_summary(rounds)}


def _check_room(model: LanguageModel) -> None:
    """There is a copy for the adapter, and at most one more: merged, or trained as a whole."""
    one = sum(weight.numel() * weight.itemsize for weight in model.network.parameters())
    needed, free = 2 * one, available_bytes(model.device)
    if needed > free:
        raise UserError(
            f"Timing needs {needed / 1e9:.1f} GB for copies of {model.id} beside the one that is"
            f" asked; {free / 1e9:.1f} GB are free. Time a run of a smaller model."
        )


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
    ways: dict[str, Ask], rows: int, progress: Callable[[int], None]
) -> dict[str, list[float]]:
    """Seconds by way, one for each round that counts."""
    order, found = list(ways), {name: [] for name in ways}
    started = time.perf_counter()
    for number in range(WARM_UP + ROUNDS[1]):
        order.append(order.pop(0))
        took = {name: _seconds(ways[name], number % rows) for name in order}
        if number < WARM_UP:
            started = time.perf_counter()
            continue
        for name, seconds in took.items():
            found[name].append(seconds)
        done = number + 1 - WARM_UP
        progress(done)
        if done >= ROUNDS[0] and time.perf_counter() - started > SECONDS:
            break
    return found


def _seconds(ask: Ask, number: int) -> float:
    started = time.perf_counter()
    ask(number)
    return time.perf_counter() - started


def _summary(rounds: dict[str, list[float]]) -> Values:
    said: Values = {}
    for name, seconds in rounds.items():
        said[name] = median([1000 * one for one in seconds])
        if name != "full":
            against = ratio(seconds, rounds["full"])
            said[f"{name}_ratio"] = (against.median, against.low, against.high)
    return said
