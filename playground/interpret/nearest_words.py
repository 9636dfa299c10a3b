"""Which words of the vocabulary the vectors of a soft prompt lie nearest to."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from playground.cards import setting
from playground.errors import UserError
from playground.interpret.seen import Cell, Opened, Seen
from playground.methods.common.virtual_tokens import VirtualTokens, embedded
from playground.models.language_model import LanguageModel

CONTROL_SEED = 0
NAMED = 3  # of the nearest words, in the answer
SIMILARITY, NORM = "cosine", "norm ÷ mean word"


@dataclass(frozen=True)
class NearestWords:
    """The trained vectors stand where words stand, so each can be compared with the embedding of
    every word: the nearest by cosine similarity are shown (Lester et al. 2021, arXiv:2104.08691,
    section 7, found clusters of related words).

    A vector has a nearest word whatever it means, so the same is done with random vectors of the
    same length: only what is nearer than those says something. The norm is told beside it, since a
    vector far longer than any word's is no word, however it points.
    """

    title = "Which words is the soft prompt near to?"
    paper = "https://arxiv.org/abs/2104.08691"

    words: int = setting(5, "Words shown for each vector", low=1, high=20)

    def refuse(self, opened: Opened) -> str | None:
        if prompt_vectors(opened.network) is None:
            return (
                f"A run of {opened.method} has no vectors in the place of words. Choose a finished"
                " run of a soft prompt."
            )
        return None

    def look(self, opened: Opened) -> Seen:
        vectors = prompt_vectors(opened.network)
        if vectors is None:
            raise UserError(self.refuse(opened) or "")
        known, table = _vocabulary(opened.model)
        likeness, places = nearest(vectors, table, self.words)
        control, _ = nearest(_random_like(vectors), table, 1)
        lengths = vectors.norm(dim=1) / table.norm(dim=1).mean()
        rows: list[tuple[Cell, ...]] = []
        for number, (near, at, length) in enumerate(zip(likeness, places, lengths, strict=True)):
            words = opened.model.pieces([known[place] for place in at.tolist()])
            rows.append((number + 1, round(float(near[0]), 4), round(float(length), 4), *words))
        heads = [f"nearest word {rank}" for rank in range(1, likeness.shape[1] + 1)]
        answer = _answer(likeness[:, 0], control[:, 0], [str(row[3]) for row in rows])
        return Seen(answer, ("vector", SIMILARITY, NORM, *heads), tuple(rows))


def prompt_vectors(network: torch.nn.Module) -> torch.Tensor | None:
    """(vectors, width) that a network puts in front of its texts; None where it has none."""
    found = [module for module in network.modules() if isinstance(module, VirtualTokens)]
    return found[0].vectors().detach().float().cpu() if found else None


def nearest(
    vectors: torch.Tensor, table: torch.Tensor, count: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each of (vectors, width) the `count` rows of (words, width) with the highest cosine
    similarity, highest first: (vectors, count) of the similarities and of the rows' numbers. A row
    of zeros, which has no direction, is near to nothing."""
    count = min(count, len(table))
    similarity = torch.nn.functional.normalize(vectors) @ torch.nn.functional.normalize(table).T
    found = similarity.topk(count, dim=1)
    return found.values, found.indices


def _vocabulary(model: LanguageModel) -> tuple[list[int], torch.Tensor]:
    """The ids of all words but special tokens, and (words, width) as the network reads them; what
    its table was padded with is no word."""
    special = set(model.tokenizer.all_special_ids)
    table = model.network.get_input_embeddings().get_parameter("weight")
    rows = min(len(model.tokenizer), len(table))
    known = [token for token in range(rows) if token not in special]
    return known, embedded(model, known).float().cpu()


def _random_like(vectors: torch.Tensor) -> torch.Tensor:
    """As many directions, drawn with a seed of their own."""
    generator = torch.Generator().manual_seed(CONTROL_SEED)
    return torch.randn(vectors.shape, generator=generator)


def _answer(near: torch.Tensor, control: torch.Tensor, words: Sequence[str]) -> str:
    found, chance = float(near.mean()), float(control.mean())
    above = int((near > control.max()).sum())
    order = near.argsort(descending=True).tolist()
    named = ", ".join(repr(word) for word in list(dict.fromkeys(words[at] for at in order))[:NAMED])
    said = (
        f"The nearest words lie at a cosine similarity of {found:.2f} in the mean over"
        f" {len(near)} vectors; random directions come to {chance:.2f}."
    )
    if not above:
        return f"{said} None is nearer to a word than those: the vectors are not words."
    return f"{said} {above} of them are nearer than any of those; the nearest: {named}."


VIEW = NearestWords
