"""Exports of annotation tools that keep answers beside the text: Prodigy, Argilla, doccano."""

from collections.abc import Iterator

from playground.data.problem import Problem, counted
from playground.data.readers.nested import Record, list_in, record_in
from playground.data.readers.record_list import RecordList

_ANSWERS = ("accept", "reject", "ignore")
_PRODIGY = ("accept", "answer", "options", "label")  # what a label is read from
_NOTHING = "Nothing to do."


def without_answers(found: RecordList) -> RecordList:
    """The same with the label that was answered in place of the answers."""
    if all(_is_prodigy(record) for record in found.records):
        return _prodigy(found)
    if all(_is_argilla(record) for record in found.records):
        return _argilla(found)
    if all(_is_doccano(record) for record in found.records) and any(
        record["annotations"] for record in found.records
    ):
        return _doccano(found)
    return _without_responses(found)


def _is_prodigy(record: Record) -> bool:
    """{"text": …, "accept": ["refund"], "answer": "accept"}, or with the hash of what was asked."""
    answered = record.get("answer")
    signs = isinstance(record.get("accept"), list) or "_task_hash" in record
    return isinstance(answered, str) and answered in _ANSWERS and signs


def _prodigy(found: RecordList) -> RecordList:
    """The options that were chosen, or the label that was accepted; of one label for all, whether
    it was. What was ignored has none."""
    asked = {str(record.get("label")) for record in found.records}
    chosen = all(isinstance(record.get("accept"), list) for record in found.records)
    if not chosen and len(asked) == 1:
        answers = [record["answer"] for record in found.records]
        records = [
            {**record, "answer": None if answer == "ignore" else answer}
            for record, answer in zip(found.records, answers, strict=True)
        ]
        without = answers.count("ignore")
    else:
        records = [_labelled(record, "accept" if chosen else "label") for record in found.records]
        without = sum(record["answer"] != "accept" for record in found.records)
    return found.changed(records, list(_problems("Prodigy", len(records), without)))


def _labelled(record: Record, name: str) -> Record:
    rest = {key: value for key, value in record.items() if key not in _PRODIGY}
    chosen = record.get(name) if record["answer"] == "accept" else None
    offered = record.get("options")
    if isinstance(chosen, list) and isinstance(offered, list):
        options = [option for option in map(record_in, offered) if _is_plain(option.get("id"))]
        texts = {option["id"]: option.get("text") for option in options}
        chosen = [texts.get(number) or number for number in chosen if _is_plain(number)]
    return {**rest, "label": chosen}


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int)


def _is_argilla(record: Record) -> bool:
    """{"fields": {"text": …}, "responses": {"label": [{"value": …}]}}"""
    responses = record.get("responses")
    return isinstance(record.get("fields"), dict) and isinstance(responses, dict | list)


def _argilla(found: RecordList) -> RecordList:
    """The fields, and of every question the first response."""
    asked = [record_in(record["fields"]) for record in found.records]
    responses = [_responses(record["responses"]) for record in found.records]
    questions = dict.fromkeys(name for one in responses for name in one)
    records = [
        {**fields, **{_free(name, fields): one.get(name) for name in questions}}
        for fields, one in zip(asked, responses, strict=True)
    ]
    without = sum(not one for one in responses)
    return found.changed(records, list(_problems("Argilla", len(records), without)))


def _free(question: str, fields: Record) -> str:
    return f"{question}.response" if question in fields else question


def _responses(value: object) -> dict[str, object]:
    """The first value of every question: {"label": [{"value": …}, …]}, or, as older versions
    write it, [{"values": {"label": {"value": …}}}, …]."""
    if isinstance(value, list):
        values = [one["values"] for one in value if isinstance(one, dict) and one.get("values")]
        value = values[0] if values else None
    first: Record = {}
    for name, given in record_in(value).items():
        given = given[0] if isinstance(given, list) and given else given
        if isinstance(given, dict) and given.get("value") is not None:
            first[name] = given["value"]
    return first


def _without_responses(found: RecordList) -> RecordList:
    """The same with the first value of {"label": [{"value": …, "user_id": …}]}, as Argilla's data
    sets have it."""
    names = [name for name in found.records[0] if _are_responses(found, name)]
    if not names:
        return found
    records = [{**record, **_firsts(record, names)} for record in found.records]
    without = sum(not record.get(names[0]) for record in found.records)
    return found.changed(records, list(_problems("Argilla", len(records), without)))


def _are_responses(found: RecordList, name: str) -> bool:
    lists = [record.get(name) for record in found.records]
    given = [item for items in lists if isinstance(items, list) for item in items]
    known = all(isinstance(item, dict) and {"value", "user_id"} <= set(item) for item in given)
    return bool(given) and known and all(isinstance(items, list | None) for items in lists)


def _firsts(record: Record, names: list[str]) -> Record:
    lists = {name: list_in(record.get(name)) for name in names}
    return {name: record_in(given[0])["value"] if given else None for name, given in lists.items()}


def _is_doccano(record: Record) -> bool:
    """{"text": …, "annotations": [{"label": 3, "user": 1}]}, labels of the whole text."""
    marks = record.get("annotations")
    return isinstance(marks, list) and all(
        isinstance(mark, dict) and "label" in mark and "start_offset" not in mark for mark in marks
    )


def _doccano(found: RecordList) -> RecordList:
    records = []
    for record in found.records:
        rest = {key: value for key, value in record.items() if key != "annotations"}
        marks = [record_in(mark) for mark in list_in(record["annotations"])]
        labels = list(dict.fromkeys(str(mark["label"]) for mark in marks))
        records.append({**rest, "label": labels})
    without = sum(not record["label"] for record in records)
    return found.changed(records, list(_problems("doccano", len(records), without)))


def _problems(tool: str, records: int, without: int) -> Iterator[Problem]:
    message = f"{counted(records, 'record')} of {tool}: the answer given to each is its label."
    yield Problem("annotations", message, _NOTHING, "note", column="label", count=records)
    if without:
        yield Problem(
            "no answer",
            f"{counted(without, 'record')} of {tool} got no answer that names a label (rejected,"
            " ignored or left open): they have no label.",
            "Nothing to do, or answer them and export again.",
            "note",
            column="label",
            count=without,
        )
