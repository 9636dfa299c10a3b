"""What an arm said: three numbers per label and example, and the rules that pick a label."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RULES: dict[str, str] = {
    "restricted": "label-restricted: only the label words compete, token by token",
    "total": "sum: log-probability of the whole label word",
    "mean": "mean per token: the sum divided by the number of tokens",
    "pmi": "PMI: the sum minus what the word gets when the text is N/A",
}
DEFAULT_RULE = "restricted"


@dataclass(frozen=True)
class LabelScores:
    """How well each label word continues one prompt; every tuple is in label order, in nats.

    total:      sum of log p(token) over the word's tokens, over the whole vocabulary.
    length:     number of tokens of the word.
    restricted: the same sum where only tokens that continue some label word compete; exp of it
                sums to 1 over the labels.
    """

    total: tuple[float, ...]
    length: tuple[int, ...]
    restricted: tuple[float, ...]


def values(scores: LabelScores, rule: str, prior: LabelScores | None = None) -> tuple[float, ...]:
    """The score of each label under a rule of RULES, in nats.

    `prior`: the scores of the same prompt with the text replaced by "N/A"; only "pmi" needs it
    (Brown et al. 2020, arXiv:2005.14165, section 2.4). Raises ValueError without it.
    """
    if rule == "restricted":
        return scores.restricted
    if rule == "total":
        return scores.total
    if rule == "mean":
        return tuple(t / n for t, n in zip(scores.total, scores.length, strict=True))
    if rule == "pmi" and prior is not None:
        return tuple(t - p for t, p in zip(scores.total, prior.total, strict=True))
    raise ValueError(
        f"no scoring rule {rule!r} (with prior: {prior is not None}): use {list(RULES)}"
    )


def probabilities(numbers: Sequence[float]) -> tuple[float, ...]:
    """Softmax over the labels: the probability of each, summing to 1."""
    top = max(numbers)
    weights = [math.exp(number - top) for number in numbers]
    whole = sum(weights)
    return tuple(weight / whole for weight in weights)


@dataclass(frozen=True)
class ArmAnswers:
    """What one arm answered to the held-out examples, in their order, before any rule.

    kind: "prompt" (nothing trained), "run", or "baseline" (no language model).
    shots: demonstrations in the prompt. nearest: chosen for each example, not the same for all.
    seconds_per_example and tokens_per_example: the mean over the examples, prompt included.
    trainable: parameters trained for this task; bytes_per_task: what has to be stored for it.
    dropped: demonstrations that did not fit; cut: examples whose text was shortened.
    """

    name: str
    kind: str
    scores: tuple[LabelScores, ...]
    prior: LabelScores
    seconds_per_example: float
    tokens_per_example: float
    shots: int = 0
    run_id: str = ""
    method: str = ""
    trainable: int = 0
    bytes_per_task: int = 0
    dropped: int = 0
    cut: int = 0
    nearest: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; floats keep all their digits."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> "ArmAnswers":
        """The inverse of to_json. Raises TypeError or KeyError for anything else."""
        scores = tuple(_scores(one) for one in record["scores"])
        return ArmAnswers(**{**record, "scores": scores, "prior": _scores(record["prior"])})


def _scores(record: Mapping[str, Any]) -> LabelScores:
    return LabelScores(**{name: tuple(numbers) for name, numbers in record.items()})
