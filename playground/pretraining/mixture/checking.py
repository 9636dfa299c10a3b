"""The contamination check of everything that may be trained on, for the model card."""

from collections.abc import Iterable
from pathlib import Path

from playground.pretraining.mixture.contamination import Overlap, measured_sets, table
from playground.pretraining.mixture.sets import FILES, labelled_rows


def check(sources: Path, text: Iterable[tuple[str, str]]) -> dict[str, Overlap]:
    """What overlaps with the measuring sets, by labelled set and by kind of text.

    A row of a labelled set and a line (where lines wrap, a paragraph) of text counts as one.
    """
    overlap = Overlap(measured_sets(sources))
    counts: dict[str, Overlap] = {}
    for name, part in FILES.items():
        path = sources / name / f"{part}.jsonl"
        if path.is_file():
            counts[name] = overlap.again()
            for row, _ in labelled_rows(path):
                counts[name].keeps(row)
    for kind, one in text:
        for _ in counts.setdefault(kind, overlap.again()).clean([(kind, one)]):
            pass
    return counts


def contamination_table(sources: Path, text: Iterable[tuple[str, str]]) -> str:
    """The check as a Markdown table."""
    return table(check(sources, text))
