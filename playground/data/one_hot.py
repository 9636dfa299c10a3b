"""One column for each label, with a 1 or a 0: joined where every row has exactly one of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from operator import itemgetter

from playground.data.label_guess import names_labels
from playground.data.names import (
    ID_PARTS,
    LABEL_NAMES,
    SPLIT_NAMES,
    SPLITTING_PARTS,
    key,
    parts,
    words,
)
from playground.data.problem import Problem, listed, shown
from playground.data.profile import looked_at, profile

_ON = {"1": "0", "1.0": "0.0", "true": "false", "yes": "no", "y": "n", "t": "f", "x": ""}
_WAYS = 8  # of writing yes and no in one column: True, TRUE, true, …
_OTHERWISE = ID_PARTS | SPLIT_NAMES | SPLITTING_PARTS | words("count counts number num")
_WIDER = 0.9  # share of the rows with any label that the label of which they are kinds must have
_TRIED = 200  # rows that most combinations of columns fail at
_CHECKED = 3  # combinations that are looked at in all rows
Row = Mapping[str, str]
Hot = dict[str, frozenset[str]]  # columns, each with the ways in which its cells write the yes


@dataclass(frozen=True)
class HotColumns:
    """columns: each one label. several, none: rows with more than one of them, with none.
    wider: the one that nearly every row has that has any, None where there is none."""

    columns: tuple[str, ...]
    several: int
    none: int
    wider: str | None


def with_joined(
    columns: Sequence[str], rows: Sequence[Row]
) -> tuple[tuple[str, ...], Sequence[Row], list[Problem]]:
    """Columns and rows with one more column where the labels have a column each, and the note that
    says so; as given where they have not, or where a column of labels is there already."""
    looked = looked_at(rows)
    likely = _exclusive(_hot(columns, looked), looked)
    if not likely or _has_labels(columns, looked, likely):
        return tuple(columns), rows, []
    hot = _exclusive(_hot(columns, rows), rows)
    if not hot:
        return tuple(columns), rows, []
    name, labels = _joined_name(tuple(hot), columns)
    joined = [
        {**row, name: next(labels[c] for c, on in hot.items() if row[c] in on)} for row in rows
    ]
    note = Problem(
        "a column for each label",
        f"Exactly one of the columns {listed(list(map(shown, hot)))} says yes in every row: they"
        f" are joined in the column {shown(name)}.",
        "Nothing to do; choose one of the columns if only that label is asked about.",
        "note",
        column=name,
        count=len(rows),
    )
    return (*columns, name), joined, [note]


def separate_labels(columns: Sequence[str], rows: Sequence[Row]) -> HotColumns | None:
    """Columns of a label each of which a row may have several or none; None where there are not at
    least two, or where every row has one."""
    hot = _hot(columns, rows)
    if len(hot) < 2 or _exclusive(hot, rows):
        return None
    sums = [sum(row[column] in on for column, on in hot.items()) for row in rows]
    labelled = sum(count > 0 for count in sums)
    enough = max(1, _WIDER * labelled)
    wider = next((c for c, on in hot.items() if sum(r[c] in on for r in rows) >= enough), None)
    return HotColumns(tuple(hot), sum(count > 1 for count in sums), len(rows) - labelled, wider)


def is_yes_or_no(column: str, rows: Sequence[Row]) -> bool:
    """Whether a column may be one of those that are a label each."""
    return bool(_hot([column], looked_at(rows)))


def _hot(columns: Sequence[str], rows: Sequence[Row]) -> Hot:
    """The largest group of columns that have the same two values, a yes and a no."""
    groups: dict[str, Hot] = {}
    for column in columns:
        if key(column) in LABEL_NAMES or set(parts(column)) & _OTHERWISE:
            continue
        cells = set(map(itemgetter(column), rows))
        values = {cell.strip().casefold() for cell in cells} if len(cells) <= _WAYS else set()
        yes = next((on for on, off in _ON.items() if values == {on, off}), None)
        if yes is not None:
            on = frozenset(cell for cell in cells if cell.strip().casefold() == yes)
            groups.setdefault(yes, {})[column] = on
    return max(groups.values(), key=len, default={})


def _exclusive(hot: Hot, rows: Sequence[Row]) -> Hot:
    """The most columns side by side of which every row says yes to exactly one: all, or at least
    three; none where there are no such."""
    for names in islice(_side_by_side(hot, rows[:_TRIED]), _CHECKED):
        chosen = {name: hot[name] for name in names}
        if all(sum(row[column] in on for column, on in chosen.items()) == 1 for row in rows):
            return chosen
    return {}


def _side_by_side(hot: Hot, rows: Sequence[Row]) -> Iterator[list[str]]:
    """Columns that a few rows say yes to one of, the longest first."""
    names = list(hot)
    sums = [[0, *accumulate(int(row[c] in on) for c, on in hot.items())] for row in rows]
    for length in [len(names), *range(len(names) - 1, 2, -1)] if len(names) > 1 else []:
        for start in range(len(names) - length + 1):
            if all(before[start + length] - before[start] == 1 for before in sums):
                yield names[start : start + length]


def _has_labels(columns: Sequence[str], rows: Sequence[Row], hot: Collection[str]) -> bool:
    """Whether another column is named as labels are, and holds some."""
    others = [c for c in columns if c not in hot and names_labels(c)]
    looks = [profile([column], 0, rows) for column in others]
    return any(not look.mostly_empty and look.distinct > 1 for look in looks)


def _joined_name(hot: Sequence[str], columns: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The joined column's name and each column's label: "mood_good", "mood_bad" are good and bad of
    "mood"; other names are labels as they are."""
    dotted = all("." in column for column in hot)  # names inside an object: "cats.good"
    split = {column: column.partition("." if dotted else "_") for column in hot}
    common = {before for before, _, _ in split.values()}
    if len(common) == 1 and all(after for _, _, after in split.values()):
        name, labels = common.pop(), {column: after for column, (_, _, after) in split.items()}
    else:
        name, labels = "label", {column: column for column in hot}
    name = "label" if name.casefold() in ("is", "has") else name
    while name in columns:
        name = f"{name}_joined"
    return name, labels
