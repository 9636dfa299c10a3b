"""The labelled sets whose licence allows weights made from them: what is read, and how named."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from playground.errors import UserError
from playground.pretraining.mixture.names import word_list

# Only the parts for training are read, so that the others can measure.
FILES: Mapping[str, str] = {
    "banking77": "train", "clinc150": "train", "snips-cased": "train", "sms-spam": "all",
    "goemotions": "train", "poem-sentiment": "train", "query-wellformedness": "train",
}  # fmt: skip
# Never trained on: what a model made here does with intents of a set it has half seen.
HELD_OUT_INTENTS = frozenset(
    word_list(
        "card_arrival exchange_rate lost_or_stolen_card pin_blocked top_up_limits"
        " cancel_transfer request_refund terminate_account age_limit edit_personal_details"
        " declined_card_payment getting_spare_card"
    )
)
HELD_OUT_SHARE = 5  # of a set without parts, every fifth row
PEOPLE = ("Sam", "Alex", "Maria", "John", "Lee", "Anna", "Tom")  # where a set hides a name

Rows = Mapping[str, list[str]]  # label -> texts
Keep = Callable[[str], bool]


def read_sets(folder: Path, keep: Keep | None = None) -> dict[str, Rows]:
    """The texts of every labelled set by label; a set that is not there is left out.

    keep: whether a text may be trained on; see contamination.py.
    Raises UserError naming the file and line that is no labelled row.
    """
    sets: dict[str, Rows] = {}
    for name, part in FILES.items():
        path = folder / name / f"{part}.jsonl"
        if path.is_file():
            sets[name] = _by_label(path, keep)
    return sets


def labelled_rows(path: Path) -> Iterator[tuple[str, str]]:
    """(text, label) of the rows of a file that may be trained on; of several labels "one+other"."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                text, label = row["text"].strip(), "+".join(row.get("labels", [row["label"]]))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UserError(
                    f"{path}, line {number}: a row needs the texts text and label. Mend or drop it."
                ) from error
            if path.stem == "all" and number % HELD_OUT_SHARE == 0:
                continue
            held_out = path.parent.name == "banking77" and label in HELD_OUT_INTENTS
            if text and not held_out:
                yield text, label


def _by_label(path: Path, keep: Keep | None) -> Rows:
    by_label: dict[str, list[str]] = {}
    for text, label in labelled_rows(path):
        text = text.replace("[NAME]", PEOPLE[len(text) % len(PEOPLE)]).replace(
            "[RELIGION]", "Muslim"
        )
        if keep is None or keep(text):
            by_label.setdefault(label, []).append(" ".join(text.split()))
    return by_label


def spoken(label: str) -> str:
    """A label as words: `card_about_to_expire` and `BookRestaurant` become lower-case words."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label.rstrip("?"))
    return " ".join(apart.replace("_", " ").lower().split())
