"""A table as it was read: its rows, where they stood, and what is wrong with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from playground.data.diagnosis import diagnose
from playground.data.guessing import guess_columns
from playground.data.labels import Labels, read_labels
from playground.data.one_hot import with_joined
from playground.data.problem import Problem, listed, shown
from playground.errors import UserError

__all__ = ["Problem", "Table", "assembled"]


@dataclass(frozen=True)
class Table:
    """Rows of text, all with the same columns.

    lines:    1-based line of the source where each row begins (row number of a workbook).
    problems: what reading found, then what diagnosing the chosen columns found.
    found:    only what reading found; choosing other columns does not change it.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]
    problems: tuple[Problem, ...] = ()
    text_columns: tuple[str, ...] = ()
    label_column: str | None = None
    split_column: str | None = None
    found: tuple[Problem, ...] = ()

    def choose(
        self,
        text_columns: Sequence[str] | None = None,
        label_column: str | None = None,
        split_column: str | None = None,
    ) -> "Table":
        """The same rows with other columns chosen, diagnosed anew.

        None keeps a choice; "" means that no column has the role.
        Raises UserError for a column that is not there or that has two roles.
        """
        texts = self.text_columns if text_columns is None else tuple(dict.fromkeys(text_columns))
        label = self.label_column if label_column is None else label_column or None
        split = self.split_column if split_column is None else split_column or None
        _check_roles(self.columns, [*texts, *filter(None, (label, split))])
        chosen = replace(self, text_columns=texts, label_column=label, split_column=split)
        return replace(chosen, problems=(*self.found, *diagnose(chosen)))

    @cached_property
    def labels(self) -> Labels:
        """What the cells of the label column name."""
        if self.label_column is None:
            return read_labels(())
        return read_labels(row[self.label_column] for row in self.rows)

    @cached_property
    def label_counts(self) -> dict[str, int]:
        """Rows of each label, the most frequent first, then by name; rows without one left out."""
        if self.label_column is None:
            return {}
        counts = Counter(self.labels.label(row[self.label_column]) for row in self.rows)
        counts.pop("", None)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def assembled(
    name: str,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    lines: Sequence[int],
    found: Sequence[Problem] = (),
) -> Table:
    """A table with its columns guessed and its rows diagnosed; labels that have a column each are
    joined into one."""
    columns, rows, joined = with_joined(columns, rows)
    texts, label, split = guess_columns(columns, rows)
    table = Table(
        name=name,
        columns=tuple(columns),
        rows=tuple(dict(row) for row in rows),
        lines=tuple(lines),
        found=(*found, *joined),
    )
    return table.choose(texts, label or "", split or "")


def _check_roles(columns: Sequence[str], chosen: Sequence[str]) -> None:
    for column in chosen:
        if column not in columns:
            raise UserError(
                f"There is no column {shown(column)}. Choose one of: {listed(columns)}."
            )
        if chosen.count(column) > 1:
            raise UserError(
                f"The column {shown(column)} is chosen twice. Choose different columns for text,"
                " label and split."
            )
