"""What was packed, read in windows of any length, in an order that seed and step decide."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from playground.errors import UserError
from playground.pretraining.packing import NAME
from playground.pretraining.records import PackRecord
from playground.pretraining.tokenizer import PAD_ID


@dataclass(frozen=True)
class Stream:
    """One part of a packed folder as a single stream of tokens over its shards."""

    tokens: tuple[np.ndarray, ...]  # uint16, on disk
    answers: tuple[np.ndarray, ...]  # 8 tokens a byte, on disk
    starts: tuple[int, ...]  # of each shard, and the end of the last

    def __len__(self) -> int:
        return self.starts[-1]

    def count(self, length: int) -> int:
        """Windows of a length: every token is in one of them, and in one only."""
        return -(-len(self) // length)

    def window(self, index: int, length: int) -> tuple[np.ndarray, np.ndarray]:
        """The ids, (length,) uint16, and which of them are answers, (length,) bool. Only the last
        window is filled up with padding."""
        ids, answers = np.full(length, PAD_ID, np.uint16), np.zeros(length, bool)
        first, filled = index * length, 0
        end = min(first + length, len(self))
        while first + filled < end:
            at = first + filled
            shard = int(np.searchsorted(self.starts, at, side="right")) - 1
            place = at - self.starts[shard]
            take = min(end, self.starts[shard + 1]) - at
            ids[filled : filled + take] = self.tokens[shard][place : place + take]
            bits = np.unpackbits(self.answers[shard][place // 8 : -(-(place + take) // 8)])
            answers[filled : filled + take] = bits[place % 8 : place % 8 + take]
            filled += take
        return ids, answers


@dataclass(frozen=True)
class Packed:
    """A packed folder. about: what pack.json says."""

    about: PackRecord
    train: Stream
    held_out: Stream


def opened(folder: Path) -> Packed:
    """Raises UserError when the folder was not packed, or not to its end."""
    if not (folder / NAME).is_file():
        raise UserError(f"{folder} has no {NAME}: pack it first, and let it come to its end.")
    about = json.loads((folder / NAME).read_text(encoding="utf-8"))
    return Packed(about, _stream(folder, about, "train"), _stream(folder, about, "held_out"))


def _stream(folder: Path, about: PackRecord, part: str) -> Stream:
    sizes = about["parts"][part]
    names = [folder / f"{part}-{number:05d}" for number in range(len(sizes))]
    try:
        tokens = tuple(np.memmap(f"{name}.tokens.bin", np.uint16, "r") for name in names)
        answers = tuple(np.memmap(f"{name}.answers.bin", np.uint8, "r") for name in names)
    except (OSError, ValueError) as error:
        raise UserError(f"A shard of {folder} is missing: pack it anew.") from error
    if [len(shard) for shard in tokens] != sizes:
        raise UserError(f"A shard of {folder} is not as long as {NAME} says: pack it anew.")
    return Stream(tokens, answers, tuple(int(at) for at in np.cumsum([0, *sizes])))


def chosen(count: int, batch: int, seed: int, step: int) -> list[int]:
    """The windows of a step, counted from 1, out of `count`: a pure function, so a resumed run
    goes on where it was. Every window once an epoch, each epoch in an order of its own."""
    places = range((step - 1) * batch, step * batch)
    return [int(_order(count, seed, place // count)[place % count]) for place in places]


@lru_cache(maxsize=4)
def _order(count: int, seed: int, epoch: int) -> np.ndarray:
    return np.random.default_rng([seed, epoch]).permutation(count)
