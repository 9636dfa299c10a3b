"""Several files that are one data set: parts by their names, one under the other in one table."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from playground.data.framing import Framed, framed
from playground.data.grid import Grid, most_rows
from playground.data.kinds import WAY_OUT
from playground.data.names import LABEL_NAMES, TEXT_NAMES, TO_LABELLED, key
from playground.data.problem import Problem, counted, listed, shown
from playground.data.readers.part_names import part_of
from playground.data.readers.text_files import texts_by_intent, texts_in_folders
from playground.errors import UserError

_TABLES = (  # endings of files that hold rows; others are looked at only when there are none
    ".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".arff", ".txt",
    ".gz", ".bz2", ".xz", ".data",
)  # fmt: skip
_NO_ROWS = re.compile(
    r"(readme|licen[cs]e|source|citation|changelog|dataset_infos?|config|labels?|classes|metadata"
    r"|sample_?submission)\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """One of several files: its name and what stands in it; of: what it is read as, "train"."""

    name: str
    frame: Framed
    of: str
    grid: Grid


def join(name: str, files: Sequence[tuple[str, bytes]], read: Callable[[str, bytes], Grid]) -> Grid:
    """One table of the files of a folder, an archive or an upload, called `name`. Raises UserError
    where they hold none, or tables that differ.

    Files named for a part (train, test, validation, …) get a column that says which; without
    such names equal tables follow one another, with a column that names the file.
    """
    if texts := texts_in_folders(files) or texts_by_intent(files):
        return texts
    named = [one for one in files if part_of(one[0]) and _is_table(one[0])]
    chosen = named or [one for one in files if _is_table(one[0])] or list(files)
    parts, refused = _read(chosen, read)
    if not parts:
        raise UserError(
            f"No file in {shown(name)} is a table. {refused[0] if refused else WAY_OUT}"
        )
    taken = {part.name for part in parts}
    others = [one for one, _ in files if one not in taken]
    if named:
        return _joined(parts, "split", others)
    if len({part.frame.columns for part in parts}) > 1:
        raise UserError(
            f"There are {len(parts)} tables with different columns: {listed([*taken])}. Bring one"
            " of them, or name the parts of one data set train and test."
        )
    alone = len(parts[0].frame.columns) == 1
    return _joined(parts, "label" if alone else "file", others)


def joined(grids: Sequence[tuple[str, Grid]]) -> Grid:
    """One table of grids that are named for the parts of a data set."""
    parts = [Part(name, framed(grid), part_of(name), grid) for name, grid in grids]
    if not parts:
        raise UserError("None of the parts has rows. Fill them in and bring them again.")
    return _joined([_aligned(part, max(parts, key=_size)) for part in parts], "split", [])


def _is_table(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in _TABLES and not _NO_ROWS.fullmatch(path.name)


def _read(
    files: Sequence[tuple[str, bytes]], read: Callable[[str, bytes], Grid]
) -> tuple[list[Part], list[str]]:
    """(the parts that can be read, why the others cannot)"""
    parts, refused = [], []
    for name, raw in files:
        try:
            grid = read(name, raw)
            if grid.rows and grid.rows[0]:
                parts.append(
                    Part(name, framed(grid), part_of(name) or _own_name(name, files), grid)
                )
        except UserError as error:
            refused.append(f"{shown(PurePosixPath(name).name)}: {error}")
    return [_aligned(part, max(parts, key=_size)) for part in parts], refused


def _size(part: Part) -> int:
    return len(part.frame.rows)


def _aligned(part: Part, largest: Part) -> Part:
    """A part with the columns of the largest one, where they differ in case alone, or where one of
    them names its own and the other has no names: few rows do not show whether the first one is a
    header."""
    ours, theirs = part.frame.columns, largest.frame.columns
    by_look = {name.casefold(): name for name in theirs}
    if ours != theirs and sorted(map(str.casefold, ours)) == sorted(by_look):
        same = tuple(by_look[name.casefold()] for name in ours)
        return replace(part, frame=replace(part.frame, columns=same))
    if ours == theirs or len(ours) != len(theirs) or part.grid.header is not None:
        return part
    strange = not set(ours) & set(theirs) and _names_something(theirs)
    if (_is_unnamed(theirs) or strange) and not _names_something(ours):
        return replace(part, frame=Framed(theirs, part.grid.rows, part.grid.lines, []))
    return part


def _names_something(columns: Sequence[str]) -> bool:
    return any(key(column) in TEXT_NAMES | LABEL_NAMES for column in columns)


def _is_unnamed(columns: Sequence[str]) -> bool:
    return columns == tuple(f"column_{i + 1}" for i in range(len(columns)))


def _own_name(name: str, files: Sequence[tuple[str, bytes]]) -> str:
    """What tells a file from the others: its name without its ending, or with it where there are
    polarity.pos and polarity.neg."""
    path = PurePosixPath(name)
    same = sum(PurePosixPath(other).stem == path.stem for other, _ in files)
    return path.stem if same == 1 else path.suffix.removeprefix(".") or path.name


def _joined(parts: Sequence[Part], column: str, others: Sequence[str]) -> Grid:
    parts = sorted(parts, key=lambda part: part.of not in TO_LABELLED)  # what is learnt from first
    columns = tuple(dict.fromkeys(name for part in parts for name in part.frame.columns))
    if len(parts) == 1:
        frame = parts[0].frame
        found = [*frame.problems, *_left(parts, others)]
        return Grid(frame.rows, frame.lines, found, columns, "row")
    while column in columns:
        column = f"{column}_of_file"
    total = sum(len(part.frame.rows) for part in parts)
    share = min(1.0, most_rows(len(columns) + 1) / max(1, total))
    grid = Grid(
        [], [], [_problems(parts, column, share), *_left(parts, others)], (*columns, column)
    )
    for part in parts:
        at = {name: i for i, name in enumerate(part.frame.columns)}
        kept = int(len(part.frame.rows) * share)
        for row in part.frame.rows[:kept]:
            cells = [row[at[name]] if name in at else None for name in columns]
            grid.rows.append([*cells, part.of])
        grid.lines.extend(part.frame.lines[:kept])
        told = {(problem.kind, problem.message) for problem in grid.problems}
        grid.problems.extend(p for p in part.frame.problems if (p.kind, p.message) not in told)
    return grid


def _problems(parts: Sequence[Part], column: str, share: float) -> Problem:
    each = [
        f"{shown(PurePosixPath(p.name).name)} ({counted(len(p.frame.rows), 'row')}) as {p.of}"
        for p in parts
    ]
    cut = "" if share == 1 else f" The first {share:.0%} of the rows of each are read."
    return Problem(
        "several files",
        f"{len(parts)} files are read as one table, with the column {shown(column)}:"
        f" {'; '.join(each[:12])}{' …' if len(each) > 12 else ''}.{cut}",
        "Choose another split column, or bring one of the files, if they do not belong together.",
        "note" if share == 1 else "warning",
        column=column,
        count=len(parts),
    )


def _left(parts: Sequence[Part], others: Sequence[str]) -> list[Problem]:
    if not others:
        return []
    names = listed([shown(PurePosixPath(name).name) for name in others])
    message = f"Left out, as no part of the table: {names}."
    way_out = "Bring one of them alone to read it."
    return [Problem("files left out", message, way_out, "note", count=len(others))]
