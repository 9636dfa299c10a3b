"""The tables of playground/methods/README.md, from the methods themselves and from stored results.

    python -m tests.benchmarks.methods_readme [--write]

Prints them, or writes them between their markers. A method that is newer than the stored results
says "not measured" there. results/*.json is written by methods_table and ledger (--write).
"""

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playground.methods import cards
from playground.methods.cards import MethodCard
from playground.methods.common.rates import swept
from tests.benchmarks.results import ACCURACY, COSTS
from tests.methods.cases import Case, refusal
from tests.tiny import ARCHITECTURES, tiny_model

README = Path(__file__).parents[2] / "playground" / "methods" / "README.md"
WORKS, MISSING = "✓", "not measured"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def blocks() -> dict[str, str]:
    """Every table by the name in its markers."""
    return {"methods": methods(), "support": support(), "accuracy": accuracy(), "costs": costs()}


def methods() -> str:
    head = ["method", "in one line", "answers by", "merges", "learning rate", "steps", "swept"]
    return table(head, [_method(card) for card in by_title()])


def support() -> str:
    """Which method fits which architecture; a letter stands for the kind of the reason against."""
    kinds = sorted({kind for card in by_title() for on in ARCHITECTURES if (kind := why(card, on))})
    letters = dict(zip(kinds, LETTERS, strict=False))
    rows = [
        [card.title, *(letters.get(why(card, on) or "", WORKS) for on in ARCHITECTURES)]
        for card in by_title()
    ]
    legend = [f"- {letter}: {kind}" for kind, letter in letters.items()]
    return "\n".join([table(["method", *ARCHITECTURES], rows), "", *legend])


def why(card: MethodCard, architecture: str) -> str | None:
    """The kind of reason that a method has against an architecture: the sentence, without names
    and sizes."""
    reason = refusal(Case(card.name, (), architecture))
    if reason is None:
        return None
    plain = reason.replace(tiny_model(architecture).id, "the model")
    plain = re.sub(r"\b\d{2,}\b", "n", plain.replace(card.title, "the method"))
    return plain[:1].upper() + plain[1:]


def accuracy() -> str:
    found = stored(ACCURACY)
    others = [name for name in found["rows"] if name not in cards.cards()]
    rows = [[name, *_measured(found, name)] for name in others]
    rows += [[card.title, *_measured(found, card.name)] for card in by_title()]
    return table(["", *found["headings"]], rows)


def costs() -> str:
    head = ["trainable parameters", "share, %", "on disk, kB", "peak memory, MB", "step, s"]
    head += ["answer, × full copy", "merged, × full copy"]
    rows = stored(COSTS)["rows"]
    return table(
        ["method", *head],
        [[card.title, *_cost(rows.get(card.name), len(head))] for card in by_title()],
    )


def stored(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def by_title() -> list[MethodCard]:
    return sorted(cards.cards().values(), key=lambda card: card.title.casefold())


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def markers(name: str) -> tuple[str, str]:
    return f"<!-- {name} -->", f"<!-- /{name} -->"


def written(text: str) -> str:
    """The README's text with every table put anew between its markers."""
    for name, block in blocks().items():
        begin, end = markers(name)
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n{block}\n{end}{rest.partition(end)[2]}"
    return text


def _method(card: MethodCard) -> list[str]:
    return [
        f"[{card.title}]({card.name}.py)",
        card.summary,
        "a head" if card.head else "label words",
        "yes" if card.merges else "no",
        f"{card.setting('learning_rate').default:g}",
        str(card.setting("steps").default),
        f"{len(next(iter(found.values())))} rates" if (found := swept(card.name).rates) else "no",
    ]


def _measured(found: dict[str, Any], name: str) -> list[str]:
    pairs = found["rows"].get(name)
    if pairs is None:
        return [MISSING] * len(found["headings"])
    return [_mean(*pair) for pair in pairs]


def _mean(mean: float, spread: float | None) -> str:
    return f"{mean:.3f}" if spread is None else f"{mean:.3f} ± {spread:.3f}"


def _cost(row: dict[str, Any] | None, width: int) -> list[str]:
    if row is None:
        return [MISSING] * width
    return [
        f"{row['trainable']:,}",
        row["share_percent"],
        f"{row['kilobytes']:,}",
        f"{row['peak_megabytes']:,}",
        f"{row['step_seconds']:.3f}",
        _interval(row["answer"]),
        _interval(row["merged"]),
    ]


def _interval(found: Sequence[float] | str) -> str:
    if isinstance(found, str):
        return found
    median, low, high = found
    return f"{median:.2f} ({low:.2f} to {high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print("\n\n".join(blocks().values()))


if __name__ == "__main__":
    main()
