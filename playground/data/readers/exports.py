"""Exports of other annotation tools: where each keeps the text and the label that was chosen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from playground.data.problem import Problem, counted
from playground.data.readers.nested import list_in
from playground.data.readers.record_list import RecordList

Record = Mapping[str, object]
Path = Sequence[str]  # names inside objects; "*": all values of an object, or items of a list


@dataclass(frozen=True)
class Export:
    """The tool, and the paths of its text and of what was chosen; left: names that say no more."""

    tool: str
    text: Path
    labels: Sequence[Path]


_EXPORTS = (
    Export(
        "Labelbox",
        ("data_row", "row_data"),
        [
            ("projects", "*", "labels", "*", "annotations", "classifications", "*", answer, *more)
            for answer, more in (("radio_answer", ("name",)), ("checklist_answers", ("*", "name")))
        ],
    ),
    Export(
        "Labelbox",
        ("Labeled Data",),
        [
            ("Label", "classifications", "*", "answer", "title"),
            ("Label", "classifications", "*", "answer"),
            ("Label", "classifications", "*", "answers", "*", "title"),
        ],
    ),
    Export("Kili", ("content",), [("labels", "*", "jsonResponse", "*", "categories", "*", "name")]),
    Export("LightTag", ("content",), [("classifications", "*", "classname")]),
    Export("Potato", ("displayed_text",), [("label_annotations", "*", "#")]),
    Export("spaCy", ("paragraphs", "*", "raw"), [("paragraphs", "*", "cats", "+")]),
)


def without_wrapping(found: RecordList) -> RecordList:
    """The records of a known export as a text and a label each; others as they are."""
    for export in _EXPORTS:
        texts = [next(_at(record, export.text), None) for record in found.records]
        if not all(isinstance(text, str) for text in texts):
            continue
        for path in export.labels:
            labels = [_labels(record, path) for record in found.records]
            if any(labels):
                return _converted(found, export.tool, list(zip(texts, labels, strict=True)))
    return found


def _labels(record: Record, path: Path) -> list[str]:
    chosen = (value for value in _at(record, path) if isinstance(value, str | int | bool))
    return list(dict.fromkeys(map(str, chosen)))


def _at(value: object, path: Path) -> Iterator[object]:
    """What stands at the path. "#": the names in an object; "+": the labels of a list of objects
    {"label": …, "value": 1} that have more than half."""
    if not path:
        yield value
        return
    name, rest = path[0], path[1:]
    if name == "*":
        for item in list(value.values()) if isinstance(value, dict) else list_in(value):
            yield from _at(item, rest)
    elif name == "#" and isinstance(value, dict):
        yield from value
    elif name == "+" and isinstance(value, list):
        for item in value:
            if isinstance(item, dict) and _is_on(item.get("value")):
                yield item.get("label")
    elif isinstance(value, dict) and name in value:
        yield from _at(value[name], rest)


def _is_on(value: object) -> bool:
    return isinstance(value, int | float) and value > 0.5


def _converted(
    found: RecordList, tool: str, pairs: Sequence[tuple[object, list[str]]]
) -> RecordList:
    records = [
        {"text": text, "label": labels[0] if len(labels) == 1 else labels or None}
        for text, labels in pairs
    ]
    message = f"{counted(len(records), 'record')} of {tool}: what was chosen for each is its label."
    note = Problem(
        "annotations", message, "Nothing to do.", "note", column="label", count=len(records)
    )
    return found.changed(records, [note])
