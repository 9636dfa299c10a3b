"""Records on their way to a grid, each with the line it came from."""

from dataclasses import dataclass, field

from playground.data.problem import Problem


@dataclass(frozen=True)
class RecordList:
    """records: by column name. lines: of each, 1-based. problems: what is to be said of them."""

    records: list[dict[str, object]]
    lines: list[int]
    problems: list[Problem] = field(default_factory=list)

    def changed(
        self,
        records: list[dict[str, object]],
        problems: list[Problem],
        lines: list[int] | None = None,
    ) -> "RecordList":
        """Other records in place of these, one for each unless their lines are given."""
        kept = self.lines if lines is None else lines
        return RecordList(records, kept, [*self.problems, *problems])
