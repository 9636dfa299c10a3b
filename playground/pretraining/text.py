"""The text to learn from, out of .txt, .jsonl and their .xz, several files mixed by their size."""

import json
import lzma
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from playground.errors import UserError
from playground.pretraining.document import Document, Piece

KINDS = (".jsonl", ".txt")
MOST_CHARACTERS = 40_000  # of one text of a .txt file, cut at a blank line


def files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and for a folder those in it that can be read, in the order of their names.

    Raises UserError for what is not there, is of another kind, or leaves nothing.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [file for file in sorted(path.iterdir()) if _kind(file) in KINDS]
        elif not path.is_file() or _kind(path) not in KINDS:
            raise UserError(
                f"{path} is no text to learn from. Give a .txt or .jsonl file (also .xz), or a"
                " folder of them."
            )
        else:
            found.append(path)
    if not found:
        raise UserError("There is no text to learn from: give at least one .txt or .jsonl file.")
    return found


def mixed(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Every text once, with its kind "text/" + name of its file.

    The files are read side by side, each as fast as its size on disk asks for, so that any
    beginning of the stream is mixed like the whole. The order is the same every time.
    """
    # What has been given of each file, as a share of its size: the one furthest behind is next.
    streams = {path: texts(path) for path in paths}
    given = dict.fromkeys(streams, 0.0)
    while streams:
        path = min(streams, key=given.__getitem__)
        text = next(streams[path], None)
        if text is None:
            del streams[path]
        else:
            given[path] += len(text) / path.stat().st_size
            yield f"text/{path.name.split('.')[0]}", text


def texts(path: Path) -> Iterator[str]:
    """The texts of a file that are not blank: the paragraphs of a .txt, or of a .jsonl each line's
    "text", after its "question" where it has one.

    Raises UserError with the line that cannot be read.
    """
    with _opened(path) as lines:
        try:
            whole = _records(path, lines) if _kind(path) == ".jsonl" else _stretches(lines)
            yield from (text for text in (text.strip() for text in whole) if text)
        except (UnicodeDecodeError, lzma.LZMAError, EOFError) as error:
            raise UserError(
                f"{path} cannot be read to its end ({error}). Save it anew, in UTF-8."
            ) from error


def documents(mixture: Iterable[tuple[str, str]]) -> Iterator[Document]:
    return (Document(kind, (Piece(text),)) for kind, text in mixture)


def _kind(path: Path) -> str:
    return Path(path.stem).suffix if path.suffix == ".xz" else path.suffix


def _opened(path: Path) -> TextIO:
    opened = lzma.open if path.suffix == ".xz" else open
    return opened(path, "rt", encoding="utf-8")


def _records(path: Path, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            text, question = record["text"], record.get("question") or ""
            yield f"{question}\n{text}" if question else str(text)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f'{path}, line {number}: not a JSON object with a "text". Mend the line, or give a'
                " .txt file."
            ) from error


def _stretches(lines: Iterable[str]) -> Iterator[str]:
    """Blank lines keep texts apart where they get long."""
    kept: list[str] = []
    size = 0
    for line in lines:
        if not line.strip() and size > MOST_CHARACTERS:
            yield "".join(kept)
            kept, size = [], 0
        kept.append(line)
        size += len(line)
    yield "".join(kept)
