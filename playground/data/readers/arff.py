"""ARFF, as Weka writes it: attributes by name, rows below @data."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from playground.data.grid import Grid, check_width, left_out, most_rows, over_the_cap
from playground.data.scanning import lines_of
from playground.errors import UserError

_NAME = re.compile(
    r"""@attribute\s+(?:'([^']*)'|"([^"]*)"|([^\s{]+))\s*(\{.*\}|\w*)""", re.IGNORECASE
)
_PAIR = re.compile(  # of a sparse row: a position, and a value that may be quoted
    r"""\s*(\d{1,4})\s+(?:('[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*")\s*|([^\s,'"][^,'"]*))"""
    r"(?:,|$)"
)
_WEIGHT = re.compile(r"[,\t]\s*\{[^{},]*\}$")
_ESCAPED = re.compile(r"\\(.)")
_WAY_OUT = "Put quotes around a text that holds a comma, or mend the line."


@dataclass(frozen=True)
class Attribute:
    """values: those it can have, where the file lists them. text: whether any words can stand."""

    name: str
    values: tuple[str, ...] = ()
    text: bool = False

    @property
    def default(self) -> str:
        """What a sparse row means that leaves it out: the first of its values, or 0."""
        return self.values[0] if self.values else "" if self.text else "0"


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
    attributes = _attributes(lines[: len(lines) if start is None else start])
    if start is None or not attributes:
        raise UserError(
            "The ARFF file has no attributes with rows below @data. Save it again, or as CSV."
        )
    check_width(len(attributes))
    return _grid(lines, start + 1, attributes)


def _is_data(line: str) -> bool:
    return line.strip().casefold() == "@data"


def _attributes(lines: Sequence[str]) -> list[Attribute]:
    found = (_NAME.match(line.strip()) for line in lines)
    return [_attribute(match) for match in found if match]


def _attribute(match: re.Match[str]) -> Attribute:
    *names, kind = match.groups()
    name = next(filter(None, names), "")
    if kind.startswith("{"):
        inside = kind[1:-1]
        return Attribute(name, tuple(cell.strip() for cell in _cells(inside, _quote([inside]))))
    return Attribute(name, text=kind.casefold() == "string")


def _grid(lines: Sequence[str], start: int, attributes: Sequence[Attribute]) -> Grid:
    names = tuple(attribute.name for attribute in attributes)
    grid, most = Grid([], [], header=names), most_rows(len(names))
    ragged: list[tuple[int, str]] = []
    quote = _quote(lines[start:])
    for number, line in enumerate(lines[start:], start + 1):
        plain = line.strip()
        if not plain or plain.startswith("%"):
            continue
        if len(grid.rows) >= most:
            grid.problems.append(over_the_cap(number))
            break
        cells = _sparse(plain, attributes) if plain[0] == "{" else _dense(plain, quote, attributes)
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


def _dense(line: str, quote: str, attributes: Sequence[Attribute]) -> list[str]:
    """The cells of a row, without its weight; commas of a text without quotes belong to it."""
    line = _WEIGHT.sub("", line)
    cells = _cells(line, quote)
    if len(cells) == 1:
        cells = _cells(line, quote, "\t")
    texts = [i for i, attribute in enumerate(attributes) if attribute.text]
    more = len(cells) - len(attributes)
    if more <= 0 or len(texts) != 1:
        return cells
    end = texts[0] + more + 1
    joined = [*cells[: texts[0]], ", ".join(cells[texts[0] : end]), *cells[end:]]
    listed = zip(joined, attributes, strict=True)
    return joined if all(not a.values or cell in (*a.values, "?") for cell, a in listed) else cells


def _cells(line: str, quote: str, delimiter: str = ",") -> list[str]:
    found = csv.reader(
        [line], delimiter=delimiter, quotechar=quote, escapechar="\\", skipinitialspace=True
    )
    return next(found, [])


def _sparse(line: str, attributes: Sequence[Attribute]) -> list[str]:
    """{0 some, 3 'text, so'}: the cells by position, its default where there is none; no cells for
    a row that is not written so."""
    cells, at, inside = [a.default for a in attributes], 0, line.strip().strip("{}").strip()
    while at < len(inside):
        pair = _PAIR.match(inside, at)
        if not pair or int(pair.group(1)) >= len(attributes):
            return []
        cells[int(pair.group(1))] = _unquoted((pair.group(2) or pair.group(3)).strip())
        at = pair.end()
    return cells


def _unquoted(value: str) -> str:
    return _ESCAPED.sub(r"\1", value[1:-1]) if value[:1] in ("'", '"') else value
