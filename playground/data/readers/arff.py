"""ARFF, as Weka writes it: attributes by name, rows below @data."""

import csv
import re
from collections.abc import Sequence

from playground.data.grid import Grid, check_width, left_out, most_rows, over_the_cap
from playground.data.scanning import lines_of
from playground.errors import UserError

_NAME = re.compile(r"""@attribute\s+(?:'([^']*)'|"([^"]*)"|([^\s{]+))""", re.IGNORECASE)
_WAY_OUT = "Put quotes around a text that holds a comma, or mend the line."


def looks_like_arff(text: str) -> bool:
    """Whether the first line that is no comment opens a relation or an attribute."""
    for line in lines_of(text[:100_000])[:1_000]:
        plain = line.strip().casefold()
        if plain and not plain.startswith("%"):
            return plain.startswith(("@relation", "@attribute"))
    return False


def read_arff(text: str) -> Grid:
    """The rows below @data, "?" as an empty cell. Raises UserError where there are none."""
    lines = lines_of(text)
    start = next((i for i, line in enumerate(lines) if _is_data(line)), None)
    names = _names(lines[: len(lines) if start is None else start])
    if start is None or not names:
        raise UserError(
            "The ARFF file has no attributes with rows below @data. Save it again, or as CSV."
        )
    check_width(len(names))
    return _grid(lines, start + 1, tuple(names))


def _is_data(line: str) -> bool:
    return line.strip().casefold() == "@data"


def _names(lines: Sequence[str]) -> list[str]:
    found = (_NAME.match(line.strip()) for line in lines)
    return [next(filter(None, match.groups()), "") for match in found if match]


def _grid(lines: Sequence[str], start: int, names: tuple[str, ...]) -> Grid:
    grid, ragged, most = Grid([], [], header=names), [], most_rows(len(names))
    quote = _quote(lines[start:])
    for number, line in enumerate(lines[start:], start + 1):
        plain = line.strip()
        if not plain or plain.startswith("%"):
            continue
        if len(grid.rows) >= most:
            grid.problems.append(over_the_cap(number))
            break
        cells = _sparse(plain, names) if plain.startswith("{") else _cells(plain, quote)
        if len(cells) == len(names):
            grid.rows.append(["" if cell.strip() == "?" else cell.strip() for cell in cells])
            grid.lines.append(number)
        else:
            ragged.append((number, plain))
    reason = f"not the {len(names)} cells that belong there"
    grid.problems.extend(left_out("ragged row", reason, _WAY_OUT, ragged))
    return grid


def _quote(lines: Sequence[str]) -> str:
    """The sign that texts are quoted with: Weka's apostrophe, or double quotes."""
    single = sum(line.lstrip().startswith("'") or ",'" in line for line in lines[:500])
    double = sum(line.lstrip().startswith('"') or ',"' in line for line in lines[:500])
    return '"' if double > single else "'"


def _cells(line: str, quote: str) -> list[str]:
    found = csv.reader([line], quotechar=quote, escapechar="\\", skipinitialspace=True)
    return next(found, [])


def _sparse(line: str, names: Sequence[str]) -> list[str]:
    """{0 some, 3 text}: the cells by position, 0 where there is none."""
    cells = ["0"] * len(names)
    for pair in _cells(line.strip("{} "), _quote([line])):
        position, _, value = pair.strip().partition(" ")
        if not position.isdecimal() or len(position) > 4 or int(position) >= len(names):
            return []
        cells[int(position)] = value.strip().strip("'\"")
    return cells
