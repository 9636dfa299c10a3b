"""One text to learn from, plain or prompted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `answer` marks what a prompt asks for."""

    text: str
    answer: bool = False


@dataclass(frozen=True)
class Document:
    """Pieces read one after the other. kind: the task's name, or where the text is from."""

    kind: str
    pieces: tuple[Piece, ...]
