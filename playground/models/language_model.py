"""A loaded model and how its tokenizer is asked: the one place where text becomes tokens."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from playground.models.families import Family


@dataclass
class LanguageModel:
    """A frozen base with its tokenizer. Whoever trains gives `network` to one run alone."""

    id: str
    family: Family
    network: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    device: torch.device
    dtype: torch.dtype  # of the weights
    max_length: int  # tokens one sequence may have, special tokens included
    start_ids: tuple[int, ...]  # put before every text, e.g. <s> or [CLS]
    end_ids: tuple[int, ...] = ()  # put after every text, e.g. [SEP]; none for causal models
    parameters: int = field(init=False)  # of the base, before a method adds any

    def __post_init__(self) -> None:
        self.parameters = sum(tensor.numel() for tensor in self.network.parameters())

    def tokens(self, text: str) -> tuple[int, ...]:
        """The ids of a text alone, without any special token around it."""
        return tuple(self.tokenizer(text, add_special_tokens=False, verbose=False).input_ids)

    def continuation(self, left: str, text: str) -> tuple[int, ...]:
        """The ids that `text` adds when it follows `left`.

        Taken as a difference, so that " great" is one piece where the tokenizer makes it one; when
        the last piece of `left` changes with what follows, the ids of `text` alone.
        """
        before, whole = self.tokens(left), self.tokens(left + text)
        if whole[: len(before)] == before:
            return whole[len(before) :]
        return self.tokens(text)

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Start and end character of every token of a text."""
        encoded = self.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        return encoded.offset_mapping

    def pieces(self, ids: Sequence[int]) -> tuple[str, ...]:
        """What each id reads as on its own."""
        return tuple(self.tokenizer.decode([token]) for token in ids)

    @property
    def pad_id(self) -> int:
        """Fills short rows; always masked out, so any id serves when the tokenizer has none."""
        return next(
            token
            for token in (self.tokenizer.pad_token_id, self.tokenizer.eos_token_id, 0)
            if token is not None
        )
