"""Where the methods' default rates and steps come from: a small sweep with the bundled model.

    python -m tests.benchmarks.sweep_defaults --methods lora --rates 5e-4 1e-3 2e-3 --steps 100 160
        [--sets sst2 trec6 banking77] [--seeds 3] [--held-out 300] [--store sweep.jsonl]

Prints a Markdown table: method, rate, steps, and per set the held-out accuracy after training with
the early stopping a run has, 64 labels per class: mean ± standard deviation over the seeds.
"""

import argparse
from itertools import product
from pathlib import Path

from playground.methods.cards import cards
from tests.benchmarks import real_data
from tests.benchmarks.trials import Trial, cell, outcome, row


def settings_of(name: str, rate: float | None, steps: int | None, more: dict) -> dict:
    """What differs from the method's defaults."""
    asked = {"learning_rate": rate, "steps": steps, **more}
    card = cards()[name]
    return {
        key: value
        for key, value in asked.items()
        if value is not None and value != card.setting(key).default
    }


def read_value(text: str) -> tuple[str, bool | int | float | str]:
    """A setting given as name=value."""
    name, _, value = text.partition("=")
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, {"true": True, "false": False}.get(value, value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--methods", nargs="+", default=sorted(cards()))
    parser.add_argument("--rates", nargs="+", type=float, default=[None])
    parser.add_argument("--steps", nargs="+", type=int, default=[None])
    parser.add_argument("--set", nargs="*", type=read_value, default=[], dest="more")
    parser.add_argument("--sets", nargs="+", default=list(real_data.FILES))
    parser.add_argument("--held-out", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--store", type=Path)
    chosen = parser.parse_args()
    print(
        row("method", ["rate", "steps", *chosen.sets])
        + "\n"
        + "|---" * (3 + len(chosen.sets))
        + "|"
    )
    for name, rate, steps in product(chosen.methods, chosen.rates, chosen.steps):
        settings = settings_of(name, rate, steps, dict(chosen.more))
        cells = [
            cell(
                [
                    outcome(Trial(name, dataset, seed, settings, chosen.held_out), chosen.store)
                    for seed in range(chosen.seeds)
                ]
            )
            for dataset in chosen.sets
        ]
        used = [
            str(settings.get(key, cards()[name].setting(key).default))
            for key in ("learning_rate", "steps")
        ]
        print(row(name, [*used, *cells]), flush=True)


if __name__ == "__main__":
    main()
