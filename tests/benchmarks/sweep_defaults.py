"""Where the methods' default rates, steps and schedules come from: a small sweep with the bundled
model.

    python -m tests.benchmarks.sweep_defaults [--methods lora …] [--rates 1e-3 2e-3 …]
        [--set rank=4] [--sets film-reviews …] [--seeds 3] [--finalists 2] [--rates-only]
        [--measure] [--known-only] [--store sweep.jsonl] [--write playground/methods/swept.json]

For every method some rates with one seed, then the best of them (by the mean over the sets) with
the others too, and whichever came close to it. At the best rate half as many steps, twice as many,
and a constant schedule; what does clearly better with one seed is tried with the others too.
64 labels per class, trained with the early stopping a run has, asked of 240 other rows of each
set's training part: the held-out part, which figures are reported on, has no say. --measure asks
that part as well, so that the table of methods_table finds its trials in the store. The sets are
public ones where those lie beside the project, else the bundled samples.

Prints a Markdown table: mean ± standard deviation over the seeds. --write keeps the means for the
methods' cards. --known-only trains nothing: it shows and writes what the store holds.
"""

import argparse
import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from playground.methods.cards import Value, cards
from playground.methods.common.rates import OtherWay, Swept
from tests.benchmarks import real_data
from tests.benchmarks.trials import Outcome, Trial, cell, impossible, known, outcome, row

