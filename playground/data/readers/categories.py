"""Records with a number for each category, as spaCy has them, and places marked inside texts."""

from playground.data.names import LABEL_NAMES, key, words
from playground.data.problem import Problem, counted, shown
from playground.data.readers.nested import Record, record_in
from playground.data.readers.record_list import RecordList

_NAME = "cats"
_LIKELY = 0.5  # from which on a category is one of the record's
_MARKED = LABEL_NAMES | words("entities spans ner annotations")


def with_categories(found: RecordList) -> RecordList:
    """{"text": …, "cats": {"pos": 1.0, "neg": 0.0}} with the label that has most; a category alone
    is a column of its own. Marked places are no labels: they are told."""
    numbers = [_numbers(record.get(_NAME)) for record in found.records]
    if numbers and all(numbers):
        found = _chosen(found, numbers)
    for name in dict.fromkeys(n for record in found.records for n in record if key(n) in _MARKED):
        found = _without_places(found, name)
    return found


def _numbers(value: object) -> dict[str, float]:
    """The numbers by category, {} where something else stands among them."""
    inside = record_in(value)
    numbers = {name: n for name, n in inside.items() if isinstance(n, int | float)}
    return numbers if len(numbers) == len(inside) else {}


def _chosen(found: RecordList, numbers: list[dict[str, float]]) -> RecordList:
    names = list(dict.fromkeys(name for one in numbers for name in one))
    records = [
        {**{k: v for k, v in record.items() if k != _NAME}, **_label(one, names)}
        for record, one in zip(found.records, numbers, strict=True)
    ]
    return found.changed(records, [])


def _label(numbers: dict[str, float], names: list[str]) -> Record:
    if len(names) == 1:
        return {names[0]: int(numbers[names[0]] > _LIKELY)}
    chosen = [name for name, number in numbers.items() if number > _LIKELY]
    return {"label": chosen[0] if len(chosen) == 1 else chosen or None}


def _without_places(found: RecordList, name: str) -> RecordList:
    """The records without a column of marked places, [[0, 3, "PER"]] or objects with a start."""
    places = [record.get(name) for record in found.records]
    filled = [place for place in places if place]
    if not filled or not all(isinstance(p, list) and all(map(_is_place, p)) for p in filled):
        return found
    records = [{k: v for k, v in record.items() if k != name} for record in found.records]
    note = Problem(
        "marked spans",
        f"{counted(len(filled), 'record')} mark places inside the text ({shown(name)}), which is"
        " no label of the text; they are left out.",
        "Export choices (classification), or bring a column with one label a text.",
        "warning",
        column=None,
        count=len(filled),
    )
    return found.changed(records, [note])


def _is_place(value: object) -> bool:
    if isinstance(value, dict):
        return any(isinstance(value.get(n), int) for n in ("start", "start_offset", "offset"))
    return (
        isinstance(value, list)
        and len(value) == 3
        and all(isinstance(number, int) for number in value[:2])
        and isinstance(value[2], str)
    )
