"""A method's learning rate: its default, and the sweep on the bundled model where there is one."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playground.cards import Value
from playground.methods.cards import MethodCard, cards, checked

SWEPT = Path(__file__).parents[1] / "swept.json"
SWEPT_ON = 7_000_000  # parameters: the bundled models have a little less


@dataclass(frozen=True)
class OtherWay:
    """Another way to train at the best rate. constant: whether the schedule was constant.
    accuracy: the mean over sets and seeds."""

    steps: int
    constant: bool
    accuracy: float
    seeds: int


@dataclass(frozen=True)
class Swept:
    """Accuracy on held-out rows of the training part. rates: by public set, (rate, mean accuracy,
    seeds) in the order of the rates."""

    rates: dict[str, list[tuple[float, float, int]]]
    others: list[OtherWay]

    def accuracy(self, rate: float) -> float:
        """The mean over the sets."""
        found = [mean for points in self.rates.values() for at, mean, _ in points if at == rate]
        return sum(found) / len(found)


def swept(name: str) -> Swept:
    """What tests/benchmarks/sweep_defaults.py found for a method; empty where it was not swept."""
    return _swept().get(name, Swept({}, []))


def default_rate(card: MethodCard, parameters: int) -> float:
    """The rate for a model of so many parameters: the swept one on those that are no larger than
    the bundled model, the paper's on those that are as large as the paper's, and on a straight
    line between the two, both on logarithmic scales; two digits.
    """
    swept_rate = float(card.setting("learning_rate").default)
    if card.paper_rate is None:
        return swept_rate
    rate, size = card.paper_rate
    share = math.log(parameters / SWEPT_ON) / math.log(size / SWEPT_ON)
    between = swept_rate * (rate / swept_rate) ** min(1.0, max(0.0, share))
    return float(f"{between:.2g}")


def settled(name: str, settings: Mapping[str, Value], parameters: int) -> dict[str, Value]:
    """Every setting of a method on a model of so many parameters, as `cards.checked` gives them."""
    chosen = checked(name, settings)
    if "learning_rate" in settings:
        return chosen
    return {**chosen, "learning_rate": default_rate(cards()[name], parameters)}


@cache
def _swept() -> dict[str, Swept]:
    found = json.loads(SWEPT.read_text(encoding="utf-8"))
    return {
        name: Swept(
            {
                dataset: [tuple(point) for point in points]
                for dataset, points in one["rates"].items()
            },
            [OtherWay(**way) for way in one["others"]],
        )
        for name, one in found.items()
    }
