"""CSV and its relatives: text to a grid, rows that do not fit left out and named."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from playground import limits
from playground.data.dialect import NO_DELIMITER, SAMPLE_ROWS, filled, sniff, width
from playground.data.grid import Grid, check_width, left_out, most_rows, over_the_cap
from playground.data.headers import MARK, repeated_header
from playground.data.names import TEXT_NAMES, key
from playground.data.problem import Problem, listed
from playground.data.readers.divided_lines import read_divided, read_ends
from playground.data.readers.labelled_lines import read_labelled, read_mostly_labelled
from playground.data.readers.line_frames import unwrapped, without_frame
from playground.data.readers.rejoined_rows import Row, rejoined, rejoined_note
from playground.data.scanning import Dialect, lines_of, scan

ROW_NAMES = "index"  # the column of row names, which R leaves without a name
_NAMES = {" ": "a blank", "\t": "a tab", ",": "a comma", ";": "a semicolon", "|": "a vertical bar"}


def read_delimited(text: str) -> Grid:
    """The rows of a text in whichever dialect it is written; one column where it is in none."""
    lines = without_frame(lines_of(text))
    joints = _split_at_joints(lines)
    if labelled := read_divided(lines) or read_labelled(lines):
        return labelled
    declared = _declared_delimiter(lines)
    dialect = Dialect(declared) if declared else sniff(lines)
    if declared:
        lines[0] = "\n"  # kept as a blank line: the others keep their numbers
    if dialect.delimiter == NO_DELIMITER and (inside := unwrapped(lines)):
        lines, dialect = inside, sniff(inside)
    grid = _quoted_or_plain(lines, dialect)
    objects = dialect.delimiter == NO_DELIMITER and _holds_objects(grid)
    if dialect.delimiter == NO_DELIMITER and not objects:
        grid = read_ends(lines) or read_mostly_labelled(lines) or grid
    if (
        not objects
        and grid.rows
        and len(grid.rows[0]) == 1
        and key(str(grid.rows[0][0])) not in TEXT_NAMES
    ):
        grid.problems.append(_one_column(grid.lines[0]))
    if len(lines) == limits.LINES:
        grid.problems.append(over_the_cap(limits.LINES, f"{limits.LINES:,} lines"))
    grid.problems.extend(joints)
    return grid


def _holds_objects(grid: Grid) -> bool:
    """Whether the one column is of objects, each in a cell, below its name."""
    return all(str(row[0]).lstrip().startswith(("{", "[{")) for row in grid.rows[1:])


def _one_column(line: int) -> Problem:
    message = "Nothing such as a comma or a tab divides the lines alike, so each line is one text."
    way_out = (
        "Write a label to every text, with a comma or a tab between, below a line that names the"
        " columns."
    )
    return Problem("one column", message, way_out, "note", line)


def _quoted_or_plain(lines: Sequence[str], dialect: Dialect) -> Grid:
    """Where tabs or nothing divides cells, many files write quotes as plain characters."""
    grid = _grid(lines, dialect)
    plain = dialect.quoted and dialect.delimiter in ("\t", NO_DELIMITER)
    if plain and any(problem.kind == "unclosed quote" for problem in grid.problems):
        other = _grid(lines, replace(dialect, quoted=False))
        return other if len(other.rows) > len(grid.rows) else grid
    return grid


def _split_at_joints(lines: list[str]) -> list[Problem]:
    """Takes out, in place, what is left of a second file joined to the first one: its mark, and
    its header where the last line before it had no end."""
    header, at = lines[0].strip() if lines else "", []
    for i, line in enumerate(lines):
        if MARK not in line:
            continue
        before, _, rest = line.rpartition(MARK)
        if before.strip() and rest.strip() == header:
            at.append(i + 1)
            rest = "\n"
        lines[i] = before.replace(MARK, "") + rest
    return repeated_header(at)


def _declared_delimiter(lines: Sequence[str]) -> str:
    """The delimiter of a first line "sep=;", which Excel writes and reads."""
    first = lines[0].rstrip("\r\n") if lines else ""
    return first[4:] if first.lower().startswith("sep=") and len(first) == 5 else ""


def _grid(lines: Sequence[str], dialect: Dialect) -> Grid:
    beginning = list(islice(scan(lines, dialect), SAMPLE_ROWS))
    sample, first = [row.cells for row in beginning], beginning[0].line if beginning else 0
    wide = width(sample)
    check_width(wide)
    rows: list[Row] = []
    ragged: list[Row] = []
    broken: list[tuple[int, str]] = []
    problems: list[Problem] = []
    most = most_rows(wide)
    for row in scan(lines, dialect):
        cells = row.cells[: max(wide, filled(row.cells))]  # a trailing delimiter makes empty ones
        # The header is one of the rows; as many may be left out before we give up.
        if len(rows) > most or len(ragged) + len(broken) > limits.ROWS:
            problems.append(over_the_cap(row.line, f"{most:,} rows"))
            break
        if row.broken:
            broken.append((row.line, row.cells[0]))
        elif _is_rule(cells, dialect):
            continue
        elif row.line == first and (header := _completed(cells, sample[1:], wide)):
            rows.append((row.line, header))
        elif len(cells) != wide:
            ragged.append((row.line, cells))
        elif any(cell.strip() for cell in cells):
            rows.append((row.line, cells))
    mended = dict(rejoined([cells for _, cells in rows], ragged, dialect.delimiter))
    if mended:
        rows = sorted([*rows, *mended.items()])
        problems += rejoined_note([one for one in ragged if one[0] in mended], dialect.delimiter)
    left = [one for one in ragged if one[0] not in mended]
    problems += [*_ragged(left, wide, dialect.delimiter), *_broken(broken)]
    return Grid([[*cells] for _, cells in rows], [line for line, _ in rows], problems)


def _is_rule(cells: Sequence[str], dialect: Dialect) -> bool:
    """A line of dashes between a drawn table's header and its rows, as Markdown has it."""
    return dialect.delimiter == "|" and set().union(*cells) - set(" :+=|\r\n") == {"-"}


def _completed(header: Sequence[str], rows: Sequence[Sequence[str]], wide: int) -> list[str] | None:
    """A header that is one cell short, as R writes it above rows that begin with their name; else
    it is the last column that has none. None for a line that is no such header."""
    first = [row[0].strip() for row in rows if row]
    if len(header) != wide - 1 or len(first) < 2:
        return None
    if len(header) == 1:  # a title is one cell too: only numbered rows are sure to have names
        return [ROW_NAMES, *header] if first == list(map(str, range(1, len(first) + 1))) else None
    return [ROW_NAMES, *header] if len(set(first)) == len(first) else [*header, ""]


def _ragged(places: Sequence[Row], wide: int, delimiter: str) -> Iterator[Problem]:
    name = _NAMES.get(delimiter, f"“{delimiter}”")
    counts = sorted({len(cells) for _, cells in places})
    reason = f"{listed(counts)} {'cell' if counts == [1] else 'cells'} where {wide} belong"
    way_out = (
        f"Put double quotes around a text that holds {name}, or mend the line."
        if delimiter != NO_DELIMITER and counts and counts[-1] > wide
        else f"Add what is missing, with {name} between the cells."
    )
    shown = "\t" if delimiter == "\t" else delimiter
    yield from left_out(
        "ragged row", reason, way_out, [(line, shown.join(cells)) for line, cells in places]
    )


def _broken(places: list[tuple[int, str]]) -> Iterator[Problem]:
    yield from left_out(
        "unclosed quote",
        "a double quote opens here and does not close where the cell ends",
        'Close it, or write "" for a quote inside a quoted cell.',
        places,
    )
