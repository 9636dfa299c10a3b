"""A tokenizer, documents and a packed folder of invented sentences, small enough for seconds."""

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer

from playground.pretraining import packing, tokenizer, windows
from playground.pretraining.document import Document, Piece

ADJECTIVES = ("good", "bad", "dull", "funny", "great", "poor")
NOUNS = ("film", "meal", "book", "trip")
PIECES = 300


def documents(count: int, seed: int = 0) -> Iterator[Document]:
    """Plain and prompted ones in turns."""
    draw = random.Random(seed)
    for number in range(count):
        if number % 2:
            text = f"The {draw.choice(NOUNS)} of {number} was {draw.choice(ADJECTIVES)}."
            yield Document("text/invented", (Piece(text),))
        else:
            yield prompted(draw)


def prompted(draw: random.Random) -> Document:
    pieces = []
    for _ in range(draw.randint(1, 4)):
        word = draw.choice(ADJECTIVES)
        before = "\n\n" if pieces else ""
        asked = f"{before}Review: The {draw.choice(NOUNS)} was {word}.\nWord:"
        pieces += [Piece(asked), Piece(f" {word}", answer=True)]
    return Document("word", tuple(pieces))


def whole(document: Document) -> str:
    return "".join(piece.text for piece in document.pieces)


@cache
def made_tokenizer() -> Tokenizer:
    made = tokenizer.train((whole(document) for document in documents(300)), PIECES)
    made.encode_special_tokens = True
    return made


def packed(folder: Path, count: int = 300, shard: int = 512) -> windows.Packed:
    """Packed with its tokenizer beside it, as the command pack leaves it."""
    tokenizer.save(made_tokenizer(), folder / tokenizer.NAME)
    wanted = packing.Wanted(held_out=0.1, shard=shard)
    packing.pack(documents(count), made_tokenizer(), folder, wanted)
    return windows.opened(folder)