# Half decades around what papers use; 1e-3 for all, to show what one shared rate would do.
LOW = (1e-4, 3e-4, 1e-3, 3e-3)  # all weights, or most
MIDDLE = (1e-3, 2e-3, 5e-3, 1e-2)  # matrices beside the weights
HIGH = (1e-3, 1e-2, 3e-2, 1e-1)  # vectors
GRID = {
    "adalora": (1e-3, 5e-3, 1e-2, 2e-2, 5e-2),
    "adapter": MIDDLE,
    "classifier_head": LOW,
    "ia3": (*HIGH, 3e-1),
    "linear_probe": (1e-3, 3e-3, 1e-2, 3e-2, 1e-1),
    "fourierft": (1e-3, *HIGH[1:], 3e-1),
    "loha": (1e-3, 5e-3, 1e-2, 2e-2),
    "lokr": (1e-3, 5e-3, 1e-2, 2e-2),
    "lora": MIDDLE,
    "qlora": (1e-3, 2e-3, 5e-3),
    "hra": (1e-3, 5e-3, 1e-2, 2e-2),
    "oft": (3e-4, 1e-3, 5e-3, 1e-2, 2e-2),
    "miss": (5e-4, *MIDDLE[:3]),
    "p_tuning": (3e-4, 1e-3, 3e-3, 1e-2, 3e-2),
    "parallel_adapter": MIDDLE,
    "prefix_tuning": (3e-4, 1e-3, 3e-3, 1e-2),
    "prompt_based_fine_tuning": LOW,
    "sparse_fine_tuning": (1e-3, 3e-3, 1e-2, 3e-2),
}
CLOSE = 0.02  # to the best rate by one seed: what is further off is not tried with other seeds
BETTER = 0.01  # than the default's accuracy by one seed: worth the other seeds


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

    def tried(self, name: str, ways: Iterable[Way], seeds: Sequence[int]) -> dict[Way, Found]:
        """What came of each way; ways that nothing is known of are left out if none is trained."""
        found = {}
        for way in ways:
            trials = self._trials(name, way, seeds)
            if self._chosen.known_only:
                store = self._chosen.store
                trials = {
                    key: [one for one in of if known(one, store)] for key, of in trials.items()
                }
            if all(trials.values()):
                found[way] = {
                    dataset: [outcome(one, self._chosen.store) for one in of]
                    for dataset, of in trials.items()
                }
        return found

    def rates(self, name: str) -> dict[Way, Found]:
        """All with one seed; the best and those close to it with every seed."""
        ways = [Way(rate) for rate in self._chosen.rates or GRID.get(name, HIGH)]
        found = self.tried(name, ways, [0])
        best = sorted(found, key=lambda way: accuracy(found[way]), reverse=True)
        close = [way for way in best if accuracy(found[way]) >= accuracy(found[best[0]]) - CLOSE]
        return found | self.tried(name, close[: self._chosen.finalists], self._seeds)

    def others(self, name: str, best: Way) -> dict[Way, Found]:
        """Fewer steps, more, a constant schedule; with every seed where one did clearly better."""
        own = cards()[name].setting("steps").default
        ways = [replace(best, steps=own // 2), replace(best, steps=own * 2)]
        found = self.tried(name, [*ways, replace(best, schedule="constant")], [0])
        to_beat = accuracy(self.tried(name, [best], [0])[best])
        better = [way for way in found if accuracy(found[way]) > to_beat + BETTER]
        return found | self.tried(name, better, self._seeds)

    @property
    def _seeds(self) -> range:
        return range(self._chosen.seeds)

    def _trials(self, name: str, way: Way, seeds: Sequence[int]) -> dict[str, list[Trial]]:
        given = {"learning_rate": way.rate, "steps": way.steps, **self._settings}
        settings = {key: value for key, value in given.items() if value is not None}
        trial = Trial(name, "", 0, settings, measured=self._chosen.measure, schedule=way.schedule)
        return {
            dataset: [replace(trial, dataset=dataset, seed=seed) for seed in seeds]
            for dataset in self._chosen.sets
        }


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


def best_of(found: dict[Way, Found], seeds: int) -> Way | None:
    """The best of those that were tried with so many seeds."""
    whole = [way for way, sets in found.items() if all(len(one) == seeds for one in sets.values())]
    return max(whole, key=lambda way: accuracy(found[way]), default=None)


def kept(found: dict[Way, Found], others: dict[Way, Found], own: int) -> Swept:
    """What a card shows of it. own: the method's own number of steps."""
    rates: dict[str, list[tuple[float, float, int]]] = {}
    for way in sorted(found, key=lambda way: way.rate):
        for dataset, outcomes in found[way].items():
            mean = statistics.mean(one.aside for one in outcomes)
            rates.setdefault(dataset, []).append((way.rate, round(mean, 3), len(outcomes)))
    ways = [
        OtherWay(
            way.steps or own,
            way.schedule == "constant",
            round(accuracy(sets), 3),
            min(map(len, sets.values())),
        )
        for way, sets in others.items()
    ]
    return Swept(rates, ways)


def show(name: str, found: dict[Way, Found]) -> None:
    own = cards()[name].setting("steps").default
    for way, sets in sorted(found.items(), key=lambda pair: pair[0].rate):
        cells = [cell(outcomes, "aside") for outcomes in sets.values()]
        told = [f"{way.rate:g}", str(way.steps or own), way.schedule or "its own"]
        print(row(name, [*told, *cells, f"{accuracy(sets):.3f}"]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    possible = [name for name in sorted(cards()) if name not in impossible()]
    parser.add_argument("--methods", nargs="+", default=possible)
    parser.add_argument("--rates", nargs="+", type=float)
    parser.add_argument("--set", nargs="*", type=read_value, default=[], dest="more")
    parser.add_argument("--sets", nargs="+", default=real_data.usual_sets())
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--finalists", type=int, default=2)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--rates-only", action="store_true")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--known-only", action="store_true")
    chosen = parser.parse_args()
    sweep = Sweep(chosen)
    print(row("method", ["rate", "steps", "schedule", *chosen.sets, "mean"]))
    print("|---" * (5 + len(chosen.sets)) + "|")
    swept = {}
    for name in chosen.methods:
        found, others = sweep.rates(name), {}
        show(name, found)
        best = best_of(found, chosen.seeds)
        if best and not chosen.rates_only:
            others = sweep.others(name, best)
            show(name, others)
        if found:
            swept[name] = asdict(kept(found, others, cards()[name].setting("steps").default))
    if chosen.write:
        chosen.write.write_text(json.dumps(swept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
