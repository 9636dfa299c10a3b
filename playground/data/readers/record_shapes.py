"""What programs wrap records in, taken off: annotation tools, intent files, nested objects."""

from collections.abc import Iterator

from playground import limits
from playground.data.grid import check_width
from playground.data.names import LABEL_NAMES, key, words
from playground.data.problem import Problem, counted, listed, shown
from playground.data.readers.annotations import without_annotations
from playground.data.readers.answered import without_answers
from playground.data.readers.categories import with_categories
from playground.data.readers.chat import without_turns
from playground.data.readers.exports import without_wrapping
from playground.data.readers.nested import Record, list_in, record_in
from playground.data.readers.record_list import RecordList
from playground.data.readers.record_names import with_one_spelling

_PHRASES = words(
    "patterns examples texts sentences utterances phrases queries questions samples inputs"
    " training_phrases trainingphrases"
)
_TAGS = LABEL_NAMES | words("displayname name title id")
_NESTED = 20  # names inside nested objects that still become columns
_DEPTH = 3


def plain(found: RecordList) -> RecordList:
    """The records as rows of a table, whatever they were wrapped in."""
    check_width(len(list(_names(found))))
    for step in (
        *(
            with_one_spelling,
            _unwrapped,
            without_wrapping,
            without_annotations,
            without_answers,
            without_turns,
        ),
        *(with_categories, _from_pieces, _one_a_phrase, _without_nesting),
    ):
        if found.records:
            found = step(found)
    return found


def _unwrapped(found: RecordList) -> RecordList:
    """[{"row_idx": 0, "row": {…}}], as the Hub's server of rows answers."""
    if any(isinstance(record.get("responses"), dict | list) for record in found.records):
        return found  # the labels stand beside the fields
    for name in ("row", "_source", "fields"):
        inner = [record_in(record.get(name)) for record in found.records]
        if all(inner):
            return found.changed(inner, [])
    return found


def _one_a_phrase(found: RecordList) -> RecordList:
    """{"tag": "refund", "patterns": ["…", "…"]}: a row for every phrase."""
    name = _column_of_phrases(found)
    if not name:
        return found
    tags = [n for n in found.records[0] if n != name and key(n) in _TAGS]
    tag = next((n for n in tags if key(n) == "displayname"), tags[0])
    records, lines = [], []
    for record, line in zip(found.records, found.lines, strict=True):
        for phrase in list_in(record.get(name)):
            records.append({"text": _phrase(phrase), tag: record.get(tag)})
            lines.append(line)
        if len(records) > limits.ROWS:
            break
    message = f"{shown(name)} holds several texts; each is a row with its {shown(tag)}."
    note = Problem("several texts", message, "Nothing to do.", "note", column="text")
    return found.changed(records, [note], lines)


def _column_of_phrases(found: RecordList) -> str:
    for name in found.records[0]:
        lists = [record.get(name) for record in found.records]
        if key(name) not in _PHRASES or not all(isinstance(x, list | type(None)) for x in lists):
            continue
        phrases = [phrase for x in lists for phrase in list_in(x)]
        tagged = any(n != name and key(n) in _TAGS for n in found.records[0])
        if phrases and tagged and all(_phrase(phrase) for phrase in phrases):
            return name
    return ""


def _phrase(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("text", value.get("parts", value.get("data")))
    if isinstance(value, list):
        pieces = [piece.get("text") for piece in value if isinstance(piece, dict)]
        value = "".join(piece for piece in pieces if isinstance(piece, str))
    return value if isinstance(value, str) else ""


def _from_pieces(found: RecordList) -> RecordList:
    """{"data": [{"text": "fly to "}, {"text": "Rome", "alias": "city"}]}: the pieces joined."""
    for name in ("data", "parts"):
        texts = [
            _phrase(record) if isinstance(record.get(name), list) else ""
            for record in found.records
        ]
        if all(texts):
            records = [
                {**{k: v for k, v in record.items() if k != name}, "text": text}
                for record, text in zip(found.records, texts, strict=True)
            ]
            return found.changed(records, [])
    return found


def _without_nesting(found: RecordList) -> RecordList:
    """Objects inside records become columns, {"meta": {"id": 3}} the column “meta.id”."""
    opened: list[str] = []
    for _ in range(_DEPTH):
        names = [name for name in _names(found) if _is_nested(found, name)]
        if not names:
            break
        opened += names
        found = found.changed([_opened(record, names) for record in found.records], [])
    if not opened:
        return found
    which = listed([shown(name) for name in opened])
    message = f"{counted(len(opened), 'column')} of objects opened: {which}."
    note = Problem("nested objects", message, "Nothing to do.", "note", count=len(opened))
    return found.changed(found.records, [note])


def _names(found: RecordList) -> Iterator[str]:
    yield from dict.fromkeys(name for record in found.records for name in record)


def _is_nested(found: RecordList, name: str) -> bool:
    """Whether a column holds objects alone, with few names in them."""
    inside: set[str] = set()
    for record in found.records:
        value = record.get(name)
        if value is not None and not isinstance(value, dict):
            return False
        inside.update(value or ())
        if len(inside) > _NESTED:
            return False
    return bool(inside)


def _opened(record: Record, names: list[str]) -> Record:
    row: Record = {}
    for name, value in record.items():
        if name in names:
            row.update({f"{name}.{inner}": cell for inner, cell in record_in(value).items()})
        else:
            row[name] = value
    return row
