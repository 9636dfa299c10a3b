"""Conversations as records: the text is what was asked, the label what was answered last."""

from collections.abc import Iterator, Sequence

from playground.data.names import words
from playground.data.problem import Problem, counted, shown
from playground.data.readers.record_list import RecordList

_LISTS = (
    *("messages", "conversations", "conversation", "dialog", "dialogue", "turns", "chat"),
    "contents",  # each with "parts", as Gemini is fine-tuned
)
_SAID = ("content", "value", "parts")
_ASSISTANT = words("assistant gpt model bot chatgpt bing chatbot ai")
_SYSTEM = words("system developer")
_NAMES = {"human": "user"}
_PROMPTS = (
    ("prompt", "completion"),
    ("prompt", "response"),
    ("prompt", "chosen"),
    ("input", "ideal"),
)


def without_turns(found: RecordList) -> RecordList:
    """The same records with a text and a label in place of a conversation; others as they are."""
    for name in _LISTS:
        if _all_turns(found, name):
            return _converted(found, name, "")
    for name, answer in _PROMPTS:
        if _all_turns(found, name) and all(answer in record for record in found.records):
            return _converted(found, name, answer)
    return _without_frames(found)


def _all_turns(found: RecordList, name: str) -> bool:
    """Whether nearly every record has turns under the name: objects with a role and a content."""
    lists = [record.get(name) for record in found.records]
    good = sum(isinstance(turns, list) and bool(_turns(turns)) for turns in lists)
    return bool(lists) and 10 * good >= 9 * len(lists)


def _turns(value: object) -> list[tuple[str, str]]:
    """(role, content) of every turn, none where something is no turn."""
    turns = []
    for turn in value if isinstance(value, list) else []:
        if not isinstance(turn, dict):
            return []
        role = turn.get("role", turn.get("from"))
        content = _content(next((turn[name] for name in _SAID if name in turn), None))
        if not isinstance(role, str) or content is None:
            return []
        plain = role.strip().casefold()
        turns.append((_NAMES.get(plain, plain), content))
    return turns


def _content(value: object) -> str | None:
    if isinstance(value, list):
        pieces = [piece.get("text") for piece in value if isinstance(piece, dict)]
        return "\n".join(piece for piece in pieces if isinstance(piece, str))
    return value if isinstance(value, str) else None


def _converted(found: RecordList, name: str, answer: str) -> RecordList:
    records, systems = [], []
    for record in found.records:
        turns = _turns(record.get(name))
        if answer:
            last = record[answer]
            label = last if isinstance(last, str) else "\n".join(c for _, c in _turns(last))
        else:
            label = turns.pop()[1] if turns and turns[-1][0] in _ASSISTANT else ""
        systems.append("\n".join(content for role, content in turns if role in _SYSTEM))
        asked = [turn for turn in turns if turn[0] not in _SYSTEM]
        rest = {k: v for k, v in record.items() if k not in (name, answer, "text", "label")}
        records.append({"text": _asked(asked), "label": label, **rest})
    same = len(set(systems)) == 1
    if not same:
        records = [{**r, "system": s} for r, s in zip(records, systems, strict=True)]
    told = list(_problems(name, len(records), systems[0] if same and systems else ""))
    return found.changed(records, told)


def _asked(turns: Sequence[tuple[str, str]]) -> str:
    """One turn as it stands; several with the role before each."""
    if len(turns) == 1:
        return turns[0][1]
    return "\n".join(f"{role.capitalize()}: {content}" for role, content in turns)


def _problems(name: str, records: int, system: str) -> Iterator[Problem]:
    yield Problem(
        "conversations",
        f"{counted(records, 'record')} hold a conversation in {shown(name)}: the last answer is"
        " read as the label, what comes before it as the text.",
        "Bring a table with a text and a label column if the label stands elsewhere.",
        "note",
        column="label",
        count=records,
    )
    if system:
        yield Problem(
            "same system turn",
            f"The system turn is the same in every record and left out: {shown(system)}.",
            "Write it into the template if the model should read it.",
            "note",
            value=system[:200],
            count=records,
        )


def _without_frames(found: RecordList) -> RecordList:
    """Prompts and completions without the signs that end every one of them."""
    names = ("prompt", "completion")
    pairs = [[record.get(name) for name in names] for record in found.records]
    texts = [[cell.rstrip(" ") for cell in pair if isinstance(cell, str)] for pair in pairs]
    if len(pairs) < 2 or not all(len(pair) == 2 for pair in texts):
        return found
    ends = [_shared_end([pair[i] for pair in texts]) for i in range(2)]
    if not any(ends):
        return found
    records = []
    for record, pair in zip(found.records, texts, strict=True):
        cells = [text.removesuffix(end) for text, end in zip(pair, ends, strict=True)]
        records.append({**record, **dict(zip(names, cells, strict=True))})
    signs = " and ".join(shown(end.replace("\n", "\\n")) for end in ends if end)
    message = f"Every prompt or completion ends in {signs}, which is left out."
    note = Problem("same ending", message, "Nothing to do.", "note", count=len(records))
    return found.changed(records, [note])


def _shared_end(texts: Sequence[str]) -> str:
    """The signs, no letters or digits, in which all texts end: "\\n\\n###\\n\\n", " END"."""
    shortest = min(texts, key=len)
    size = 0
    while size < min(len(shortest), 20) and len({text[-size - 1 :] for text in texts}) == 1:
        size += 1
    end = shortest[len(shortest) - size :] if size else ""
    while end and (end[0].isalnum() or end[0] == " ") and not end.startswith(" END"):
        end = end[1:]
    return end if end.strip(" .?!…\"')") or "\n" in end else ""
