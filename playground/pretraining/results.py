"""The study's results on disk: a line of JSON for each network."""

import json
import os
from pathlib import Path
from typing import Any

from playground.errors import UserError
from playground.studies.task_count import Asked, Cell, Study

NAME = "results.jsonl"
Line = dict[str, Any]


class Results:
    """The lines in a folder. Several processes may add to it, each for seeds of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / NAME

    def lines(self, size: str | None = None) -> list[Line]:
        """Of one size of network, or all; half a line, left by a kill, is none."""
        found: list[Line] = []
        text = self.file.read_text(encoding="utf-8") if self.file.is_file() else ""
        for line in text.splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return [line for line in found if size in (None, line["size"])]

    def done(self) -> set[tuple[str, int, int]]:
        """Size, count and seed of every line."""
        return {(line["size"], line["count"], line["seed"]) for line in self.lines()}

    def add(self, line: Line) -> None:
        """In one go, on a line of its own whatever stands before it."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        whole = self.file.read_bytes() if self.file.is_file() else b""
        start = "\n" if whole and not whole.endswith(b"\n") else ""
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(start + json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def studies(self) -> list[Study]:
        """The figures of each size. Raises UserError where there are none."""
        sizes = dict.fromkeys(line["size"] for line in self.lines())
        if not sizes:
            raise UserError(f"{self.file} has no result: let study finish a network at least.")
        return [_study(size, self.lines(size)) for size in sizes]


def _study(size: str, lines: list[Line]) -> Study:
    lines = sorted(lines, key=lambda line: (line["count"], line["seed"]))
    last = lines[-1]
    return Study(
        size,
        last["parameters"],
        last["settings"],
        {name: Asked(**asked) for name, asked in last["sets"].items()},
        tuple(Cell(line["count"], line["seed"], line["right"]) for line in lines),
        {line["seed"]: tuple(line["tasks"]) for line in lines},
    )
