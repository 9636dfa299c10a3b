"""What the bundled models do: the tables of their cards.

    python -m tests.benchmarks.bundled_models [--models bundled FOLDER …] [--sets sst2 …]
        [--arms zero-shot 8-shot "8-shot nearest" TF-IDF soft_prompt lora] [--labels 64] [--seeds 5]
        [--store table.jsonl] [--print-only]

Prints a Markdown table: held-out accuracy with the defaults, mean over the seeds (of labels, or of
demonstrations) and the 95 % interval of that mean by Student's t; for zero-shot, which has no
seed, Wilson's interval over the rows. Trials the store holds are not made again.
"""

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path

from scipy.stats import t as student

from playground.metrics import wilson
from playground.models.catalogue import BUNDLED
from tests.benchmarks import real_data
from tests.benchmarks.methods_table import title
from tests.benchmarks.trials import (
    BASELINE,
    LABELS_PER_CLASS,
    NEAREST,
    Outcome,
    Trial,
    outcome,
    remembered,
    row,
)

ARMS = ("zero-shot", "8-shot", *NEAREST, BASELINE, "soft_prompt", "lora")


def cell(found: Sequence[Outcome]) -> str:
    """Mean accuracy with its interval, and how many of the seeds gave one answer to all rows."""
    accuracies = [one.accuracy for one in found if one.accuracy is not None]
    if not accuracies:
        return "not measured"
    mean = statistics.mean(accuracies)
    if len(accuracies) == 1:
        low, high = wilson(round(mean * found[0].n), found[0].n)
        told = f"{mean:.3f} ({low:.3f} to {high:.3f})"
    else:
        half = student.ppf(0.975, len(accuracies) - 1)
        half *= statistics.stdev(accuracies) / len(accuracies) ** 0.5
        told = f"{mean:.3f} ± {half:.3f}"
    alone = sum(bool(one.one_label) for one in found)
    return told + (f" ({alone} one label)" if alone else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="+", default=[BUNDLED])
    parser.add_argument("--sets", nargs="+", default=[*real_data.FILES, *real_data.MORE])
    parser.add_argument("--arms", nargs="+", default=ARMS)
    parser.add_argument("--labels", type=int, default=LABELS_PER_CLASS, help="of each class")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--print-only", action="store_true")
    chosen = parser.parse_args()
    known = remembered(chosen.store)
    arms = [title(name) for name in chosen.arms]
    print(row("set (n)", ["model", *arms]) + "\n|---|---" + "|---" * len(arms) + "|")
    for dataset in chosen.sets:
        for model in chosen.models:
            cells = [Path(model).name]
            for name in chosen.arms:
                seeds = range(1 if name == "zero-shot" else chosen.seeds)
                trials = [
                    Trial(name, dataset, seed, model=model, labels=chosen.labels) for seed in seeds
                ]
                if chosen.print_only:
                    cells.append(cell([known[one.key] for one in trials if one.key in known]))
                else:
                    cells.append(cell([outcome(one, chosen.store) for one in trials]))
            print(row(f"{dataset} ({len(real_data.held_out(dataset))})", cells), flush=True)


if __name__ == "__main__":
    main()
