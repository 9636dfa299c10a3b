"""Label words as token paths, and the scores of a path from the logits at the answer's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch

from playground.errors import UserError
from playground.models.chat import Chat
from playground.models.language_model import LanguageModel
from playground.models.word_pieces import WordPieces, within_text
from playground.tasks.classification import ABSENT, Task


@dataclass(frozen=True)
class AnswerWords:
    """The token ids of each label's word at the template's end, as the leaves of a trie.

    No path is a prefix of another one: `answer_words` closes them all where one would be.

    lead:   the prompt's last characters where the pieces of the words begin with them, as of "("
            and "positive" in "(pos", "itive"; the prompt is read without.
    within: the pieces each word has inside a text, which demonstrations hold.
    """

    labels: tuple[str, ...]
    ids: tuple[tuple[int, ...], ...]
    lead: str = ""
    within: tuple[tuple[int, ...], ...] = ()

    @property
    def slots(self) -> int:
        """Tokens of the longest word."""
        return max(len(path) for path in self.ids)

    def path(self, label: str) -> tuple[int, ...]:
        return self.ids[self.labels.index(label)]

    def siblings(self, path: Sequence[int]) -> tuple[int, ...]:
        """The token ids that go on towards some label word after `path`, in ascending order."""
        depth, path = len(path), tuple(path)
        on_it = [ids for ids in self.ids if len(ids) > depth and ids[:depth] == path]
        return tuple(sorted({ids[depth] for ids in on_it}))

    @cached_property
    def stems(self) -> dict[tuple[int, ...], list[int]]:
        """The label indices by all tokens of their word but the last."""
        groups: dict[tuple[int, ...], list[int]] = {}
        for index, path in enumerate(self.ids):
            groups.setdefault(path[:-1], []).append(index)
        return groups

    @cached_property
    def nodes(self) -> tuple[tuple[int, ...], ...]:
        """Every path that some word goes on from, but the empty one; parents come first."""
        return tuple(sorted({path[:j] for path in self.ids for j in range(1, len(path))}))

    @cached_property
    def leaf_paths(self) -> tuple[tuple[int, ...], ...]:
        """The nodes that no other one goes on from: the paths to them hold every node."""
        return tuple(
            a for a in self.nodes if not any(a != b and b[: len(a)] == a for b in self.nodes)
        )

    @cached_property
    def positions(self) -> torch.Tensor:
        """(labels, slots): 0 where a token follows the prompt, 1 + i where it follows nodes[i]."""
        at = {(): 0, **{node: i for i, node in enumerate(self.nodes, start=1)}}
        rows = [[at[path[:j]] for j in range(len(path))] for path in self.ids]
        with torch.inference_mode(False):
            return torch.tensor([[*row, *[0] * (self.slots - len(row))] for row in rows])

    @cached_property
    def tables(self) -> "PathTables":
        """The trie as tensors, built once: also for training when scoring comes first."""
        with torch.inference_mode(False):
            return self._tables()

    def _tables(self) -> "PathTables":
        competing = [[self.siblings(p[:j]) for j in range(len(p))] for p in self.ids]
        width = max(len(tokens) for path in competing for tokens in path)
        shape = (len(self.ids), self.slots)
        ids, inside = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.bool)
        siblings = torch.zeros((*shape, width), dtype=torch.long)
        competes = torch.zeros((*shape, width), dtype=torch.bool)
        competes[..., 0] = True  # outside a path: one token, so that no row is empty
        for label, path in enumerate(self.ids):
            ids[label, : len(path)], inside[label, : len(path)] = torch.tensor(path), True
            for slot, tokens in enumerate(competing[label]):
                siblings[label, slot, : len(tokens)] = torch.tensor(tokens)
                competes[label, slot, : len(tokens)] = True
        return PathTables(ids, inside, siblings, competes)


@dataclass(frozen=True)
class PathTables:
    """ids, inside: (labels, slots); siblings, competes: (labels, slots, most siblings)."""

    ids: torch.Tensor
    inside: torch.Tensor  # whether the label's word reaches this slot
    siblings: torch.Tensor
    competes: torch.Tensor  # which entries of siblings are real


def path_scores(
    logits: torch.Tensor,
    answers: torch.Tensor,
    words: AnswerWords,
    positions: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probability of answers, over the whole vocabulary and among the label words alone.

    logits:    (batch, rows, vocab).
    answers:   (batch, asked) indices into words.labels.
    positions: (asked, slots), the row of logits that predicts each token of each answer; by
               default row j predicts token j of them all, as when every answer is read from one
               sequence.
    Returns (total, restricted), each (batch, asked), in nats. `restricted` sums, token by token,
    a softmax over the trie's siblings, so it is normalised over the labels; with one-token words
    it is the label-restricted softmax of PET (Schick & Schuetze 2021, arXiv:2001.07676). Training
    minimises the negative of the same number that scoring reports.
    """
    tables, device = words.tables, logits.device
    slots = words.slots if positions is not None else min(words.slots, logits.shape[1])
    position = torch.arange(slots)[None] if positions is None else positions
    logits, chosen, position = logits.float(), answers.to(device), position.to(device)
    ids, inside = tables.ids.to(device)[chosen, :slots], tables.inside.to(device)[chosen, :slots]
    siblings = tables.siblings.to(device)[chosen, :slots]
    competes = tables.competes.to(device)[chosen, :slots]
    row = torch.arange(len(logits), device=device)[:, None, None]
    gold = logits[row, position, ids]  # (batch, asked, slots)
    rivals = logits[row[..., None], position[..., None], siblings].masked_fill(
        ~competes, -torch.inf
    )
    everything = logits.logsumexp(-1)[row, position]
    total = (gold - everything).masked_fill(~inside, 0.0).sum(-1)
    restricted = (gold - rivals.logsumexp(-1)).masked_fill(~inside, 0.0).sum(-1)
    return total, restricted


def absent_row(task: Task) -> dict[str, str]:
    """A row whose texts say nothing."""
    return dict.fromkeys(task.text_columns, ABSENT)


def answer_words(model: LanguageModel, task: Task) -> AnswerWords:
    """The ids each label word adds at the end of this task's template.

    Raises UserError when two words cannot be told apart or one has no token in this model.
    """
    chat = task.chat and Chat.of(model, task)
    inside = WordPieces(chat.words) if chat else within_text(model, task)
    paths = [
        model.family.word(model, word, pieces)
        for word, pieces in zip(task.words, inside.pieces, strict=True)
    ]
    _refuse_the_same(model, task, paths)
    if any(_begins(a, b) for a in paths for b in paths if a is not b):
        closing = chat.end_id if chat else model.family.closing_id(model)
        paths = [(*path, closing) for path in paths]
    return AnswerWords(tuple(task.labels), tuple(paths), inside.lead, inside.pieces)


def _begins(short: tuple[int, ...], long: tuple[int, ...]) -> bool:
    return long[: len(short)] == short


def _refuse_the_same(model: LanguageModel, task: Task, paths: list[tuple[int, ...]]) -> None:
    first: dict[tuple[int, ...], str] = {}
    for word, path in zip(task.words, paths, strict=True):
        if not path:
            raise UserError(
                f"The label word {word!r} has no token in {model.id}. Choose another word for it."
            )
        if path in first:
            raise UserError(
                f"{model.id} reads the label words {first[path]!r} and {word!r} as the same"
                " tokens. Choose words that differ in more than case or spelling marks."
            )
        first[path] = word
