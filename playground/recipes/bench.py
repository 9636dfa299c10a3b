"""What a recipe works with, and the folder in which its stages keep what they make."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.cards import Value
from playground.data.example import Example
from playground.models.language_model import LanguageModel
from playground.tasks.classification import Task

Row = Mapping[str, str]
DONE = "done.json"  # in the folder of a stage that came to its end


@dataclass(frozen=True)
class Sizes:
    """How many examples there are of each kind, which is all that a cost depends on."""

    labelled: int
    pool: int
    labels: int


@dataclass(frozen=True)
class Material:
    """labelled, validation: as for a run. pool: rows without a label, none of which is held out.
    held_out: only ever asked about."""

    labelled: tuple[Example, ...]
    validation: tuple[Example, ...]
    pool: tuple[Row, ...]
    held_out: tuple[Example, ...]


@dataclass(frozen=True)
class Learnt:
    """Where a network is kept: by which stage, and as an adapter of which method."""

    stage: int
    method: str
    settings: Mapping[str, Value]


@dataclass(frozen=True)
class Bench:
    """model: the base, as it is without any adapter before and after every stage. stop: whether
    somebody has asked to end. folder: of the recipe alone."""

    model: LanguageModel
    task: Task
    material: Material
    seed: int
    folder: Path
    stop: Callable[[], bool] = lambda: False

    @property
    def sizes(self) -> Sizes:
        counted = len(self.material.labelled), len(self.material.pool)
        return Sizes(*counted, len(self.task.labels))

    def place(self, stage: int) -> Path:
        """The folder of a stage, made if need be."""
        path = self.folder / f"stage-{stage}"
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def done(self, stage: int) -> dict[str, Any] | None:
        """What was noted at the end of a stage; None for one that has not come to it."""
        file = self.place(stage) / DONE
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None

    def keep(self, stage: int, name: str, values: object) -> None:
        """Plain values into a file of a stage, whole or not at all."""
        file = self.place(stage) / name
        unfinished = file.with_name(f"{name}.unfinished")
        unfinished.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        os.replace(unfinished, file)

    def kept(self, stage: int, name: str) -> Any:
        """What `keep` put there; None where there is nothing."""
        file = self.place(stage) / name
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def overlap(pool: Sequence[Row], held_out: Sequence[Example]) -> list[int]:
    """Which rows of a pool are held out too, letter for letter: no stage may see those."""
    texts = {tuple(sorted(example.row.items())) for example in held_out}
    return [place for place, row in enumerate(pool) if tuple(sorted(row.items())) in texts]
