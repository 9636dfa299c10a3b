"""Rows of a mixed batch as tensors: each with its own vectors in front, its own prompt and, behind
that, its own label words, the shorter ones filled up on the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class Line:
    """One sequence.

    ids:   the tokens run, the last token of each node behind those of the prompt.
    rows:  the positions whose logits are wanted.
    decoder: where a decoder answers what is read: what it is given, and there the rows count.
    nodes: beginnings of label words that stand side by side behind the prompt. Each sees its prompt
           and the nodes it goes on from, and has the position it would have right behind it.
    user:  the number of the injection it uses, None for the base alone.
    """

    ids: tuple[int, ...]
    rows: tuple[int, ...]
    nodes: tuple[tuple[int, ...], ...] = ()
    user: int | None = None
    decoder: tuple[int, ...] = ()

    @property
    def prompt(self) -> int:
        """Tokens in front of the nodes."""
        return len(self.ids) - len(self.nodes)


@dataclass(frozen=True)
class Laid:
    """What the network is called with, and the rows (lines, most rows) whose logits are wanted.
    length: of the sequences."""

    given: dict[str, Any]
    rows: torch.Tensor
    length: int


def lay(
    model: LanguageModel, lines: Sequence[Line], fronts: Sequence[torch.Tensor | None], slots: int
) -> Laid:
    """The batch. fronts: the vectors in front of each line, of different lengths or none; slots:
    rows of each line, the last one repeated."""
    shifts = [0 if front is None else len(front) for front in fronts]
    length = max(shift + len(line.ids) for shift, line in zip(shifts, lines, strict=True))
    ids = torch.full((len(lines), length), model.pad_id)
    mask = torch.zeros_like(ids)
    rows = torch.empty((len(lines), slots), dtype=torch.long)
    for i, (shift, line) in enumerate(zip(shifts, lines, strict=True)):
        end = shift + len(line.ids)
        ids[i, shift:end], mask[i, :end] = torch.tensor(line.ids), 1
        padded = (*line.rows, *line.rows[-1:] * (slots - len(line.rows)))
        rows[i] = torch.tensor(padded) + (0 if line.decoder else shift)
    given: dict[str, Any] = {"attention_mask": mask}
    if any(line.nodes for line in lines):
        given = _branching(model, lines, shifts, length)
    if lines[0].decoder:  # it looks back alone, so what fills up its right end needs no mask
        given["decoder_input_ids"] = _filled([line.decoder for line in lines], model.pad_id)
    given = {name: tensor.to(model.device) for name, tensor in given.items()}
    given |= _tokens(model, ids.to(model.device), fronts)
    return Laid(given, rows.to(model.device), length)


def _tokens(
    model: LanguageModel, ids: torch.Tensor, fronts: Sequence[torch.Tensor | None]
) -> dict[str, torch.Tensor]:
    """The ids; or their embeddings, as soon as a line has vectors in front."""
    if all(front is None for front in fronts):
        return {"input_ids": ids}
    embeddings = model.network.get_input_embeddings()(ids)
    for row, front in zip(embeddings, fronts, strict=True):
        if front is not None:
            row[: len(front)] = front.to(row.dtype)
    return {"inputs_embeds": embeddings}


def _filled(sequences: Sequence[tuple[int, ...]], pad_id: int) -> torch.Tensor:
    length = max(map(len, sequences))
    return torch.tensor([[*ids, *[pad_id] * (length - len(ids))] for ids in sequences])


def _branching(
    model: LanguageModel, lines: Sequence[Line], shifts: Sequence[int], length: int
) -> dict[str, torch.Tensor]:
    """What each position sees, and where it stands: prompts in order, nodes as branches."""
    seen = torch.ones(length, length, dtype=torch.bool).tril().repeat(len(lines), 1, 1)
    positions = torch.arange(length).repeat(len(lines), 1)
    for i, (shift, line) in enumerate(zip(shifts, lines, strict=True)):
        first, end = shift + line.prompt, shift + len(line.ids)
        if line.nodes:
            goes_on = [[a[: len(b)] == b for b in line.nodes] for a in line.nodes]
            seen[i, first:end, first:end] = torch.tensor(goes_on)
            depths = torch.tensor([len(node) for node in line.nodes])
            positions[i, first:end] = first + depths - 1
        positions[i, end:] = 0  # padding, which nothing in front of it sees
    return {"attention_mask": attention(model, seen), "position_ids": positions}


def attention(model: LanguageModel, seen: torch.Tensor) -> torch.Tensor:
    """What each position sees, (lines, length, all), in the form the attention takes."""
    if model.network.config._attn_implementation == "sdpa":
        return seen[:, None]
    lowest = torch.finfo(model.network.dtype).min
    return torch.zeros_like(seen, dtype=model.network.dtype).masked_fill(~seen, lowest)[:, None]
