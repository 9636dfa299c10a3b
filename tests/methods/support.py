"""Which method can tune which architecture, as a table for README.

python -m tests.methods.support
"""

from playground.methods import cards
from tests.methods.cases import Case, refusals
from tests.tiny import ARCHITECTURES, tiny_model

BEGINS, ENDS = "<!-- support -->", "<!-- /support -->"
WORKS, REFUSED = "✓", "–"


def block() -> str:
    """The table with its two markers, then the reason of every refusal."""
    reasons = [f"- {line}" for line in _reasons()]
    said = ["", f"{REFUSED} is a refusal, which the page gives with its reason:", "", *reasons]
    return "\n".join([BEGINS, *_table(), *(said if reasons else []), ENDS])


def _table() -> list[str]:
    head = ["method", *ARCHITECTURES]
    rows = [[card.title, *(_mark(card.name, on) for on in ARCHITECTURES)] for card in _by_title()]
    ruler = ["---", *[":-:"] * len(ARCHITECTURES)]
    return [f"| {' | '.join(cells)} |" for cells in (head, ruler, *rows)]


def _mark(name: str, architecture: str) -> str:
    return REFUSED if Case(name, (), architecture) in refusals() else WORKS


def _reasons() -> list[str]:
    """One line for each method and reason, with the architectures it is given for."""
    found: dict[tuple[str, str], list[str]] = {}
    for card in _by_title():
        for architecture in ARCHITECTURES:
            reason = refusals().get(Case(card.name, (), architecture))
            if reason:
                said = reason.replace(tiny_model(architecture).id, "the model")
                found.setdefault((card.title, said), []).append(architecture)
    return [f"{title} on {', '.join(on)}: {_sentence(said)}" for (title, said), on in found.items()]


def _by_title() -> list[cards.MethodCard]:
    return sorted(cards.cards().values(), key=lambda card: card.title.casefold())


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:]


if __name__ == "__main__":
    print(block())
