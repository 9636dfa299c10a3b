"""A home with finished runs of several tasks on one tiny base, made without training."""

from collections.abc import Mapping
from pathlib import Path

import torch

from playground import methods
from playground.data.building import assembled
from playground.events import Finished
from playground.models.loading import load
from playground.runs import starting
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from playground.tasks.classification import Task
from tests.runs.making import WORDS, happened, started
from tests.tiny import save_tiny

FILM = Task("Review: {text}\nSentiment:", {"pos": "positive", "neg": "negative"}, "label")
TOPIC = Task(
    "{question}\nWhat is it about?",
    {"a": "great", "b": "terrible film", "c": "not good"},
    "label",
)
PAIR = Task("{first} and {second} It was", {"same": "good", "other": "bad"}, "label")
# name: (task, method, settings)
RUNS: Mapping[str, tuple[Task, str, dict]] = {
    "film lora": (FILM, "lora", {}),
    "topic prompt": (TOPIC, "soft_prompt", {"length": 3}),
    "topic adapter": (TOPIC, "adapter", {}),
    "whole model": (FILM, "prompt_based_fine_tuning", {}),
    "two texts": (PAIR, "lora", {"rank": 2}),
}
FINISHED = Finished(9, 9, 1.0, False, 0, 0, 9.0)


def made_home(home: Path, owner: str = "", architecture: str = "gpt2") -> dict[str, str]:
    """The ids of the runs, by name. Their base is a folder inside `home`."""
    model = str(save_tiny(architecture, home / "model"))
    store = Store(home)
    return {
        name: finished(store, RunSpec(task, model, method, settings, 4, name=name), owner)
        for name, (task, method, settings) in RUNS.items()
    }


def finished(store: Store, spec: RunSpec, owner: str = "") -> str:
    """The id of a run that is over, its adapter drawn at random."""
    columns = (*spec.task.text_columns, spec.task.label_column)
    rows = [
        {**dict.fromkeys(columns, f"A {WORDS[i % 8]} text, number {i}"), columns[-1]: label}
        for i in range(24)
        for label in (spec.task.labels[i % len(spec.task.labels)],)
    ]
    table = assembled("table.csv", columns, rows, range(2, len(rows) + 2))
    run_id = starting.start(spec, table, owner, store)
    folder = store.folder / run_id
    method = methods.create(spec.method, spec.settings)
    torch.manual_seed(len(spec.name))
    network = method.build(load(spec.model, torch.device("cpu")))
    with torch.no_grad():
        for weight in network.parameters():
            if weight.requires_grad:
                weight += torch.randn_like(weight) / 10
    method.save(network, folder / "adapter")
    happened(folder, started(), FINISHED)
    return run_id
