"""Every method with its defaults against prompting and TF-IDF, on three public sets, or on the
bundled samples where those are not there.

    python -m tests.benchmarks.methods_table [--methods lora …] [--seeds 3] [--store table.jsonl]
        [--print-only] [--write]

Prints a Markdown table: held-out accuracy with the bundled causal model, 64 labels per class, mean
± standard deviation over the seeds (of labels, or of demonstrations). Trials the store holds are
not made again; --print-only makes none. --write puts the figures into results/, which the methods'
README is made from.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path

from playground.methods.cards import cards
from tests.benchmarks import real_data
from tests.benchmarks.results import ACCURACY
from tests.benchmarks.trials import (
    BASELINE,
    NEAREST,
    Outcome,
    Trial,
    cell,
    impossible,
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
    parser.add_argument("--sets", nargs="+", default=real_data.usual_sets())
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--print-only", action="store_true")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    measured: dict[str, list[list[Outcome]]] = {}
    print(row("", chosen.sets) + "\n|---" + "|---" * len(chosen.sets) + "|")
    for name in chosen.methods:
        cells = []
        measured[name] = []
        for dataset in chosen.sets:
            seeds = 1 if name == "zero-shot" else chosen.seeds
            trials = [Trial(name, dataset, seed) for seed in range(seeds)]
            if name in impossible():
                found = []
            elif chosen.print_only:
                known = remembered(chosen.store)
                found = [known[one.key] for one in trials if one.key in known]
            else:
                found = [outcome(one, chosen.store) for one in trials]
            measured[name].append(found)
            cells.append("–" if name in impossible() else cell(found, seeded=name != "zero-shot"))
        print(row(title(name), cells), flush=True)
    for name in set(chosen.methods) & set(impossible()):
        print(f"\n{title(name)}: {impossible()[name]}")
    if chosen.write:
        write(chosen.sets, measured)


def write(sets: Sequence[str], measured: dict[str, list[list[Outcome]]]) -> None:
    """Put the means and standard deviations beside those of other methods; anew, for other sets."""
    stored = json.loads(ACCURACY.read_text(encoding="utf-8"))
    if stored["sets"] != list(sets):
        heads = [f"{name} ({len(real_data.held_out(name))})" for name in sets]
        stored.update(sets=list(sets), headings=heads, rows={})
    whole = {name: found for name, found in measured.items() if all(found)}
    stored["rows"] |= {name: [figures(one) for one in found] for name, found in whole.items()}
    text = json.dumps(stored, indent=1, ensure_ascii=False)
    ACCURACY.write_text(text + "\n", encoding="utf-8")


def figures(found: Sequence[Outcome]) -> tuple[float, float | None]:
    """Mean and standard deviation of the accuracies; None of a single one."""
    values = [one.accuracy for one in found if one.accuracy is not None]
    spread = round(statistics.stdev(values), 3) if len(values) > 1 else None
    return round(statistics.mean(values), 3), spread


if __name__ == "__main__":
    main()
