"""Which scoring rule should be the default: accuracy of each on the bundled model.

    python -m tests.benchmarks.scoring_rules [--held-out 500] [--seeds 3]

Prints a Markdown table: set, arm, accuracy under every rule. What training for each rule gives is
`sweep_defaults --methods lora --set "objective=label words"` against the default.
"""

import argparse
import statistics

from playground.evaluation.answers import RULES, LabelScores, values
from playground.models.loading import load
from playground.scoring import score
from playground.tasks.splits import demonstrations
from tests.benchmarks import real_data


def accuracy(scores: list[LabelScores], prior: LabelScores, truth: list[int], rule: str) -> float:
    """The share of examples whose best label under the rule is the true one."""
    said = [values(one, rule, prior) for one in scores]
    return statistics.mean(v.index(max(v)) == t for v, t in zip(said, truth, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    model = load("bundled")
    print("| set (n) | arm | " + " | ".join(RULES) + " |\n|---|---|" + "---|" * len(RULES))
    for name in real_data.FILES:
        task, examples = real_data.task(name), real_data.held_out(name)[: chosen.held_out]
        truth = [task.labels.index(example.label) for example in examples]
        rows = [example.row for example in examples]
        for shots, seeds in ((0, 1), (1, chosen.seeds), (8, chosen.seeds)):
            found: dict[str, list[float]] = {rule: [] for rule in RULES}
            for seed in range(seeds):
                shown = demonstrations(real_data.labelled(name), shots, seed)
                told = score(model, model.network, task, rows, shown)
                for rule in RULES:
                    found[rule].append(accuracy(list(told.scores), told.prior, truth, rule))
            cells = [
                f"{statistics.mean(v):.3f}" + (f" ± {statistics.stdev(v):.3f}" if seeds > 1 else "")
                for v in found.values()
            ]
            print(
                f"| {name} ({len(rows)}) | {shots}-shot | " + " | ".join(cells) + " |", flush=True
            )


if __name__ == "__main__":
    main()
