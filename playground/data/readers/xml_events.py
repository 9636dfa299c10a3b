"""XML element by element, never as a tree: what is inside an Excel workbook."""

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

Attributes = dict[str, str]
_STEP = 65_536  # bytes parsed at a time


class Enough(Exception):
    """Raised by a handler that needs no more of the document."""


def parse(
    file: IO[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Calls the handlers with names that have no prefix. Raises ValueError for what is no sound
    XML, or declares entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        while piece := file.read(_STEP):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except Enough:
        return
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def _refuse(*_: object) -> None:
    raise ValueError("a document type is declared")
