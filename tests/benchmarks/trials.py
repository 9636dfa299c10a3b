"""One training of one method on one public set, and what came of it; done once, then remembered.

Every trial is a line of JSON in a store, so a sweep that was stopped goes on where it was, and
several processes may fill several stores side by side.
"""

import json
import random
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from playground.data.example import Example
from playground.data.splits import validation_slice
from playground.events import Step
from playground.methods import create
from playground.methods.cards import Value
from playground.models.answer_words import answer_words
from playground.models.loading import load
from playground.training import Plan, TrainingData, train
from playground.training.evaluating import accuracy_and_loss
from tests.benchmarks import real_data

LABELS_PER_CLASS = 64


@dataclass(frozen=True)
class Trial:
    """settings: those that differ from the method's defaults. held_out: rows asked, 0 for all."""

    method: str
    dataset: str
    seed: int
    settings: dict[str, Value] = field(default_factory=dict)
    held_out: int = 0

    @property
    def key(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True)
class Outcome:
    """n: held-out rows. one_label: the answer it gave to all of them, "" where there are several.
    steps: until it stopped by itself. seconds: of training and of asking together."""

    accuracy: float
    n: int
    one_label: str
    steps: int
    seconds: float


def outcome(trial: Trial, store: Path | None = None) -> Outcome:
    """What the store says of the trial; it is run where the store has nothing."""
    known = remembered(store)
    if trial.key not in known:
        known[trial.key] = run(trial)
        if store is not None:
            with store.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"trial": trial.key, **asdict(known[trial.key])}) + "\n")
    return known[trial.key]


def remembered(store: Path | None) -> dict[str, Outcome]:
    """Every trial the store holds, by its key."""
    if store is None or not store.is_file():
        return {}
    lines = [json.loads(line) for line in store.read_text(encoding="utf-8").splitlines()]
    return {line.pop("trial"): Outcome(**line) for line in lines}


def run(trial: Trial) -> Outcome:
    """Train with the early stopping a run has, then ask about the held-out part."""
    started = time.monotonic()
    model, method = load("bundled"), create(trial.method, trial.settings)
    task = real_data.task(trial.dataset)
    taught, validation = validation_slice(
        few(real_data.labelled(trial.dataset), trial.seed), trial.seed
    )
    torch.manual_seed(trial.seed)
    words = answer_words(model, task)
    network = method.build(model, words)
    data = TrainingData(task, words, taught, validation, ())
    plan = Plan.of(method, trial.seed)
    events = list(train(network, model, data, plan))
    held_out = real_data.held_out(trial.dataset)[: trial.held_out or None]
    found = accuracy_and_loss(model, network, task, held_out, plan.objective)
    steps = max(event.step for event in events if isinstance(event, Step))
    seconds = round(time.monotonic() - started, 1)
    return Outcome(found.accuracy, found.n, found.one_label, steps, seconds)


def few(examples: list[Example], seed: int) -> list[Example]:
    """LABELS_PER_CLASS examples of each label."""
    drawn = random.Random(seed)
    by_label: dict[str, list[Example]] = {}
    for example in examples:
        by_label.setdefault(example.label, []).append(example)
    return [one for rows in by_label.values() for one in drawn.sample(rows, LABELS_PER_CLASS)]


def cell(outcomes: Sequence[Outcome]) -> str:
    """Mean ± standard deviation over the seeds, and the sign of a majority answer."""
    found = [one.accuracy for one in outcomes]
    if not found:
        return "not measured"
    spread = f" ± {statistics.stdev(found):.3f}" if len(found) > 1 else " (one seed)"
    alone = [one.one_label for one in outcomes if one.one_label]
    return f"{statistics.mean(found):.3f}{spread}" + (f" ({len(alone)} one label)" if alone else "")


def row(name: str, cells: Iterable[str]) -> str:
    return f"| {name} | " + " | ".join(cells) + " |"
