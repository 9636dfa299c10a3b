"""From documents to tokens on disk: one stream in shards, and one bit a token for answers."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from playground.errors import UserError
from playground.pretraining.document import Document
from playground.pretraining.records import PackRecord
from playground.pretraining.tokenizer import END_ID, START_ID, fingerprint

NAME = "pack.json"
PARTS = ("train", "held_out")
SHARD = 2**22  # tokens, 8 MiB; a multiple of 8, so that no byte of answer bits is shared
BATCH_CHARACTERS = 500_000  # encoded at once, on all cores

Encoded = tuple[np.ndarray, np.ndarray]  # ids as uint16, answers as bool


@dataclass(frozen=True)
class Wanted:
    """How much is packed. tokens: at most about so many, None: all there is. held_out: the share
    of the tokens, in whole documents, that is never trained on."""

    tokens: int | None = None
    held_out: float = 0.01
    shard: int = SHARD


def pack(
    documents: Iterable[Document], tokenizer: Tokenizer, folder: Path, wanted: Wanted
) -> PackRecord:
    """Write the documents, each between <s> and </s>, and say what was written.

    Returns what pack.json says: vocabulary, tokenizer (its fingerprint), parts (tokens of each
    shard) and kinds (documents, tokens and answer tokens of each). Holds two shards and one batch
    of texts in memory. Raises UserError when there are fewer than two documents.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).unlink(missing_ok=True)
    parts = {part: _Writer(folder, part, wanted.shard) for part in PARTS}
    kinds: dict[str, dict[str, int]] = {}
    for document, (ids, answers) in encoded(documents, tokenizer):
        held, all_of_it = parts["held_out"].tokens, sum(part.tokens for part in parts.values())
        if wanted.tokens is not None and all_of_it >= wanted.tokens:
            break
        parts["held_out" if held < wanted.held_out * all_of_it else "train"].add(ids, answers)
        kind = kinds.setdefault(document.kind, {"documents": 0, "tokens": 0, "answers": 0})
        kind["documents"] += 1
        kind["tokens"] += len(ids)
        kind["answers"] += int(answers.sum())
    if not all(part.tokens or not wanted.held_out for part in parts.values()):
        raise UserError("Too little text: at least two documents are needed. Give more.")
    about: PackRecord = {
        "vocabulary": tokenizer.get_vocab_size(),
        "tokenizer": fingerprint(tokenizer),
        "parts": {part: writer.finish() for part, writer in parts.items()},
        "kinds": kinds,
    }
    note(folder, about)
    return about


def note(folder: Path, about: PackRecord) -> None:
    """Write pack.json, which makes the folder a packed one."""
    (folder / NAME).write_text(json.dumps(about, indent=2, ensure_ascii=False), encoding="utf-8")


def encoded(
    documents: Iterable[Document], tokenizer: Tokenizer
) -> Iterator[tuple[Document, Encoded]]:
    """Each document with its ids, start and end included, and which of them are answers: a piece
    belongs to where it ends, so the blank before a word is the word's."""
    for batch in _batches(documents):
        texts = ["".join(piece.text for piece in document.pieces) for document in batch]
        found = tokenizer.encode_batch(texts, add_special_tokens=False)
        for document, encoding in zip(batch, found, strict=True):
            ids = np.fromiter(
                chain((START_ID,), encoding.ids, (END_ID,)), np.uint16, len(encoding.ids) + 2
            )
            answers = np.zeros(len(ids), bool)
            if any(piece.answer for piece in document.pieces):
                answers[1:-1] = _answers(document, encoding.offsets)
            yield document, (ids, answers)


def _answers(document: Document, offsets: list[tuple[int, int]]) -> np.ndarray:
    ends = np.cumsum([len(piece.text) for piece in document.pieces])
    piece = np.searchsorted(ends, [end for _, end in offsets], side="left")
    return np.array([piece.answer for piece in document.pieces])[piece]


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += sum(len(piece.text) for piece in document.pieces)
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@dataclass
class _Writer:
    """Appends to one part's stream, shard by shard."""

    folder: Path
    part: str
    shard: int
    waiting: list[Encoded] = field(default_factory=list)
    shards: list[int] = field(default_factory=list)  # tokens of each
    tokens: int = 0
    held: int = 0  # of them not written yet

    def __post_init__(self) -> None:
        if self.shard % 8:
            raise ValueError(f"a shard has a multiple of 8 tokens, not {self.shard}")
        for old in self.folder.glob(f"{self.part}-*.bin"):
            old.unlink()

    def add(self, ids: np.ndarray, answers: np.ndarray) -> None:
        self.waiting.append((ids, answers))
        self.tokens += len(ids)
        self.held += len(ids)
        if self.held >= self.shard:
            self._write(self.held // self.shard)

    def finish(self) -> list[int]:
        self._write(self.held // self.shard)
        if self.held:
            self._write(1)
        return self.shards

    def _write(self, count: int) -> None:
        if not self.waiting:
            return
        ids, answers = (np.concatenate(column) for column in zip(*self.waiting, strict=True))
        for _ in range(count):
            name = f"{self.part}-{len(self.shards):05d}"
            ids[: self.shard].tofile(self.folder / f"{name}.tokens.bin")
            np.packbits(answers[: self.shard]).tofile(self.folder / f"{name}.answers.bin")
            self.shards.append(min(self.shard, len(ids)))
            ids, answers = ids[self.shard :], answers[self.shard :]
        self.waiting, self.held = [(ids.copy(), answers.copy())], len(ids)
