"""Where the methods' default rates, steps and schedules come from: a small sweep with the bundled
model.

    python -m tests.benchmarks.sweep_defaults [--methods lora …] [--rates 1e-3 2e-3 …]
        [--set rank=4] [--sets sst2 trec6 banking77] [--seeds 3] [--finalists 2] [--rates-only]
        [--measure] [--store sweep.jsonl] [--write playground/methods/rates.json]

For every method some rates with one seed, then the best of them (by the mean over the sets) with
the others too, and whichever came close to it. At the best rate half as many steps, twice as many,
and a rate that does not fall; whichever does better with one seed is tried with the others too. 64
labels per class, trained with the early stopping a run has, asked of 240 other rows of each set's
training part: the held-out part, which figures are reported on, has no say. --measure asks that
part as well, so that the table of methods_table finds its trials in the store.

Prints a Markdown table: mean ± standard deviation over the seeds. --write keeps the means of the
rates for the plots on the methods' cards.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    "adapter": MIDDLE,
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
    "p_tuning": (1e-3, 3e-3, 1e-2, 3e-2),
    "parallel_adapter": MIDDLE,
    "prefix_tuning": (3e-4, 1e-3, 3e-3, 1e-2),
    "prompt_based_fine_tuning": LOW,
    "sparse_fine_tuning": (1e-3, 3e-3, 1e-2, 3e-2),
}
CLOSE = 0.02  # to the best rate by one seed: what is further off is not tried with other seeds
IMPOSSIBLE = ("bitfit",)  # the bundled model has no biases


Found = dict[str, list[Outcome]]  # by set; a list over the seeds


@dataclass(frozen=True)
class Way:
    """One way to train. steps: None for the method's own; schedule: "" for its own."""

    rate: float
    steps: int | None = None
    schedule: str = ""


class Sweep:
    """Trials of the training parts. settings: those not swept that differ from the defaults."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self._chosen, self._settings = chosen, dict(chosen.more)

    def tried(self, name: str, way: Way, seeds: Sequence[int]) -> Found:
        """What came of a way."""
        given = {"learning_rate": way.rate, "steps": way.steps, **self._settings}
        settings = {key: value for key, value in given.items() if value is not None}
        trial = Trial(name, "", 0, settings, measured=self._chosen.measure, schedule=way.schedule)
        return {
            dataset: [
                outcome(replace(trial, dataset=dataset, seed=seed), self._chosen.store)
                for seed in seeds
            ]
            for dataset in self._chosen.sets
        }

    def rates(self, name: str) -> dict[Way, Found]:
        """All with one seed; the best and those close to it with every seed."""
        ways = [Way(rate) for rate in self._chosen.rates or GRID.get(name, HIGH)]
        found = {way: self.tried(name, way, [0]) for way in ways}
        best = sorted(ways, key=lambda way: accuracy(found[way]), reverse=True)
        enough = accuracy(found[best[0]]) - CLOSE
        close = [way for way in best if accuracy(found[way]) >= enough]
        for way in close[: self._chosen.finalists]:
            found[way] = self.tried(name, way, range(self._chosen.seeds))
        return found

    def others(self, name: str, best: Way) -> dict[Way, Found]:
        """Fewer steps, more, and a level rate; with every seed where one seed did better."""
        own = cards()[name].setting("steps").default
        ways = [replace(best, steps=own // 2), replace(best, steps=own * 2)]
        ways.append(replace(best, schedule="constant"))
        found = {way: self.tried(name, way, [0]) for way in ways}
        to_beat = accuracy(self.tried(name, best, [0]))
        for way in ways:
            if accuracy(found[way]) > to_beat:
                found[way] = self.tried(name, way, range(self._chosen.seeds))
        return found


def accuracy(found: Found) -> float:
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


def best_of(found: dict[Way, Found], seeds: int) -> Way:
    """The best of those that were tried with so many seeds."""
    whole = [way for way, sets in found.items() if all(len(one) == seeds for one in sets.values())]
    return max(whole, key=lambda way: accuracy(found[way]))


def means(found: dict[Way, Found]) -> dict[str, list[list[float]]]:
    """For a card's plot: by set, [rate, mean accuracy, seeds] in the order of the rates."""
    kept: dict[str, list[list[float]]] = {}
    for way in sorted(found, key=lambda way: way.rate):
        for dataset, outcomes in found[way].items():
            mean = statistics.mean(one.aside for one in outcomes)
            kept.setdefault(dataset, []).append([way.rate, round(mean, 3), len(outcomes)])
    return kept


def show(name: str, found: dict[Way, Found]) -> None:
    own = cards()[name].setting("steps").default
    for way, sets in sorted(found.items(), key=lambda pair: pair[0].rate):
        cells = [cell(outcomes, "aside") for outcomes in sets.values()]
        told = [f"{way.rate:g}", str(way.steps or own), way.schedule or "its own"]
        print(row(name, [*told, *cells, f"{accuracy(sets):.3f}"]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    known = [name for name in sorted(cards()) if name not in IMPOSSIBLE]
    parser.add_argument("--methods", nargs="+", default=known)
    parser.add_argument("--rates", nargs="+", type=float)
    parser.add_argument("--set", nargs="*", type=read_value, default=[], dest="more")
    parser.add_argument("--sets", nargs="+", default=list(real_data.FILES))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--finalists", type=int, default=2)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--rates-only", action="store_true")
    parser.add_argument("--measure", action="store_true")
    chosen = parser.parse_args()
    sweep = Sweep(chosen)
    print(row("method", ["rate", "steps", "schedule", *chosen.sets, "mean"]))
    print("|---" * (5 + len(chosen.sets)) + "|")
    kept = {}
    for name in chosen.methods:
        found = sweep.rates(name)
        show(name, found)
        if not chosen.rates_only:
            show(name, sweep.others(name, best_of(found, chosen.seeds)))
        kept[name] = means(found)
    if chosen.write:
        chosen.write.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
