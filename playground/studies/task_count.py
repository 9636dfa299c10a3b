"""What the study found, stored with the package: zero-shot against the number of training tasks.

Nothing heavy is imported: the page reads this too.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from playground.studies.intervals import mean_interval

FOLDER = Path(__file__).parent
PREFIX = "number-of-tasks-"


@dataclass(frozen=True)
class Asked:
    """A held-out set: n questions of `labels` kinds; chance: what always giving the commonest
    label gets right of them, 0 to 1."""

    n: int
    labels: int
    chance: float


@dataclass(frozen=True)
class Cell:
    """One network: trained on `count` tasks that a seed drew. right: share of each set's
    questions that it answers rightly, zero-shot."""

    count: int
    seed: int
    right: Mapping[str, float]


@dataclass(frozen=True)
class Difference:
    """In the mean over all sets, of one count of tasks to another, in shares of the questions.

    by_seed: of each seed that has both. low, high: the 95 % interval over seeds (Student's t),
    None with a single seed.
    """

    mean: float
    by_seed: tuple[float, ...]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Study:
    """All cells of one size of network.

    settings: what every cell has in common (see study.py). tasks: by seed, in the order drawn, so
    that the first n are those of count n.
    """

    size: str
    parameters: int
    settings: Mapping[str, Any]
    sets: Mapping[str, Asked]
    cells: tuple[Cell, ...]
    tasks: Mapping[int, tuple[str, ...]]

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(sorted({cell.count for cell in self.cells}))

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(sorted({cell.seed for cell in self.cells}))

    @property
    def chance(self) -> float:
        """The mean over the sets."""
        return fmean(asked.chance for asked in self.sets.values())

    def of(self, count: int, name: str | None = None) -> dict[int, float]:
        """By seed, the share of right answers with `count` tasks to one set; the mean over all
        sets where none is named."""
        return {
            cell.seed: fmean(cell.right.values()) if name is None else cell.right[name]
            for cell in sorted(self.cells, key=lambda cell: cell.seed)
            if cell.count == count
        }

    def difference(self, few: int, many: int) -> Difference | None:
        """What `many` tasks get more than `few`; None where no seed has both."""
        before, after = self.of(few), self.of(many)
        found = tuple(after[seed] - before[seed] for seed in before if seed in after)
        if not found:
            return None
        mean, low, high = mean_interval(found)
        return Difference(mean, found, low, high)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> "Study":
        return Study(
            record["size"],
            record["parameters"],
            record["settings"],
            {name: Asked(**asked) for name, asked in record["sets"].items()},
            tuple(Cell(**cell) for cell in record["cells"]),
            {int(seed): tuple(names) for seed, names in record["tasks"].items()},
        )


def store(study: Study, folder: Path = FOLDER) -> Path:
    """Write the figures of one size, in place of those stored before. Returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{PREFIX}{study.size}.json"
    file.write_text(json.dumps(study.to_json(), indent=1) + "\n", encoding="utf-8")
    return file


def stored(folder: Path = FOLDER) -> tuple[Study, ...]:
    """The studies there are figures of, the smallest network first; none where none are stored."""
    texts = (file.read_text(encoding="utf-8") for file in folder.glob(f"{PREFIX}*.json"))
    found = [Study.from_json(json.loads(text)) for text in texts]
    return tuple(sorted(found, key=lambda study: study.parameters))


def commands(studies: Iterable[Study]) -> tuple[str, ...]:
    """For each study the line that makes it again; what is in capitals is one's own to give."""
    return tuple(_command(study) for study in studies)


def _command(study: Study) -> str:
    settings = study.settings
    base = [] if settings["base"]["kind"] == "fresh" else ["--base BASE"]
    given = {
        "counts": study.counts,
        "seeds": study.seeds,
        "tokens": (settings["tokens"],),
        "questions": (settings["questions"],),
        "share-text": (settings["share_text"],),
        "length": (settings["length"],),
        "batch": (settings["batch"],),
        "rate": (settings["rate"],),
        "warm-up": (settings["warm_up"],),
        "decay": (settings["decay"],),
        "answer-weight": (settings["answer_weight"],),
        "types-held-out": settings["types_held_out"],
        "tasks-held-out": settings["tasks_held_out"],
    }
    options = [f"--{name} {' '.join(map(str, values))}" for name, values in given.items()]
    start = f"python -m playground.pretraining study --size {study.size}"
    files = "--text TEXT --sets SETS --tokenizer TOKENIZER --out OUT"
    return " ".join([start, *base, files, *options])
