"""Four small data sets written by hand for this project (CC0)."""

from dataclasses import dataclass, replace
from pathlib import Path

from playground.data.parsing import parse_file
from playground.data.table import Table
from playground.errors import UserError

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Sample:
    """sister: another sample of the same task from elsewhere, to see whether what was learnt
    carries over; "" where there is none."""

    name: str
    title: str
    file: str
    about: str
    sister: str = ""


SAMPLES: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample(
            "support-tickets",
            "Support tickets",
            "support-tickets.csv",
            "Messages to a help desk: which of six kinds of request is it?",
        ),
        Sample(
            "film-reviews",
            "Film reviews",
            "film-reviews.csv",
            "What people say about films: did they like it? Some mean the opposite of what they"
            " say.",
            sister="shop-reviews",
        ),
        Sample(
            "shop-reviews",
            "Shop reviews",
            "shop-reviews.csv",
            "The same question about things bought in shops: does what was learnt on films carry"
            " over?",
            sister="film-reviews",
        ),
        Sample(
            "does-it-follow",
            "Does it follow?",
            "does-it-follow.csv",
            "Two sentences: if the first is true, must the second be true as well?",
        ),
    )
}


def read_sample(name: str) -> Table:
    """Raises UserError if there is no such sample."""
    sample = SAMPLES.get(name)
    if sample is None:
        raise UserError(f"There is no sample “{name[:60]}”. Choose one of: {', '.join(SAMPLES)}.")
    return replace(parse_file(_FOLDER / sample.file), name=sample.title)
