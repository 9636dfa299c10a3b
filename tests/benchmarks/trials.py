"""One training of one method on one set, and what came of it; done once, then remembered.

Every trial is a line of JSON in a store, so a sweep that was stopped goes on where it was, and
several processes may fill several stores side by side.
"""

import hashlib
import json
import random
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path

import torch

from playground.data.example import Example
from playground.data.nearest import Nearest
from playground.evaluation.answers import DEFAULT_RULE, values
from playground.evaluation.baselines import tfidf
from playground.events import Step
from playground.methods import create
from playground.methods.cards import SHARED, Value, cards, checked
from playground.methods.common.heads import words_for
from playground.models.catalogue import BUNDLED
from playground.models.loading import load
from playground.models.prompts import Shown
from playground.models.sources import find_folder
from playground.scoring import score
from playground.scoring.score import Scored
from playground.tasks.classification import Task
from playground.tasks.splits import demonstrations, taking_turns, validation_slice
from playground.training import Plan, TrainingData, train
from playground.training.plan import OBJECTIVES
from tests.benchmarks import real_data

LABELS_PER_CLASS, FEW_LABELS = 64, 16
ASIDE, ASIDE_ROWS = 20, 240  # seed and size of what a training part keeps aside for tuning
ASIDE_SHARE = 0.3  # of a small training part, at most
SHOTS = {"zero-shot": 0, "one-shot": 1, "8-shot": 8}
NEAREST = {"8-shot nearest": 8}  # chosen anew for every text
BASELINE = tfidf.NAME


@dataclass(frozen=True)
class Trial:
    """settings: those that differ from the method's defaults. measured: whether the held-out part
    is asked; if not, only the rows of the training part that are kept aside, on which defaults
    are tuned. model: a bundled one or a folder. labels: of each class, to learn from. schedule: of
    the rate after its warm-up, "" for the method's own."""

    method: str
    dataset: str
    seed: int
    settings: dict[str, Value] = field(default_factory=dict)
    measured: bool = True
    model: str = BUNDLED
    labels: int = LABELS_PER_CLASS
    schedule: str = ""

    @property
    def key(self) -> str:
        """Names every setting and the very weights, so that it means the same when a default or
        the bundled model has changed."""
        known = checked(self.method, self.settings) if self.method in cards() else {}
        model = weights_hash(find_folder(self.model))
        about = {**asdict(self), "settings": known, "model": model}
        if not self.schedule:
            del about["schedule"]
        return json.dumps(about, sort_keys=True)


@dataclass(frozen=True)
class Outcome:
    """aside: accuracy on ASIDE_ROWS rows of the training part that are not trained on. accuracy:
    on the n rows of the held-out part, None where that was not asked. one_label: the answer it
    gave to all rows, "" where there are several. steps: until it stopped by itself. seconds: of
    training and of asking together."""

    aside: float
    accuracy: float | None
    n: int
    one_label: str
    steps: int
    seconds: float


@cache
def weights_hash(folder: Path) -> str:
    """Of the weights alone, so that a word in the card changes nothing."""
    whole = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:12]


@cache
def impossible() -> dict[str, str]:
    """The methods that refuse the bundled model, so that no trial can be made of them, and why."""
    model = load(BUNDLED, empty=True)
    found = {name: create(name, {}).refuse(model) for name in cards()}
    return {name: reason for name, reason in found.items() if reason}


def outcome(trial: Trial, store: Path | None = None) -> Outcome:
    """What the store says of the trial; it is run where the store has nothing."""
    known = remembered(store)
    more = replace(trial, measured=True)
    if more.key in known:
        return known[more.key]
    if trial.key not in known:
        known[trial.key] = run(trial)
        if store is not None:
            with store.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"trial": trial.key, **asdict(known[trial.key])}) + "\n")
    return known[trial.key]


def known(trial: Trial, store: Path | None) -> bool:
    """Whether `outcome` would have nothing to run."""
    keys = remembered(store)
    return trial.key in keys or replace(trial, measured=True).key in keys


def remembered(store: Path | None) -> dict[str, Outcome]:
    """Every trial the store holds, by its key."""
    if store is None or not store.is_file():
        return {}
    lines = [json.loads(line) for line in store.read_text(encoding="utf-8").splitlines()]
    return {line.pop("trial"): Outcome(**line) for line in lines}


