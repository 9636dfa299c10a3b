"""How long a text a model really reads: tried, as a configuration may promise more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from playground.errors import UserError
from playground.models.families import Encoded
from playground.models.language_model import LanguageModel
from playground.scoring import trial

FEW, MORE = 7, 11  # tokens of two texts, whose positions are compared
LEAST = 32  # tokens; a model that reads less can hardly be asked anything
# Multiplications that a whole forward pass of a long text may take; of a larger model one block is
# run, where positions are looked up and texts could get mixed as well.
CHEAP = 2e9
Ask = Callable[[LanguageModel, list[Encoded]], torch.Tensor]
ERRORS = (IndexError, RuntimeError, ValueError, TypeError, AttributeError, KeyError, AssertionError)


def probe_length(model: LanguageModel, cheap: float = CHEAP) -> tuple[str, ...]:
    """Put the model's max_length right; returns what is to be said when it was not.

    Raises UserError where no text of a useful length can be read, or where a long text is answered
    differently next to a longer one.
    """
    promised = model.max_length
    known = min(_positions(model), promised)
    model.max_length = known if _reads(model, known, cheap) else _longest(model, known, cheap)
    if model.max_length < LEAST:
        raise UserError(
            f"{model.id} reads no text of {LEAST} tokens: its configuration and its weights do not"
            " belong together. Pick another model."
        )
    _check_padding(model, cheap)
    if model.max_length == promised:
        return ()
    return (
        f"{model.id} reads {model.max_length:,} tokens, not the {promised:,} its configuration and"
        " tokenizer promise: longer texts are cut there.",
    )


def _positions(model: LanguageModel) -> int:
    """Tokens that the network has positions for, by what it looks up for two short texts of one
    word: a table in which a longer text looks further down is a table of positions."""
    few, more = _looked_up(model, FEW), _looked_up(model, MORE)
    limits = [
        rows - (last - (MORE - 1))
        for (rows, first), (_, last) in zip(few, more, strict=False)
        if last - first == MORE - FEW and len(few) == len(more)
    ]
    return min(limits, default=model.max_length)


def _looked_up(model: LanguageModel, length: int) -> list[tuple[int, int]]:
    """For every table in the order used: its rows, and the largest row that was looked up."""
    encoded = trial.text(model, length)
    same = (trial.words(model)[0],) * length
    seen: list[tuple[int, int]] = []
    with _watching(seen):
        trial.together(model, [type(encoded)(same, encoded.rows, encoded.decoder)])
    return seen


class _Lookups(TorchFunctionMode):
    def __init__(self, seen: list[tuple[int, int]]) -> None:
        super().__init__()
        self.seen = seen

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        if function is torch.nn.functional.embedding and args[0].numel():
            self.seen.append((args[1].shape[0], int(args[0].max())))
        return function(*args, **(kwargs or {}))


@contextmanager
def _watching(seen: list[tuple[int, int]]) -> Iterator[None]:
    with _Lookups(seen):
        yield


def _asked(model: LanguageModel, length: int, cheap: float) -> Ask:
    """How texts of so many tokens together are asked: for the answers to the first of them, or
    for its states after one block where that is dear."""
    if length * 2 * model.parameters <= cheap:
        return trial.together
    return trial.states_after_the_first_block


def _reads(model: LanguageModel, length: int, cheap: float) -> bool:
    ask = _asked(model, length, cheap)
    try:
        return bool(torch.isfinite(ask(model, [trial.text(model, length)])).any())
    except ERRORS:
        return False


def _longest(model: LanguageModel, fails: int, cheap: float) -> int:
    """The most tokens that can be read, given a number that cannot; 0 where none can."""
    reads = 0
    while fails - reads > 1:
        middle = (reads + fails) // 2
        reads, fails = (middle, fails) if _reads(model, middle, cheap) else (reads, middle)
    return reads


def _check_padding(model: LanguageModel, cheap: float) -> None:
    """A long text alone, and next to the longest."""
    one = trial.text(model, max(model.max_length * 5 // 8, 1))
    longest = trial.text(model, model.max_length, 5)
    ask = _asked(model, len(one.ids) + len(longest.ids), cheap)
    alone = ask(model, [one])
    apart = trial.distance(alone, ask(model, [one, longest]))
    if apart > trial.close(model, alone):
        raise UserError(
            f"{model.id} answers a long text differently next to a longer one (by up to {apart:.2g}"
            " nats): padding shows, so its scores would be wrong. Pick another model."
        )
