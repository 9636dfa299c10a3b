"""What measures must not be trained on: runs of words shared with the measuring sets.

A text overlaps with a set if eight words in a row are the same, written small and without marks
(the n-gram check of GPT-2 §4 and GPT-3 §C at n = 8, which suits single sentences), or if it is
one of the set's texts from end to end, four words or more.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path

WORDS = 8
_LINE = 90  # characters: text whose lines are no longer is wrapped
_LEAST = 4  # a shorter text is anybody's
MEASURING = ("sst2", "uci-yelp", "uci-imdb", "uci-amazon", "trec6", "rte", "boolq-fewglue", "cola")
SAMPLES = "the app's samples"
_TOKEN = re.compile(r"[^\W_]+")
_FIELDS = ("text", "text_a", "text_b")


def normalised(text: str) -> list[str]:
    """The words as they are compared: "It isn't." and "It is n't ." are the same."""
    return _TOKEN.findall(text.lower().replace(" n't", "n't").replace("'", "").replace("’", ""))


def measured_sets(folder: Path) -> dict[str, list[str]]:
    """The texts of the measuring sets found in the folder, every part, and of the app's samples."""
    found = {name: list(_texts(folder / name)) for name in MEASURING if (folder / name).is_dir()}
    samples = resources.files("playground.data") / "samples"
    found[SAMPLES] = [
        value
        for file in sorted(samples.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".csv")
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
        for value in row.values()
        if value
    ]
    return found


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield from (row[field] for field in _FIELDS if row.get(field))


class Overlap:
    """Which texts share words with the measuring sets; counts what it turned away.

    seen, dropped: how many texts (labelled ones, lines of running text) were looked at, and how
    many of them were dropped, by the set they overlap with; one that overlaps with two counts in
    both. `dropped_texts` counts it once.
    """

    def __init__(self, sets: Mapping[str, Iterable[str]]) -> None:
        self.names = tuple(sets)
        self.seen, self.dropped_texts = 0, 0
        self.dropped: Counter[str] = Counter()
        self._runs: dict[int, int] = {}  # hash of a run of words -> bits of the sets that have it
        self._whole: dict[int, int] = {}
        for bit, texts in enumerate(sets.values()):
            for text in texts:
                self._add(normalised(text), 1 << bit)

    def again(self) -> "Overlap":
        """The same sets with counts of its own, from nothing."""
        other = Overlap({})
        other.names, other._runs, other._whole = self.names, self._runs, self._whole
        return other

    def _add(self, words: list[str], bit: int) -> None:
        for run in _runs(words):
            self._runs[run] = self._runs.get(run, 0) | bit
        if len(words) >= _LEAST:
            whole = hash(tuple(words))
            self._whole[whole] = self._whole.get(whole, 0) | bit

    def sets_of(self, text: str) -> tuple[str, ...]:
        """The names of the sets a text overlaps with."""
        words = normalised(text)
        bits = self._whole.get(hash(tuple(words)), 0) if len(words) >= _LEAST else 0
        if not self._runs.keys().isdisjoint(runs := _runs(words)):
            for run in runs:
                bits |= self._runs.get(run, 0)
        return tuple(name for bit, name in enumerate(self.names) if bits >> bit & 1)

    def keeps(self, text: str) -> bool:
        """Whether a text may be trained on; counted."""
        self.seen += 1
        if found := self.sets_of(text):
            self.dropped_texts += 1
            self.dropped.update(found)
        return not found

    def clean(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """(kind, text) without the lines that overlap; a text that is left empty is left out."""
        for kind, text in texts:
            runs = _runs(normalised(text))
            if self._runs.keys().isdisjoint(runs) and len(runs) > 0:
                self.seen += text.count("\n") + 1
                yield kind, text
                continue
            kept = [line for line in _lines(text) if self.keeps(line)]
            if any(line.strip() for line in kept):
                yield kind, "".join(kept)


def _lines(text: str) -> list[str]:
    """Lines; whole paragraphs where lines only wrap, for a run of words may go past a line."""
    lines = text.splitlines(keepends=True)
    if "\n\n" not in text or max(map(len, lines)) > _LINE:
        return lines
    return [part for part in re.split(r"(?<=\n\n)", text) if part]


def _runs(words: list[str]) -> list[int]:
    return list(map(hash, zip(*(words[at:] for at in range(WORDS)), strict=False)))


def table(counts: Mapping[str, Overlap]) -> str:
    """The check as a Markdown table for the model card: a row for each source of text, with how
    many of its texts or lines overlapped with each measuring set and were left out."""
    names = tuple(dict.fromkeys(name for overlap in counts.values() for name in overlap.names))
    rows = [("trained on", "looked at", "left out", *names), ("---",) * (3 + len(names))]
    for source, overlap in counts.items():
        by_set = (f"{overlap.dropped[name]:,}" for name in names)
        rows.append((source, f"{overlap.seen:,}", f"{overlap.dropped_texts:,}", *by_set))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
