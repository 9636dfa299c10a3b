"""Where the methods' default rates come from: a small sweep with the bundled model.

    python -m tests.benchmarks.sweep_defaults [--methods lora …] [--rates 1e-3 2e-3 …]
        [--steps 100 160] [--set rank=4] [--sets sst2 trec6 banking77] [--seeds 3] [--finalists 2]
        [--store sweep.jsonl] [--write playground/methods/rates.json]

For every method some rates with one seed, then the best of them (by the mean over the sets) with
the others too. 64 labels per class, trained with the early stopping a run has, asked of 240 other
rows of each set's training part: the held-out part, which figures are reported on, has no say.

Prints a Markdown table: mean ± standard deviation over the seeds. --write keeps the means for the
plots on the methods' cards.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path

from playground.methods.cards import Value, cards
from tests.benchmarks import real_data
from tests.benchmarks.trials import Outcome, Trial, cell, outcome, row

# Half decades around what papers use; 1e-3 for all, to show what one shared rate would do.
LOW = (1e-4, 3e-4, 1e-3, 3e-3)  # all weights, or most
MIDDLE = (1e-3, 2e-3, 5e-3, 1e-2)  # matrices beside the weights
HIGH = (1e-3, 1e-2, 3e-2, 1e-1)  # vectors
GRID = {
    "adalora": (1e-3, 5e-3, 1e-2, 2e-2),
    "adapter": (5e-4, *MIDDLE[:3]),
    "classifier_head": LOW,
    "linear_probe": (1e-3, 3e-3, 1e-2, 3e-2),
    "fourierft": (1e-3, *HIGH[1:], 3e-1),
    "loha": (1e-3, 5e-3, 1e-2, 2e-2),
    "lokr": (1e-3, 5e-3, 1e-2, 2e-2),
    "lora": MIDDLE,
    "qlora": (1e-3, 2e-3),
    "hra": (1e-3, 5e-3, 1e-2, 2e-2),
    "oft": (1e-3, 5e-3, 1e-2, 2e-2),
    "miss": (5e-4, *MIDDLE[:3]),
    "parallel_adapter": (5e-4, *MIDDLE[:3]),
    "prefix_tuning": (3e-4, 1e-3, 3e-3, 1e-2),
    "prompt_based_fine_tuning": LOW,
    "sparse_fine_tuning": (1e-3, 3e-3, 1e-2, 3e-2),
}
IMPOSSIBLE = ("bitfit",)  # the bundled model has no biases


class Sweep:
    """Trials of the training parts. settings: those not swept that differ from the defaults."""

    def __init__(self, sets: Sequence[str], store: Path | None, settings: dict[str, Value]) -> None:
        self.sets, self._store, self._settings = sets, store, settings

    def tried(
        self, name: str, rate: float, steps: int | None, seeds: Sequence[int]
    ) -> dict[str, list[Outcome]]:
        """What came of a rate, by set; a list over the seeds."""
        given = {"learning_rate": rate, "steps": steps, **self._settings}
        settings = {key: value for key, value in given.items() if value is not None}
        return {
            dataset: [
                outcome(Trial(name, dataset, seed, settings, measured=False), self._store)
                for seed in seeds
            ]
            for dataset in self.sets
        }


def accuracy(found: dict[str, list[Outcome]]) -> float:
    """The mean over seeds and sets."""
    return statistics.mean(one.aside for outcomes in found.values() for one in outcomes)


def read_value(text: str) -> tuple[str, Value]:
    """A setting given as name=value."""
    name, _, value = text.partition("=")
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, {"true": True, "false": False}.get(value, value)


def swept(sweep: Sweep, name: str, steps: int | None, chosen: argparse.Namespace) -> dict:
    """A method's outcomes by rate: all with one seed, the finalists with every seed."""
    rates = chosen.rates or GRID.get(name, HIGH)
    found = {rate: sweep.tried(name, rate, steps, [0]) for rate in rates}
    best = sorted(rates, key=lambda rate: accuracy(found[rate]), reverse=True)
    for rate in best[: chosen.finalists]:
        found[rate] = sweep.tried(name, rate, steps, range(chosen.seeds))
    return found


def means(found: dict[float, dict[str, list[Outcome]]]) -> dict[str, list[list[float]]]:
    """For a card's plot: by set, [rate, mean accuracy, seeds] in the order of the rates."""
    kept: dict[str, list[list[float]]] = {}
    for rate in sorted(found):
        for dataset, outcomes in found[rate].items():
            mean = statistics.mean(one.aside for one in outcomes)
            kept.setdefault(dataset, []).append([rate, round(mean, 3), len(outcomes)])
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    known = [name for name in sorted(cards()) if name not in IMPOSSIBLE]
    parser.add_argument("--methods", nargs="+", default=known)
    parser.add_argument("--rates", nargs="+", type=float)
    parser.add_argument("--steps", nargs="+", type=int, default=[None])
    parser.add_argument("--set", nargs="*", type=read_value, default=[], dest="more")
    parser.add_argument("--sets", nargs="+", default=list(real_data.FILES))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--finalists", type=int, default=2)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args()
    sweep = Sweep(chosen.sets, chosen.store, dict(chosen.more))
    print(row("method", ["rate", "steps", *chosen.sets]))
    print("|---" * (3 + len(chosen.sets)) + "|")
    kept = {}
    for name in chosen.methods:
        for steps in chosen.steps:
            found = swept(sweep, name, steps, chosen)
            for rate, outcomes in sorted(found.items()):
                taken = steps or cards()[name].setting("steps").default
                cells = [cell(outcomes[dataset], "aside") for dataset in chosen.sets]
                print(row(name, [f"{rate:g}", str(taken), *cells]), flush=True)
            kept[name] = means(found)
    if chosen.write:
        chosen.write.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
