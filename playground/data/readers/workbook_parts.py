"""What the sheets of an Excel workbook share: their list, the texts, which numbers are dates."""

import posixpath
import re
import zipfile
from dataclasses import dataclass

from playground import limits
from playground.data.readers.xml_events import Attributes, Enough, parse

_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_ASIDE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')  # of a number's format: texts, colours, signs
_FORMATS = 65_536  # of cells, as many as Excel can have
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class SheetPlace:
    """A sheet: its title, the file it stands in, and whether people see it."""

    title: str
    file: str
    hidden: bool


@dataclass(frozen=True)
class Shared:
    """texts: by number. dates: numbers of the formats that show a date. since_1904: whether days
    are counted from there."""

    texts: list[str]
    dates: frozenset[int]
    since_1904: bool


def sheets(book: zipfile.ZipFile) -> tuple[list[SheetPlace], bool]:
    """(the sheets in their order, whether days count from 1904). Raises ValueError or KeyError."""
    targets = _targets(book)
    found: list[SheetPlace] = []
    since_1904 = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal since_1904
        if name == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")
        if name == "sheet":
            number = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            file = targets.get(number, f"xl/worksheets/sheet{len(found) + 1}.xml")
            hidden = attributes.get("state", "visible") != "visible"
            found.append(SheetPlace(attributes.get("name", ""), file, hidden))

    with book.open("xl/workbook.xml") as file:
        parse(file, start, _nothing, _nothing)
    there = set(book.namelist())
    return [sheet for sheet in found if sheet.file in there], since_1904


def shared(book: zipfile.ZipFile, since_1904: bool) -> Shared:
    """Raises ValueError for damaged parts; a part that is not there holds nothing."""
    there = set(book.namelist())
    texts = _texts(book) if "xl/sharedStrings.xml" in there else []
    dates = _date_formats(book) if "xl/styles.xml" in there else frozenset()
    return Shared(texts, dates, since_1904)


def unescaped(text: str) -> str:
    """A text with its _x000D_ as the characters they stand for."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


def _targets(book: zipfile.ZipFile) -> dict[str, str]:
    """The files of worksheets by the number the workbook gives them."""
    found: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            found[attributes.get("Id", "")] = target.lstrip("/")
        elif name == "Relationship":
            found.setdefault(attributes.get("Id", ""), "")  # a chart has no cells

    if "xl/_rels/workbook.xml.rels" in book.namelist():
        with book.open("xl/_rels/workbook.xml.rels") as file:
            parse(file, start, _nothing, _nothing)
    return found


def _texts(book: zipfile.ZipFile) -> list[str]:
    texts: list[str] = []
    pieces: list[str] = []
    inside = {"t": 0, "rPh": 0}  # rPh: how a word is spoken, beside it

    def start(name: str, _: Attributes) -> None:
        if name in inside:
            inside[name] += 1

    def end(name: str) -> None:
        if name in inside:
            inside[name] -= 1
        if name == "si":
            texts.append(unescaped("".join(pieces)))
            pieces.clear()
            if len(texts) > limits.CELLS:
                raise Enough

    def text(piece: str) -> None:
        if inside["t"] and not inside["rPh"]:
            pieces.append(piece)

    with book.open("xl/sharedStrings.xml") as file:
        parse(file, start, end, text)
    return texts


def _date_formats(book: zipfile.ZipFile) -> frozenset[int]:
    codes: dict[str, bool] = {}
    of_cells: list[bool] = []
    inside = [""]

    def start(name: str, attributes: Attributes) -> None:
        if name in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside[0] = name
        elif name == "numFmt" and len(codes) < _FORMATS:
            codes[attributes.get("numFmtId", "")] = _is_date(attributes.get("formatCode", ""))
        elif name == "xf" and inside[0] == "cellXfs":
            number = attributes.get("numFmtId", "0")
            known = number.isdecimal() and int(number) in _DATES
            of_cells.append(codes.get(number, known))
            if len(of_cells) > _FORMATS:
                raise Enough

    with book.open("xl/styles.xml") as file:
        parse(file, start, _nothing, _nothing)
    return frozenset(i for i, is_date in enumerate(of_cells) if is_date)


def _is_date(code: str) -> bool:
    shown = _ASIDE.sub("", code[:200]).casefold()
    return shown != "general" and any(letter in shown for letter in "dyhms") and "0" not in shown


def _nothing(*_: object) -> None:
    return
