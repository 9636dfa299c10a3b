"""What every method costs, with its defaults on the bundled model and the support tickets.

    python -m tests.benchmarks.ledger [--methods lora …] [--steps 12] [--rounds 48] [--write]

Prints the Markdown table: trainable parameters and their share of the model, bytes on disk, peak
memory and seconds a step of training, and milliseconds of single answers with 95 % intervals, of
the full copy, unmerged and merged, in turns. Every method has a fresh process, so the peak is its
own; it is that of the whole process, some 500 MB of libraries included (on a GPU, of the device).
--write puts the figures into results/, which the methods' README is made from.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from playground.data.samples import read_sample
from playground.events import Finished, Started
from playground.inference.jobs import latency
from playground.inference.requests import RunAdapter, TimeAnswers
from playground.methods import Method, create
from playground.methods.cards import SHARED, cards
from playground.models.answer_words import answer_words
from playground.models.language_model import LanguageModel
from playground.models.loading import load
from playground.runs.files import folder_bytes
from playground.tasks.classification import Task
from playground.tasks.splits import split
from playground.training import Plan, TrainingData, train
from tests.benchmarks.results import COSTS
from tests.benchmarks.trials import row

LABELS_PER_CLASS = 16
ROWS = 24  # held-out tickets that are asked
HEADS = (
    *("Trainable parameters", "Share, %", "On disk, kB", "Peak memory, MB", "Step, s"),
    *("Full copy, ms", "Answer, ms", "times", "Merged, ms", "times"),
)
Facts = dict[str, Any]


def measured(name: str, steps: int, rounds: int) -> Facts:
    """All there is to know of one method, in this process."""
    model, method = load("bundled"), create(name, {})
    if reason := method.refuse(model):
        return {"refused": reason}
    table = read_sample("support-tickets")
    task = Task.guess(table)
    parts = split(table, task, LABELS_PER_CLASS, seed=0)
    with tempfile.TemporaryDirectory() as folder:
        data = TrainingData(task, answer_words(model, task), parts.labelled, (), ())
        facts = trained(method, model, data, steps, Path(folder))
        run = RunAdapter(name, folder, "", name, {})
        rows = tuple(example.row for example in parts.held_out[:ROWS])
        request = TimeAnswers(task, (run,), rows, model="bundled")
        timings = latency.times(model, request, lambda done: None, (rounds, rounds))
    (own,) = timings.runs
    return {**facts, "full": asdict(timings.full), **asdict(own)}


def trained(
    method: Method, model: LanguageModel, data: TrainingData, steps: int, folder: Path
) -> Facts:
    """Train and save it; the model is the base again afterwards."""
    torch.manual_seed(0)
    network = method.build(model, data.words)
    plan = replace(Plan.of(method, 0, SHARED["objective"].default), steps=steps)
    events = list(train(network, model, data, plan))
    started = next(event for event in events if isinstance(event, Started))
    ended = next(event for event in events if isinstance(event, Finished))
    method.save(network, folder)
    method.remove(network)
    return {
        "trainable": started.trainable,
        "share": started.trainable / started.parameters,
        "bytes": folder_bytes(folder),
        "peak_bytes": ended.peak_bytes,
        "seconds_per_step": ended.seconds / ended.step,
    }


def cells(facts: Facts) -> list[str]:
    """A line of the table; one that says why, for a method that does not fit the model."""
    if "refused" in facts:
        return [facts["refused"], *[""] * (len(HEADS) - 1)]
    merged = facts["merged"] is not None
    return [
        f"{facts['trainable']:,}",
        f"{100 * facts['share']:.3g}",
        f"{facts['bytes'] / 1e3:,.0f}",
        f"{facts['peak_bytes'] / 1e6:,.0f}",
        f"{facts['seconds_per_step']:.3f}",
        interval(facts["full"], 1),
        interval(facts["unmerged"], 1),
        interval(facts["unmerged_ratio"], 2),
        interval(facts["merged"], 1) if merged else facts["not_mergeable"],
        interval(facts["merged_ratio"], 2) if merged else "",
    ]


def interval(measured: Facts, places: int) -> str:
    median, low, high = (f"{measured[name]:.{places}f}" for name in ("median", "low", "high"))
    return f"{median} ({low} to {high})"


def in_a_fresh_process(name: str, chosen: argparse.Namespace) -> Facts:
    command = [sys.executable, "-m", "tests.benchmarks.ledger", "--one", name]
    command += ["--steps", str(chosen.steps), "--rounds", str(chosen.rounds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--methods", nargs="+", default=sorted(cards()), choices=sorted(cards()))
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=48, help="answers timed in each way")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--one", choices=sorted(cards()), help="this one here, as a line of JSON")
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measured(chosen.one, chosen.steps, chosen.rounds)))
        return
    print(row("", HEADS) + "\n|---" + "|---:" * len(HEADS) + "|")
    for name in chosen.methods:
        facts = in_a_fresh_process(name, chosen)
        print(row(cards()[name].title, cells(facts)), flush=True)
        if chosen.write and "refused" not in facts:
            write(name, facts)


def write(name: str, facts: Facts) -> None:
    """Put what the methods' README shows of them beside the figures of other methods."""
    stored = json.loads(COSTS.read_text(encoding="utf-8"))
    stored["rows"][name] = {
        "trainable": facts["trainable"],
        "share_percent": f"{100 * facts['share']:.3g}",
        "kilobytes": round(facts["bytes"] / 1e3),
        "peak_megabytes": round(facts["peak_bytes"] / 1e6),
        "step_seconds": round(facts["seconds_per_step"], 3),
        "answer": [round(one, 2) for one in facts["unmerged_ratio"]],
        "merged": (
            [round(one, 2) for one in facts["merged_ratio"]]
            if "merged" in facts
            else facts["not_mergeable"]
        ),
    }
    COSTS.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
