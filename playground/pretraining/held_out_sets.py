"""What the study asks: sets of kinds of tasks that it does not train on, each in one wording."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from random import Random

from playground.data.example import Example
from playground.errors import UserError
from playground.pretraining.mixture.sets import HELD_OUT_INTENTS, spoken
from playground.studies.task_count import Asked

SEED = 0  # of the choice of questions: the same for every network


@dataclass(frozen=True)
class Wording:
    """part: the file. words: what stands for each label."""

    part: str
    template: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Questions:
    """A set's wording, and the examples asked about."""

    wording: Wording
    examples: tuple[Example, ...]

    def about(self) -> Asked:
        labels = [example.label for example in self.examples]
        commonest = max(labels.count(label) for label in set(labels))
        return Asked(len(labels), len(self.wording.words), commonest / len(labels))


def _intents(names: str) -> dict[str, str]:
    return {name: spoken(name) for name in names.split()}


SENTIMENT = Wording(
    "dev", "Review: {text}\nSentiment:", {"negative": "negative", "positive": "positive"}
)
SETS: Mapping[str, Wording] = {
    "sst2": SENTIMENT,
    "uci-yelp": Wording("all", SENTIMENT.template, SENTIMENT.words),
    "snips-cased": Wording(
        "valid",
        "Request: {text}\nIntent:",
        _intents(
            "AddToPlaylist BookRestaurant GetWeather PlayMusic RateBook SearchCreativeWork"
            " SearchScreeningEvent"
        ),
    ),
    "trec6": Wording(
        "test",
        "Question: {text}\nType:",
        _intents("abbreviation description entity human location number"),
    ),
    "banking77": Wording(
        "test", "Customer: {text}\nIntent:", _intents(" ".join(sorted(HELD_OUT_INTENTS)))
    ),
}


def questions(folder: Path, most: int) -> dict[str, Questions]:
    """At most so many examples of each set in the folder, its labels in turns as far as they go.

    Raises UserError where the folder has none of the sets.
    """
    found = {
        name: Questions(wording, _chosen(folder / name / f"{wording.part}.jsonl", wording, most))
        for name, wording in SETS.items()
        if (folder / name / f"{wording.part}.jsonl").is_file()
    }
    if not found:
        raise UserError(
            f"{folder} has none of the sets that the study asks about: {', '.join(SETS)}."
        )
    return found


def _chosen(file: Path, wording: Wording, most: int) -> tuple[Example, ...]:
    by_label: dict[str, list[Example]] = {label: [] for label in wording.words}
    with open(file, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            if row["label"] in by_label:
                example = Example({"text": row["text"]}, row["label"], number)
                by_label[row["label"]].append(example)
    draw = Random(SEED)
    for examples in by_label.values():
        draw.shuffle(examples)
    in_turns = chain.from_iterable(zip_longest(*by_label.values()))
    chosen = [example for example in in_turns if example is not None][:most]
    if not chosen:
        raise UserError(f"{file} has no example of {', '.join(wording.words)}.")
    return tuple(chosen)
