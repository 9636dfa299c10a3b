"""Questions that need many runs, one file each: a file that ends in `STUDY = …` is found."""

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from playground.cards import Card, Value, cards_in, checked_of
from playground.runs.group import Group, GroupSpec
from playground.runs.spec import RunSpec
from playground.studies.finding import Finding

__all__ = ["Study", "cards", "checked", "create"]


class Study(Protocol):
    """A frozen dataclass whose fields are `setting`s and whose docstring is the card; its title is
    a question.

    What it needs is a group of runs, so it is stopped, resumed and deleted like one, and `finding`
    reads whatever of it is done: an answer is drawn as it grows. What the group costs is told
    before by `studies.costs.cost`. One whose figures were made elsewhere and are stored has none.
    """

    title: str
    paper: str

    def group(self, base: RunSpec) -> GroupSpec | None:
        """The runs that are needed to answer for this task, model and method; None where the
        figures are stored. Raises UserError where they cannot be had."""
        ...

    def finding(self, group: Group | None) -> Finding:
        """The answer in a sentence, with its uncertainty, from what is done by now."""
        ...


@cache
def cards() -> dict[str, Card]:
    """The card of every study of this folder, by name."""
    return cards_in(Path(__file__).parent, "STUDY")


def checked(name: str, settings: Mapping[str, Value]) -> dict[str, Value]:
    """Every setting of a study, those given checked, the others at their default. UserError."""
    return checked_of("study", cards(), name, settings)


def create(name: str, settings: Mapping[str, Value]) -> Study:
    """A study with its settings checked; what is not given takes its default."""
    chosen = checked(name, settings)
    study: Study = importlib.import_module(f"playground.studies.{name}").STUDY(**chosen)
    return study
