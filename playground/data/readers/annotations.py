"""Exports of annotation tools and question files: Label Studio's tasks, SQuAD's paragraphs."""

from collections.abc import Iterator

from playground import limits
from playground.data.problem import Problem, counted
from playground.data.readers.nested import Record, list_in, record_in
from playground.data.readers.record_list import RecordList

_RESULTS = ("annotations", "completions")


def without_annotations(found: RecordList) -> RecordList:
    """The same with the fields and the choice of each task, or a row for every question."""
    if all(_is_task(record) for record in found.records):
        return _tasks(found)
    if all(isinstance(record.get("paragraphs"), list) for record in found.records):
        return _questions(found)
    return found


def _is_task(record: Record) -> bool:
    """{"data": {"text": …}, "annotations": [{"result": [{"value": {"choices": […]}}]}]}"""
    return isinstance(record.get("data"), dict) and any(
        isinstance(record.get(name), list) for name in _RESULTS
    )


def _tasks(found: RecordList) -> RecordList:
    answers = [list(_answers(record)) for record in found.records]
    asked = dict.fromkeys(name for one in answers for name, choice in one if choice)
    records, several, spans = [], 0, 0
    for record, given in zip(found.records, answers, strict=True):
        spans += any(not choice for _, choice in given)
        labels: Record = {}
        for name in asked:
            choices = [choice for of, choice in given if of == name and choice]
            several += len({tuple(choice) for choice in choices}) > 1
            first = choices[0] if choices else []
            labels[name if len(asked) > 1 else "label"] = (
                first[0] if len(first) == 1 else first or None
            )
        records.append({**record_in(record["data"]), **(labels or {"label": None})})
    return found.changed(records, list(_problems(len(records), several, spans)))


def _answers(record: Record) -> Iterator[tuple[str, list[str]]]:
    """(what was asked, what an annotator chose): no choice where something else was marked."""
    for annotation in [record_in(one) for name in _RESULTS for one in list_in(record.get(name))]:
        if annotation.get("was_cancelled"):
            continue
        for result in map(record_in, list_in(annotation.get("result"))):
            value = record_in(result.get("value"))
            yield str(result.get("from_name") or "label"), _choice(value)


def _choice(value: Record) -> list[str]:
    choices = value.get("choices")
    if isinstance(choices, list):
        return [choice for choice in choices if isinstance(choice, str)]
    paths = value.get("taxonomy")
    if isinstance(paths, list):
        return [" / ".join(map(str, path)) for path in paths if isinstance(path, list)]
    rating = value.get("rating", value.get("number"))
    return [str(rating)] if isinstance(rating, int) else []


def _problems(tasks: int, several: int, spans: int) -> Iterator[Problem]:
    message = f"{counted(tasks, 'task')} of Label Studio: the choice of each is its label."
    yield Problem("annotations", message, "Nothing to do.", "note", column="label", count=tasks)
    if several:
        yield Problem(
            "annotators differ",
            f"In {counted(several, 'task')} annotators chose differently; the first choice counts.",
            "Export the agreed labels if there are any.",
            "warning",
            column="label",
            count=several,
        )
    if spans:
        yield Problem(
            "marked spans",
            f"In {counted(spans, 'task')} places inside the text are marked, which is no label of"
            " the text.",
            "Export choices (classification), or bring a column with one label a text.",
            "warning",
            column="label",
            count=spans,
        )


def _questions(found: RecordList) -> RecordList:
    """A row for every question of SQuAD-like paragraphs, with its text and its first answer."""
    records, lines = [], []
    for record, line in zip(found.records, found.lines, strict=True):
        for row in _rows(record):
            records.append(row)
            lines.append(line)
        if len(records) > limits.ROWS:
            break
    if not records:
        return found
    note = Problem(
        "nested questions",
        f"The file nests {counted(len(records), 'question')} in paragraphs (as SQuAD does): each"
        " is a row, with its text as “context” and its first answer as “answer”.",
        "Answers that are written, not chosen, are no labels: choose a column whose values repeat.",
        "note",
        count=len(records),
    )
    return found.changed(records, [note], lines)


def _rows(record: Record) -> Iterator[Record]:
    for paragraph in map(record_in, list_in(record["paragraphs"])):
        for question in list_in(paragraph.get("qas")):
            if isinstance(question, dict):
                row = {"context": paragraph.get("context"), "question": question.get("question")}
                row["answer"] = _first_answer(question.get("answers", question.get("answer")))
                if "is_impossible" in question:
                    row["is_impossible"] = question["is_impossible"]
                yield row


def _first_answer(value: object) -> object:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.get("text", "") if isinstance(value, dict) else value
