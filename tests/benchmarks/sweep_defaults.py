"""Where the methods' default rates and steps come from: a small sweep with the bundled model.

    python -m tests.benchmarks.sweep_defaults [--methods lora …] [--rates 5e-4 …] [--curves]

Prints a Markdown table: method, rate, and per set the held-out accuracy after training, with the
early stopping a run has; --curves adds the accuracy at every evaluation, without early stopping.
"""

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import replace

import torch

from playground import limits
from playground.data.example import Example
from playground.data.splits import validation_slice
from playground.events import Evaluated, Event, Step
from playground.methods import create
from playground.models.answer_words import answer_words
from playground.models.loading import load
from playground.training import Plan, TrainingData, train
from playground.training.evaluating import accuracy_and_loss, subset
from tests.benchmarks import real_data

RATES = {
    "adapter": (5e-4, 1e-3, 2e-3),
    "lora": (5e-4, 1e-3, 2e-3),
    "prompt_based_fine_tuning": (1e-4, 3e-4, 5e-4),
    "soft_prompt": (5e-3, 1e-2, 3e-2),
}
LABELS_PER_CLASS = 64
CURVE_POINTS = 5


def few(examples: list[Example], seed: int) -> list[Example]:
    """LABELS_PER_CLASS examples of each label."""
    drawn = random.Random(seed)
    by_label: dict[str, list[Example]] = {}
    for example in examples:
        by_label.setdefault(example.label, []).append(example)
    return [one for rows in by_label.values() for one in drawn.sample(rows, LABELS_PER_CLASS)]


def one_run(
    name: str, rate: float, dataset: str, seed: int, chosen: argparse.Namespace
) -> Iterator[Event]:
    """The events of one run, and last an Evaluated on more held-out examples."""
    settings = {"learning_rate": rate} | ({"steps": chosen.steps} if chosen.steps else {})
    model, method, task = load("bundled"), create(name, settings), real_data.task(dataset)
    words = answer_words(model, task)
    training, validation = validation_slice(few(real_data.labelled(dataset), seed), seed)
    torch.manual_seed(seed)
    network = method.build(model, words)
    held_out = subset(real_data.held_out(dataset), chosen.held_out, seed)
    plan = Plan.of(method, seed)
    if chosen.curves:
        plan = replace(plan, patience=method.steps, evaluate_every=method.steps // CURVE_POINTS)
    data = TrainingData(task, words, training, validation, held_out)
    yield from train(network, model, data, plan)
    found = accuracy_and_loss(model, network, task, held_out, plan.objective)
    yield replace(found, part="last")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--methods", nargs="+", default=list(RATES))
    parser.add_argument("--rates", nargs="+", type=float)
    parser.add_argument("--sets", nargs="+", default=list(real_data.FILES))
    parser.add_argument("--steps", type=int, help="instead of the method's default")
    parser.add_argument("--held-out", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--curves", action="store_true")
    chosen = parser.parse_args()
    print(f"Accuracy on {chosen.held_out} held-out examples, {LABELS_PER_CLASS} labels per class,")
    print(f"{chosen.seeds} seed(s); curves on {limits.LIVE_HELD_OUT}.\n")
    print(
        "| method | rate | " + " | ".join(chosen.sets) + " |\n|---|---|" + "---|" * len(chosen.sets)
    )
    for name in chosen.methods:
        for rate in chosen.rates or RATES[name]:
            cells = [_cell(name, rate, dataset, chosen) for dataset in chosen.sets]
            print(f"| {name} | {rate:g} | " + " | ".join(cells) + " |", flush=True)


def _cell(name: str, rate: float, dataset: str, chosen: argparse.Namespace) -> str:
    said = []
    for seed in range(chosen.seeds):
        started = time.monotonic()
        events = list(one_run(name, rate, dataset, seed, chosen))
        steps = max(event.step for event in events if isinstance(event, Step))
        said.append(
            f"{events[-1].accuracy:.3f} ({steps} steps, {time.monotonic() - started:.0f} s)"
        )
        if chosen.curves:
            parts = [e for e in events if isinstance(e, Evaluated) and e.part != "last"]
            said.extend(f"{e.part[0]}{e.step} {e.accuracy:.2f} {e.loss:.2f}" for e in parts)
    return ", ".join(said)


if __name__ == "__main__":
    main()
