"""What a chat template brings an instruct model: `python -m tests.benchmarks.chat_template FOLDER`.

Zero-shot, eight demonstrations and LoRA, each with the prompt as it is and sent through the model's
chat template, on held-out rows that are the same for all. Every cell is a line of JSON in --store,
so that what was stopped goes on where it was.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from playground.data.example import Example
from playground.evaluation.answers import DEFAULT_RULE, values
from playground.methods import create
from playground.methods.common.heads import words_for
from playground.methods.common.rates import settled
from playground.models.loading import load
from playground.scoring import score
from playground.tasks.classification import Task
from playground.tasks.splits import demonstrations, validation_slice
from playground.training import Plan, TrainingData, train
from tests.benchmarks import real_data
from tests.benchmarks.trials import few

ROWS, DRAW = 200, 0  # held-out rows, and the seed that draws them
LABELS_PER_CLASS, BATCH_SIZE = 16, 4
PAIR = Task(
    "{text_a}\nQuestion: {text_b} Yes or no?\nAnswer:",
    {"entailment": "yes", "not_entailment": "no"},
    "label",
)
WAYS = ("zero-shot", "8-shot", "LoRA")


@dataclass(frozen=True)
class Cell:
    """One way to ask. seed: of the labelled examples that are shown or learnt from."""

    dataset: str
    way: str
    chat: bool
    seed: int
    steps: int = 0  # of LoRA


def cells(ways: Sequence[str], sets: Sequence[str], seeds: Sequence[int], steps: int) -> list[Cell]:
    """Every cell once, those of the first seed first; zero-shot has no seed."""
    found = [
        Cell(dataset, way, chat, seed if way != "zero-shot" else 0, steps if way == "LoRA" else 0)
        for seed in seeds
        for way in ways
        for dataset in sets
        for chat in (False, True)
    ]
    return list(dict.fromkeys(found))


def examples(dataset: str) -> tuple[Task, list[Example], list[Example]]:
    """The task, the training part and the held-out rows."""
    if dataset == "rte":
        task, parts = PAIR, [_pairs(name) for name in ("train", "val")]
    else:
        task = real_data.task(dataset)
        parts = [real_data.labelled(dataset), real_data.held_out(dataset)]
    held_out = list(parts[1])
    random.Random(DRAW).shuffle(held_out)
    return task, parts[0], held_out[:ROWS]


def accuracy(folder: str, cell: Cell) -> float:
    """The share of held-out rows that are answered right."""
    task, training, held_out = examples(cell.dataset)
    task = replace(task, chat=cell.chat)
    labelled = few(training, cell.seed, LABELS_PER_CLASS)
    model = load(folder)
    network, shown = model.network, ()
    if cell.way == "8-shot":
        shown = demonstrations(labelled, 8, cell.seed)
    if cell.way == "LoRA":
        wanted = {"steps": cell.steps, "batch_size": BATCH_SIZE}
        settings = settled("lora", wanted, model.parameters)
        method, (taught, validation) = (
            create("lora", settings),
            validation_slice(labelled, cell.seed),
        )
        torch.manual_seed(cell.seed)
        words = words_for(method, model, task)
        network = method.build(model, words)
        data = TrainingData(task, words, taught, validation, ())
        for event in train(network, model, data, Plan.of(method, cell.seed)):
            print(event, flush=True)
    scored = score(model, network, task, [one.row for one in held_out], shown)
    numbers = [values(scores, DEFAULT_RULE, scored.prior) for scores in scored.scores]
    answers = [task.labels[row.index(max(row))] for row in numbers]
    return statistics.mean(a == one.label for a, one in zip(answers, held_out, strict=True))


def _pairs(part: str) -> list[Example]:
    path = real_data.DATA / "rte" / f"{part}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").strip().split("\n")]
    return [
        Example({"text_a": row["text_a"], "text_b": row["text_b"]}, row["label"], i)
        for i, row in enumerate(rows, 1)
    ]


def table(known: dict[Cell, float]) -> Iterator[str]:
    """The cells as Markdown: mean, and standard deviation over the seeds."""
    yield "| set | way | as it is | through the chat template | seeds |"
    yield "|---|---|---|---|---|"
    rows = dict.fromkeys((cell.dataset, cell.way) for cell in known)
    for dataset, way in rows:
        found = {
            chat: [
                a for c, a in known.items() if (c.dataset, c.way, c.chat) == (dataset, way, chat)
            ]
            for chat in (False, True)
        }
        if all(found.values()):
            yield f"| {dataset} | {way} | {_said(found[False])} | {_said(found[True])} |" + (
                f" {min(map(len, found.values()))} |"
            )


def _said(found: Sequence[float]) -> str:
    spread = f" ± {statistics.stdev(found):.3f}" if len(found) > 1 else ""
    return f"{statistics.mean(found):.3f}{spread}"


def remembered(store: Path) -> dict[Cell, float]:
    """What the store holds."""
    if not store.is_file():
        return {}
    lines = [json.loads(line) for line in store.read_text(encoding="utf-8").splitlines()]
    return {Cell(**line["cell"]): line["accuracy"] for line in lines}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", help="of the model")
    parser.add_argument("--store", type=Path, default=Path("chat_template.jsonl"))
    parser.add_argument("--steps", type=int, default=20, help="of LoRA, 4 examples each")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=WAYS)
    parser.add_argument("--sets", nargs="+", default=["sst2", "trec6", "rte"])
    chosen = parser.parse_args()
    known = remembered(chosen.store)
    for cell in cells(chosen.ways, chosen.sets, chosen.seeds, chosen.steps):
        if cell not in known:
            began = time.monotonic()
            known[cell] = accuracy(chosen.folder, cell)
            line = {"cell": asdict(cell), "accuracy": known[cell], "n": ROWS}
            line["seconds"] = round(time.monotonic() - began, 1)
            with chosen.store.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
    print("\n".join(table(known)))


if __name__ == "__main__":
    main()
