"""Every method with its defaults against prompting and TF-IDF, on three public sets.

    python -m tests.benchmarks.methods_table [--methods lora …] [--seeds 3] [--store table.jsonl]
        [--print-only]

Prints the Markdown table of the README: held-out accuracy with the bundled causal model, 64 labels
per class, mean ± standard deviation over the seeds (of labels, or of demonstrations). Trials the
store holds are not made again; --print-only makes none.
"""

import argparse
from pathlib import Path

from playground.methods.cards import cards
from tests.benchmarks import real_data
from tests.benchmarks.trials import (
    BASELINE,
    IMPOSSIBLE,
    NEAREST,
    Trial,
    cell,
    outcome,
    remembered,
    row,
)

REFERENCES = ("zero-shot", "8-shot", *NEAREST, BASELINE)


def title(name: str) -> str:
    return cards()[name].title if name in cards() else name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--methods", nargs="+", default=[*REFERENCES, *sorted(cards())])
    parser.add_argument("--sets", nargs="+", default=list(real_data.FILES))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--print-only", action="store_true")
    chosen = parser.parse_args()
    print(row("", chosen.sets) + "\n|---" + "|---" * len(chosen.sets) + "|")
    for name in chosen.methods:
        cells = []
        for dataset in chosen.sets:
            seeds = 1 if name == "zero-shot" else chosen.seeds
            trials = [Trial(name, dataset, seed) for seed in range(seeds)]
            if name in IMPOSSIBLE:
                found = []
            elif chosen.print_only:
                known = remembered(chosen.store)
                found = [known[one.key] for one in trials if one.key in known]
            else:
                found = [outcome(one, chosen.store) for one in trials]
            cells.append("–" if name in IMPOSSIBLE else cell(found, seeded=name != "zero-shot"))
        print(row(title(name), cells), flush=True)
    for name in set(chosen.methods) & set(IMPOSSIBLE):
        print(f"\n{title(name)}: {IMPOSSIBLE[name]}.")


if __name__ == "__main__":
    main()
