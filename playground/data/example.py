"""A labelled text: the unit everything is trained on, asked about and counted in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """`row` holds the text columns only; `line` is where it stands in the source."""

    row: dict[str, str]
    label: str
    line: int

    def to_json(self) -> dict[str, object]:
        return {"row": dict(self.row), "label": self.label, "line": self.line}

    @staticmethod
    def from_json(record: Mapping[str, object]) -> "Example":
        """Raises ValueError if the record is none of ours."""
        row, label, line = (record.get(name) for name in ("row", "label", "line"))
        if not (isinstance(row, dict) and isinstance(label, str) and isinstance(line, int)):
            raise ValueError(f"not an example: {str(record)[:80]}")
        return Example({str(k): str(v) for k, v in row.items()}, label, line)