def run(trial: Trial) -> Outcome:
    """Ask a prompting arm or the baseline, or train a method with the early stopping a run has."""
    started = time.monotonic()
    task, training = real_data.task(trial.dataset), real_data.labelled(trial.dataset)
    count = min(ASIDE_ROWS, int(ASIDE_SHARE * len(training)))
    aside = random.Random(ASIDE).sample(training, count)
    lines = {example.line for example in aside}
    others = [example for example in training if example.line not in lines]
    labelled = few(others, trial.seed, trial.labels)
    measured = real_data.held_out(trial.dataset) if trial.measured else []
    held_out, steps = [*aside, *measured], 0
    if trial.method in SHOTS:
        shown = demonstrations(labelled, SHOTS[trial.method], trial.seed)
        answers = prompted(trial.model, task, held_out, shown)
    elif trial.method in NEAREST:
        near = Nearest(taking_turns(labelled), task.text_columns)
        count = NEAREST[trial.method]
        answers = prompted(trial.model, task, held_out, lambda row: near.of(row, count))
    elif trial.method == BASELINE:
        answers = counted(task, labelled, held_out)
    else:
        answers, steps = tuned(trial, task, labelled, held_out)
    right = [said == example.label for said, example in zip(answers, held_out, strict=True)]
    return Outcome(
        aside=statistics.mean(right[:count]),
        accuracy=statistics.mean(right[count:]) if measured else None,
        n=len(measured),
        one_label=answers[0] if len(set(answers)) == 1 else "",
        steps=steps,
        seconds=round(time.monotonic() - started, 1),
    )


def prompted(name: str, task: Task, held_out: Sequence[Example], shown: Shown) -> list[str]:
    """What a model answers, by the default rule."""
    model = load(name)
    return _answers(task, score(model, model.network, task, [one.row for one in held_out], shown))


def counted(task: Task, labelled: Sequence[Example], held_out: Sequence[Example]) -> list[str]:
    """What the baseline answers, which learns from word counts."""
    fitted = tfidf.fit(labelled, task.labels, task.text_columns)
    scores, _, _ = fitted.ask([one.row for one in held_out])
    return [task.labels[max(range(len(one.total)), key=one.total.__getitem__)] for one in scores]


def tuned(
    trial: Trial, task: Task, labelled: Sequence[Example], held_out: Sequence[Example]
) -> tuple[list[str], int]:
    """What it answers after training, and the steps that took."""
    model, method = load(trial.model), create(trial.method, trial.settings)
    examples, validation = validation_slice(labelled, trial.seed)
    torch.manual_seed(trial.seed)
    words = words_for(method, model, task)
    network = method.build(model, words)
    objective = str(trial.settings.get("objective", SHARED["objective"].default))
    plan = Plan.of(method, trial.seed, objective)
    plan = replace(plan, schedule=trial.schedule or plan.schedule)
    data = TrainingData(task, words, examples, validation, ())
    steps = [event.step for event in train(network, model, data, plan) if isinstance(event, Step)]
    rows = [example.row for example in held_out]
    return _answers(task, score(model, network, task, rows), OBJECTIVES[objective]), max(steps)


def _answers(task: Task, scored: Scored, rule: str = DEFAULT_RULE) -> list[str]:
    numbers = [values(scores, rule, scored.prior) for scores in scored.scores]
    return [task.labels[row.index(max(row))] for row in numbers]


def few(examples: list[Example], seed: int, count: int) -> list[Example]:
    """So many examples of each label, or all where there are fewer."""
    drawn = random.Random(seed)
    by_label: dict[str, list[Example]] = {}
    for example in examples:
        by_label.setdefault(example.label, []).append(example)
    return [one for rows in by_label.values() for one in drawn.sample(rows, min(count, len(rows)))]


def cell(outcomes: Sequence[Outcome], of: str = "accuracy", seeded: bool = True) -> str:
    """Mean ± standard deviation over the seeds, and the sign of a majority answer."""
    found = [getattr(one, of) for one in outcomes]
    if not found:
        return "not measured"
    spread = f" ± {statistics.stdev(found):.3f}" if len(found) > 1 else " (one seed)" * seeded
    alone = [one.one_label for one in outcomes if one.one_label]
    return f"{statistics.mean(found):.3f}{spread}" + (f" ({len(alone)} one label)" if alone else "")


def row(name: str, cells: Iterable[str]) -> str:
    return f"| {name} | " + " | ".join(cells) + " |"
