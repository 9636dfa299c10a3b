"""A training inside a recipe: one method on some examples, kept as an adapter of its stage."""

import os
import shutil
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from playground import methods
from playground.cards import Value
from playground.data.example import Example
from playground.events import Event, Finished
from playground.methods import cards
from playground.methods.common import rates
from playground.methods.common.heads import words_for
from playground.recipes.bench import Bench
from playground.training import Plan, TrainingData, train
from playground.training.plan import OBJECTIVE

ADAPTER, CHECKPOINT = "adapter", "checkpoint"  # folders in that of a stage


@dataclass(frozen=True)
class Fit:
    """A method with its settings; those left out take the defaults a run of its own would have."""

    method: str
    settings: Mapping[str, Value]


def fit(
    bench: Bench, stage: int, way: Fit, examples: Sequence[Example]
) -> Generator[Event, None, bool]:
    """Train on the examples from the base on, or from where this stage was; keep what was learnt
    in the stage's folder. Yields what `train` does; returns whether it came to its end. The base is
    afterwards what it was."""
    place, model = bench.place(stage), bench.model
    settings = rates.settled(way.method, way.settings, model.parameters)
    method = methods.create(way.method, settings)
    words = words_for(method, model, bench.task)
    objective = str(settings.get("objective", OBJECTIVE))
    plan = Plan.of(method, bench.seed, objective, place / CHECKPOINT)
    material = bench.material
    data = TrainingData(bench.task, words, examples, material.validation, material.held_out)
    torch.manual_seed(bench.seed)
    network = method.build(model, words)
    finished = False
    try:
        for event in train(network, model, data, plan, bench.stop):
            finished = isinstance(event, Finished)
            yield event
        _save(bench, stage, method, network)
    finally:
        method.remove(network)
    if finished:
        shutil.rmtree(place / CHECKPOINT, ignore_errors=True)
    return finished


@contextmanager
def fitted(bench: Bench, stage: int, way: Fit) -> Iterator[torch.nn.Module]:
    """The network that a stage has kept, on the base for as long as the block lasts."""
    method = methods.create(way.method, way.settings)
    network = method.load(bench.model, bench.place(stage) / ADAPTER)
    try:
        yield network
    finally:
        method.remove(network)


def texts_trained(way: Fit) -> tuple[int, int]:
    """At most: optimiser steps, and texts in all their batches."""
    settings = cards.checked(way.method, way.settings)
    steps, size = int(settings["steps"]), int(settings["batch_size"])
    return steps, steps * size


def _save(bench: Bench, stage: int, method: methods.Method, network: torch.nn.Module) -> None:
    """Whole or not at all: a stage that is killed here goes on from its checkpoint."""
    final = bench.place(stage) / ADAPTER
    draft = final.with_name(f".{ADAPTER}")
    for left in (draft, final):
        shutil.rmtree(left, ignore_errors=True)
    method.save(network, draft)
    os.replace(draft, final)
