"""The sets that figures are measured on: public ones, where they lie beside the project, and the
bundled samples, which are in it."""

import json
import random
from functools import cache
from pathlib import Path

from playground.data.samples import SAMPLES, read_sample
from playground.pretraining.held_out_sets import SENTIMENT, SETS
from playground.pretraining.mixture.sets import HELD_OUT_INTENTS, spoken
from playground.tasks.classification import Task
from playground.tasks.splits import Example, split

UNSEEN = "banking77-unseen"  # the intents no bundled model was trained on
DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = {
    "sst2": ("train.jsonl", "dev.jsonl"),
    "trec6": ("train.jsonl", "test.jsonl"),
    "banking77": ("train.jsonl", "test.jsonl"),
}
# Sets beyond the three that every method is measured on. A set in one file is cut in two halves.
MORE = {
    "uci-yelp": ("all.jsonl", "all.jsonl"),
    "uci-imdb": ("all.jsonl", "all.jsonl"),
    "uci-amazon": ("all.jsonl", "all.jsonl"),
    "snips-cased": ("train.jsonl", "valid.jsonl"),
    UNSEEN: ("train.jsonl", "test.jsonl"),
}
TEMPLATES = {name: wording.template for name, wording in SETS.items()} | {
    "uci-imdb": SENTIMENT.template,
    "uci-amazon": SENTIMENT.template,
    UNSEEN: SETS["banking77"].template,
}
BANKING_INTENTS = 12  # the first ones of labels.json, in its order
HALVES = 0  # seed of the cut


def usual_sets() -> list[str]:
    """What every method is measured on: three public sets; without them the bundled samples."""
    return list(FILES) if DATA.is_dir() else list(SAMPLES)


def task(name: str, words: dict[str, str] | None = None) -> Task:
    """The task of a set; label words are the label names as words, a sample's as guessed."""
    if name in SAMPLES:
        return Task.guess(read_sample(name))
    found = sorted({example.label for example in held_out(name)})
    plain = {label: spoken(label) for label in found}
    return Task(template=TEMPLATES[name], label_words=words or plain, label_column="label")


def labelled(name: str) -> list[Example]:
    """The training part, in the file's order."""
    return _read(name, part=0)


def held_out(name: str) -> list[Example]:
    """The part nothing learns from."""
    return _read(name, part=1)


@cache
def _read(name: str, part: int) -> list[Example]:
    if name in SAMPLES:
        parts = split(read_sample(name), task(name), None, seed=HALVES)
        return list((parts.labelled, parts.held_out)[part])
    files = (FILES | MORE)[name]
    folder = DATA / name.removesuffix(UNSEEN.removeprefix("banking77"))
    lines = (folder / files[part]).read_text(encoding="utf-8").strip().split("\n")
    rows = [json.loads(line) for line in lines]
    if name in ("banking77", UNSEEN):
        names = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        kept = set(HELD_OUT_INTENTS if name == UNSEEN else list(names)[:BANKING_INTENTS])
        rows = [row for row in rows if row["label"] in kept]
    found = [Example({"text": row["text"]}, row["label"], i) for i, row in enumerate(rows, 1)]
    if files[0] == files[1]:
        random.Random(HALVES).shuffle(found)
        found = found[part::2]
    return found
