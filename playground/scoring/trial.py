"""What a probe asks a network: made-up texts of any length, and how far two answers are apart."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import torch

from playground.models.answer_logits import answer_logits, plain_network, take_rows
from playground.models.families import Encoded, PromptParts, collate
from playground.models.language_model import LanguageModel
from playground.tasks.classification import Prompt

TEXT = (
    "The film was good, and nobody slept; the second half (in the rain) is what people talk about"
    " when they ask how much a ticket costs, or why the old house burnt down in 1987."
)
SLOTS = 2  # answer tokens of a made-up text
# How far two answers may be apart, in nats for each nat of the largest logit: rounding differs
# with the shapes that are computed. What is really wrong is a hundred times further off.
CLOSE = {torch.float32: 2e-5, torch.float64: 2e-5}
CLOSE_HALF, CLOSE_ON_GPU = 2e-2, 1e-3


class Enough(Exception):
    """A forward pass has come as far as it is to go."""


def text(model: LanguageModel, length: int, first: int = 0) -> Encoded:
    """A sequence of so many tokens, as scoring would have it; `first`: where its words begin."""
    around = len(model.start_ids) + len(model.end_ids) + model.family.reserve(SLOTS)
    parts = prompt(model, model.start_ids, max(length - around, 1), first)
    return model.family.encode(model, parts, words(model, first)[:SLOTS], SLOTS)


def prompt(
    model: LanguageModel, shared: tuple[int, ...], length: int, first: int = 0
) -> PromptParts:
    """So many tokens after the shared ones."""
    own = words(model, first)
    query = (own * (length // len(own) + 1))[:length]
    return PromptParts(shared, query, model.end_ids, Prompt(""))


def words(model: LanguageModel, first: int = 0) -> tuple[int, ...]:
    """Tokens of a text, from any place in it on."""
    ids = model.tokens(TEXT) or (model.pad_id,)
    first %= len(ids)
    return ids[first:] + ids[:first]


def plainly(model: LanguageModel, encoded: Encoded) -> torch.Tensor:
    """The log-probabilities (slots, vocab) of one text, by the network's own plain forward."""
    batch = collate([encoded], model.pad_id).to(model.device)
    logits = plain_network(model.network)(**batch.inputs()).logits
    return take_rows(logits, batch.rows)[0].float().log_softmax(-1)


def together(model: LanguageModel, texts: Sequence[Encoded]) -> torch.Tensor:
    """The same of the first of several texts, the way scoring asks."""
    batch = collate(texts, model.pad_id).to(model.device)
    return answer_logits(model.network, batch)[0].float().log_softmax(-1)


def states_after_the_first_block(model: LanguageModel, texts: Sequence[Encoded]) -> torch.Tensor:
    """The hidden states of the first of several texts, (length, width), as its second block gets
    them; what the plain network gives where there are no blocks one after the other."""
    batch, caught = collate(texts, model.pad_id).to(model.device), []

    def stop(
        module: torch.nn.Module, inputs: tuple[Any, ...], named: dict[str, torch.Tensor]
    ) -> None:
        caught.append(inputs[0] if inputs else named["hidden_states"])
        raise Enough

    with _hooked(_second_block(model), stop), suppress(Enough):
        caught.append(model.network(**batch.inputs()).logits)
    return caught[0][0, : len(texts[0].ids)].float()


def distance(one: torch.Tensor, other: torch.Tensor) -> float:
    """The largest difference, in nats; infinite where a number is none."""
    apart = (one - other).abs().max().item()
    return apart if apart == apart else float("inf")


def close(model: LanguageModel, one: torch.Tensor) -> float:
    """How far another answer may be from this one."""
    share = CLOSE.get(model.dtype, CLOSE_HALF)
    if model.device.type != "cpu":
        share = max(share, CLOSE_ON_GPU)
    return share * max(1.0, min(one.abs().max().item(), 1e3))


def _second_block(model: LanguageModel) -> torch.nn.Module | None:
    seq2seq = model.family.name == "seq2seq"
    reads = model.network.get_encoder() if seq2seq else model.network
    lists = [m for m in reads.modules() if isinstance(m, torch.nn.ModuleList) and len(m) > 1]
    size = [sum(weight.numel() for weight in one.parameters()) for one in lists]
    return lists[size.index(max(size))][1] if lists else None


@contextmanager
def _hooked(module: torch.nn.Module | None, hook: Callable[..., None]) -> Iterator[None]:
    handle = module and module.register_forward_pre_hook(hook, with_kwargs=True)
    try:
        yield
    finally:
        if handle:
            handle.remove()
