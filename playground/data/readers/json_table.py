"""One table of a JSON document, before its rows are a grid."""

from collections.abc import Sequence
from dataclasses import dataclass

from playground.data.readers.nested import Record


@dataclass(frozen=True)
class JsonTable:
    """records: rows by column, None for what is no object; or rows: lists of cells whose first may
    be the header.

    shape: what it was written as, for a sentence; "" for a plain list of records.
    whole: whether a record stands for every element of a list, so that each has a line.
    """

    records: Sequence[Record | None]
    rows: list[list[object]]
    shape: str = ""
    whole: bool = False

    @property
    def size(self) -> int:
        return len(self.records) or len(self.rows)
