"""Whether a model that was just loaded answers rightly: each way of asking it is tried on a few
made-up texts against its own plain forward pass of one text."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from playground.errors import UserError
from playground.models.catalogue import FOLDERS
from playground.models.language_model import LanguageModel
from playground.scoring import trial
from playground.scoring.batching import asking
from playground.scoring.long_texts import probe_length

SHORT, LONG = 9, 16  # tokens
CROWD = (4, 32)  # texts of a batch, against what lets them compete for room; few of a large model
CROWD_COST = 2e9  # multiplications


def probed(model: LanguageModel) -> tuple[str, ...]:
    """Try the model. Returns what is to be said about it, one sentence each.

    Where it reads shorter texts than its configuration promises, its max_length is put right.
    Whether it may be asked in a quick way is tried when it is, see `shortcuts`. Raises UserError
    where its answers would be wrong.
    """
    if model.id in FOLDERS:
        return ()  # the tests have tried those that ship
    with asking(model.network, model.device):
        try:
            _check_answers(model)
        except (IndexError, RuntimeError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise UserError(
                f"{model.id} cannot be asked: a short text ends in an error inside the model"
                f" ({type(error).__name__}). {OTHER}"
            ) from error
        return probe_length(model)


OTHER = "Pick another model."


@dataclass(frozen=True)
class Check:
    """One way of asking that must not change the answer to a text. why: the sentence's middle."""

    why: str
    ask: Callable[[LanguageModel], torch.Tensor]


def _crowd(model: LanguageModel) -> torch.Tensor:
    least, most = CROWD
    count = min(most, max(least, int(CROWD_COST / (2 * model.parameters * LONG))))
    others = [trial.text(model, SHORT + n % 5, n) for n in range(1, count)]
    return trial.together(model, [trial.text(model, SHORT), *others])


def _padded(model: LanguageModel) -> torch.Tensor:
    return trial.together(model, [trial.text(model, SHORT), trial.text(model, LONG, 3)])


CHECKS = (
    Check(
        "answers the same text differently each time it is asked",
        lambda model: trial.plainly(model, trial.text(model, SHORT)),
    ),
    Check(
        "answers differently when only the end of its output is computed",
        lambda model: trial.together(model, [trial.text(model, SHORT)]),
    ),
    Check("answers a text differently next to a longer one: padding shows", _padded),
    Check("answers a text differently in company: the texts of a batch get mixed", _crowd),
)


def _check_answers(model: LanguageModel) -> None:
    alone = trial.plainly(model, trial.text(model, SHORT))
    if not torch.isfinite(alone.logsumexp(-1)).all():
        raise UserError(
            f"{model.id} answers with what is no number: its weights are damaged, or too large for"
            f" the format they are in. Download them anew, or pick another model."
        )
    for check in CHECKS:
        _refuse(model, check.why, trial.distance(alone, check.ask(model)), alone)
    if model.family.name == "causal":
        _refuse(model, "answers with a view of what comes after", _ahead(model), alone)


def _ahead(model: LanguageModel) -> float:
    """How much the answer at one place depends on the tokens after it."""
    one = trial.text(model, LONG)
    turned = (*one.ids[:SHORT], *one.ids[: SHORT - 1 : -1])
    rows = (SHORT - 1,)
    place = type(one)
    return trial.distance(
        trial.plainly(model, place(one.ids, rows)), trial.plainly(model, place(turned, rows))
    )


def _refuse(model: LanguageModel, why: str, apart: float, alone: torch.Tensor) -> None:
    if apart > trial.close(model, alone):
        raise UserError(
            f"{model.id} {why} (by up to {apart:.2g} nats), so its scores would be wrong. {OTHER}"
        )
