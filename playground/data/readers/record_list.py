"""Records on their way to a grid, each with the line it came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from playground.data.problem import Problem
from playground.data.readers.nested import Record


@dataclass(frozen=True)
class RecordList:
    """records: by column name. lines: of each, 1-based. problems: what is to be said of them."""

    records: Sequence[Record]
    lines: list[int]
    problems: list[Problem] = field(default_factory=list)

    def changed(
        self,
        records: Sequence[Record],
        problems: list[Problem],
        lines: list[int] | None = None,
    ) -> "RecordList":
        """Other records in place of these, one for each unless their lines are given."""
        kept = self.lines if lines is None else lines
        return RecordList(records, kept, [*self.problems, *problems])
