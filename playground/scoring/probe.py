"""Whether a model that was just loaded answers rightly: each way of asking it is tried on a few
made-up texts against its own plain forward pass of one text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from playground.data.task import Task
from playground.errors import UserError
from playground.models.answer_words import AnswerWords
from playground.models.catalogue import FOLDERS
from playground.models.families import PromptParts
from playground.models.language_model import LanguageModel
from playground.models.prompts import PromptEncoder
from playground.scoring import trial
from playground.scoring.batching import asking
from playground.scoring.long_texts import probe_length
from playground.scoring.naive import whole_sequences
from playground.scoring.score import Way, best_way

SHORT, LONG = 9, 16  # tokens
CROWD = (4, 32)  # texts of a batch, against what lets them compete for room; few of a large model
CROWD_COST = 2e9  # multiplications
SHARED = 4  # tokens that the prompts of the trial of kept keys and values have in common
_ANY = Task("{text}", {"a": "a", "b": "b"}, "label")


def probed(model: LanguageModel) -> tuple[str, ...]:
    """Try the model. Returns what is to be said about it, one sentence each.

    Where only the quick way is wrong, the model is told to take the slow one, and where it reads
    shorter texts than its configuration promises, its max_length is put right; both are said.
    Raises UserError where its answers would be wrong.
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
        said = probe_length(model)
        return (*said, *_check_kept(model))


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
    """How much the answer at one place depends on the tokens behind it."""
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


def _check_kept(model: LanguageModel) -> tuple[str, ...]:
    """Whether the quick way agrees with whole sequences; the model is told where it does not."""
    encoder = PromptEncoder(model, _ANY, _words(model))
    prompts = _prompts(model)
    way = best_way(model.network, encoder, prompts)
    if way is whole_sequences:
        return ()
    whole = _numbers(whole_sequences, encoder, prompts)
    try:
        apart = trial.distance(_numbers(way, encoder, prompts), whole)
    except (IndexError, RuntimeError, ValueError, TypeError, AttributeError, KeyError):
        apart = float("inf")
    if apart <= trial.close(model, whole):
        return ()
    model.keeps = False
    return (
        f"{model.id} answers differently when what prompts share is read once, so every prompt is"
        " read whole: slower, and right.",
    )


def _words(model: LanguageModel) -> AnswerWords:
    """Three words of one to three tokens, two of which begin alike."""
    ids = (*dict.fromkeys((*trial.words(model), *range(8))),)
    return AnswerWords(("a", "b", "c"), ((ids[0], ids[1]), (ids[0], ids[2], ids[3]), (ids[4],)))


def _prompts(model: LanguageModel) -> Sequence[PromptParts]:
    shared = (*model.start_ids, *trial.words(model)[:SHARED])
    room = max(model.max_length - len(shared) - len(model.end_ids) - 3, 1)
    lengths = [min(length, room) for length in (2, SHORT)]
    return [trial.prompt(model, shared, length, n + 2) for n, length in enumerate(lengths)]


def _numbers(way: Way, encoder: PromptEncoder, prompts: Sequence[PromptParts]) -> torch.Tensor:
    """(prompts, labels) sums of log-probabilities."""
    found: dict[int, torch.Tensor] = {}
    for indices, (total, _) in way(encoder.model.network, encoder, prompts):
        found |= dict(zip(indices, total, strict=True))
    return torch.stack([found[index] for index in range(len(prompts))])
