"""What a family of models must know, and the shapes that travel between prompt and network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

if TYPE_CHECKING:  # language_model.py needs Family at run time
    from playground.models.language_model import LanguageModel
    from playground.tasks.classification import Prompt


@dataclass(frozen=True)
class PromptParts:
    """One prompt in tokens. `shared` comes first and is the same for many examples."""

    shared: tuple[int, ...]  # start ids, instruction, demonstrations
    query: tuple[int, ...]  # the example up to the answer slot
    after: tuple[int, ...]  # the example after the answer slot, and the end ids
    prompt: Prompt  # the same as text, as it was sent
    dropped: int = 0  # demonstrations left out because they did not fit
    cut: bool = False  # the example's text was shortened


@dataclass(frozen=True)
class Encoded:
    """A sequence and, for each answer token, the position whose logits predict it.

    Where a decoder answers what an encoder has read, `ids` is read and `rows` counts in `decoder`.
    """

    ids: tuple[int, ...]
    rows: tuple[int, ...]
    decoder: tuple[int, ...] = ()


@dataclass
class Batch:
    """Right-padded sequences. input_ids, attention_mask: (batch, length); rows: (batch, slots);
    decoder_input_ids: (batch, decoder length), None without a decoder of its own."""

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    rows: torch.Tensor
    decoder_input_ids: torch.Tensor | None = None

    def to(self, device: torch.device) -> Batch:
        decoder = self.decoder_input_ids
        return Batch(
            self.input_ids.to(device),
            self.attention_mask.to(device),
            self.rows.to(device),
            None if decoder is None else decoder.to(device),
        )

    def inputs(self) -> dict[str, torch.Tensor]:
        """What a network is called with."""
        read = {"input_ids": self.input_ids, "attention_mask": self.attention_mask}
        if self.decoder_input_ids is None:
            return read
        # A decoder looks back alone, so what pads its right end needs no mask.
        return {**read, "decoder_input_ids": self.decoder_input_ids}


def collate(encoded: Sequence[Encoded], pad_id: int) -> Batch:
    """Pad on the right; a sequence with fewer slots than the widest repeats its last row."""
    length = max(len(item.ids) for item in encoded)
    slots = max(len(item.rows) for item in encoded)
    ids = _padded([item.ids for item in encoded], pad_id)
    seen = [[1] * len(item.ids) + [0] * (length - len(item.ids)) for item in encoded]
    rows = [[*item.rows, *item.rows[-1:] * (slots - len(item.rows))] for item in encoded]
    decoder = _padded([item.decoder for item in encoded], pad_id) if encoded[0].decoder else None
    return Batch(ids, torch.tensor(seen), torch.tensor(rows), decoder)


def _padded(sequences: Sequence[tuple[int, ...]], pad_id: int) -> torch.Tensor:
    length = max(map(len, sequences))
    return torch.tensor([[*ids, *[pad_id] * (length - len(ids))] for ids in sequences])


class Family(Protocol):
    """How one kind of network answers; one file each, and the only place that tells them apart."""

    name: str
    parallel: bool  # all answer tokens are predicted in one pass, without reading any of them
    writes: bool  # it can be left to go on by itself

    def reserve(self, slots: int) -> int:
        """Tokens of the sequence that an answer of at most `slots` tokens takes."""
        ...

    def word(self, model: LanguageModel, word: str, pieces: tuple[int, ...]) -> tuple[int, ...]:
        """The ids a label word is asked for as. `pieces`: those it has inside a text."""
        ...

    def after(self, model: LanguageModel, left: str, text: str) -> tuple[int, ...]:
        """The ids of the text after the answer slot, which follows `left`; UserError where the
        family cannot have any."""
        ...

    def closing_id(self, model: LanguageModel) -> int:
        """The token that ends an answer, for words that begin other words."""
        ...

    def begin(self, model: LanguageModel) -> tuple[int, ...]:
        """The ids before an answer that is written apart from the prompt; none where it
        follows the prompt or fills gaps in it."""
        ...

    def encode(
        self, model: LanguageModel, parts: PromptParts, answer: Sequence[int], slots: int
    ) -> Encoded:
        """The sequence to run. `answer`: the ids filled in, where the family needs them."""
        ...
