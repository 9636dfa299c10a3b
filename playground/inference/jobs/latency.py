"""How long one answer takes: of runs, of the same runs merged into their base, and of the full copy
that they stand for."""

import copy
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import torch

from playground import methods
from playground.errors import UserError
from playground.inference.replies import AnswerTimings, Measured, RunTiming
from playground.inference.requests import Row, RunAdapter, TimeAnswers
from playground.inference.resident import Progress, Resident
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

Way = tuple[str, int]  # "full", "unmerged" or "merged", and the number of the run
Ask = Callable[[int], object]
FULL: Way = ("full", 0)
ROUNDS = (12, 48)  # at least and at most
SECONDS = 6.0  # after the least rounds, no more are begun
WARM_UP = 2  # rounds that are not counted


def time_answers(request: TimeAnswers, resident: Resident, progress: Progress) -> AnswerTimings:
    """Each row asked alone, one after the other, in every way in turn, see `times`."""
    return times(resident.base(request.model), request, progress)


def times(
    model: LanguageModel,
    request: TimeAnswers,
    progress: Progress,
    least_and_most: tuple[int, int] = ROUNDS,
) -> AnswerTimings:
    """Each of the rows asked alone, one after the other, in every way in turn, so that what else
    the machine does hits all. Every round another way is first.

    Works on copies: the resident base is the full copy, which answers as fast, and is not changed.
    The ratios are of times of the same round. progress: rounds done. least_and_most: rounds.
    Raises UserError where the copies do not fit into memory.
    """
    task, rows, runs = request.task, request.rows, request.adapters
    _check_room(model, len(runs))
    networks: dict[Way, torch.nn.Module] = {FULL: model.network}
    reasons = []
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
    timed = (_timing(took, number, why_not) for number, why_not in enumerate(reasons))
    return AnswerTimings(len(took[FULL]), _milliseconds(took[FULL]), tuple(timed))


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
    model: LanguageModel, run: RunAdapter
) -> tuple[torch.nn.Module, torch.nn.Module | None, str]:
    """A run on a copy of its base; the same merged, or None and why there is none."""
    method = methods.create(run.method, run.settings)
    beside = replace(model, network=copy.deepcopy(model.network))
    tuned = method.load(beside, Path(run.folder))
    return tuned, *_merged(method, tuned, model.network)


def _merged(
    method: Method, tuned: torch.nn.Module, plain: torch.nn.Module
) -> tuple[torch.nn.Module | None, str]:
    """The run as plain weights, or None and why nothing is merged."""
    if hasattr(method, "merge"):
        return method.merge(tuned), ""
    if classes_of(tuned) is not None:
        return None, "not mergeable: a head of its own"
    if tuned.state_dict().keys() == plain.state_dict().keys():
        return None, "nothing to merge: in the weights already"
    if virtual_tokens(tuned):
        return None, "not mergeable: vectors in front of the text"
    return None, "not mergeable: computes beside the weights"


def _way(model: LanguageModel, network: torch.nn.Module, task: Task, rows: Sequence[Row]) -> Ask:
    """A function that asks about one row by itself and waits for the scores of its labels."""
    encoder = encoder_for(model, network, task)
    prompts = [encoder.parts(row) for row in rows]
    way = best_way(network, encoder, prompts)

    def ask(number: int) -> object:
        scored = way(network, encoder, [prompts[number]])
        return [scores.tolist() for _, pair in scored for scores in pair]

    return ask


def _rounds(
    ways: dict[Way, Ask],
    rows: int,
    progress: Progress,
    least_and_most: tuple[int, int],
) -> dict[Way, list[float]]:
    """Seconds by way, one for each round that counts."""
    least, most = least_and_most
    order = list(ways)
    found: dict[Way, list[float]] = {way: [] for way in ways}
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


def _timing(took: dict[Way, list[float]], number: int, why_not: str) -> RunTiming:
    """Of one run, in the ways it was asked."""
    full, unmerged, merged = took[FULL], took["unmerged", number], took.get(("merged", number))
    return RunTiming(
        unmerged=_milliseconds(unmerged),
        unmerged_ratio=_ratio(unmerged, full),
        merged=_milliseconds(merged) if merged else None,
        merged_ratio=_ratio(merged, full) if merged else None,
        not_mergeable=why_not,
    )


def _ratio(seconds: list[float], full: list[float]) -> Measured:
    found = ratio(seconds, full)
    return Measured(found.median, found.low, found.high)


def _milliseconds(seconds: list[float]) -> Measured:
    return Measured(*median([1000 * one for one in seconds]))
