"""What the list of methods says."""

from playground.methods.cards import MethodCard
from playground.methods.common.rates import Swept
from playground.ui.words.train import short_count

METHODS = "Methods"
COUNTING = "counting …"
TIERS = ("Also usual", "Less common, through peft")
PAPER = "The paper"
RESET = "Back to the defaults"
RATES = (
    "What the learning rate does: accuracy on three public sets (64 labels per class, the bundled"
    " model, 240 further rows of the training part). One rate for all methods would make some look"
    " broken."
)
NOT_SWEPT = "Learning rate not swept: no other one was tried on the bundled model."
DEFAULT_RATE = "default"
SHARED_RATE = "the same for all"


def settings_of(title: str) -> str:
    return f"{title}: what it does, settings"


def rate_source(card: MethodCard, swept: Swept) -> str:
    """Where a method's default learning rate, steps and schedule come from."""
    if not swept.rates:
        return NOT_SWEPT
    rate = float(card.setting("learning_rate").default)
    tried = {at: seeds for points in swept.rates.values() for at, _, seeds in points}
    most = max(tried.values())
    whole = [at for at in sorted(tried) if tried[at] == most]
    compared = ", ".join(f"{_rate(at)} {swept.accuracy(at):.1%}" for at in sorted(tried))
    other = [
        f"{way.steps} steps{' on a constant schedule' * way.constant} {way.accuracy:.1%}"
        f"{' (one seed)' * (way.seeds == 1)}"
        for way in swept.others
    ]
    return (
        f"Mean of the sets at each rate: {compared} ({' and '.join(map(_rate, whole))} with"
        f" {most} seeds, the others with one). The default is {_rate(rate)}, with"
        f" {card.setting('steps').default} steps"
        f"{'; at that rate ' * bool(other)}{', '.join(other)}.{_falling(card)}"
    )


def _falling(card: MethodCard) -> str:
    if card.paper_rate is None:
        return ""
    rate, size = card.paper_rate
    return (
        f" On a larger model the default falls: from {short_count(size)} parameters on it is"
        f" {_rate(rate)}, the paper's."
    )


def _rate(rate: float) -> str:
    """As people write it: 0.002, 1e-5."""
    return f"{rate:g}".replace("e-0", "e-")


def more_methods(count: int) -> str:
    return f"{count} more methods"
