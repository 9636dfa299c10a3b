"""JSON that maps labels to their texts, or texts to their labels."""

from playground.data.names import TEXT_NAMES, key
from playground.data.readers.json_table import JsonTable
from playground.data.readers.nested import Record

_UTTERANCES = ("utterances", "examples", "patterns", "texts", "sentences", "data", "samples")


def by_label(value: Record) -> JsonTable | None:
    """{"refund": ["text", "text"], "delivery": […]}, the texts plain or as objects."""
    texts = {label: texts_of(listed) for label, listed in value.items()}
    found = {label: listed for label, listed in texts.items() if listed}
    if not found or len(found) < len(value) or any(key(label) in TEXT_NAMES for label in found):
        return None
    if len(found) == 1 and not all(map(_holds_objects, value.values())):
        return None  # one list of texts has no label
    records: list[Record] = [
        {"text": text, "label": label} for label in found for text in found[label]
    ]
    return JsonTable(records, [], "texts by label")


def _holds_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def texts_of(value: object) -> list[str]:
    """Texts, or objects such as {"text": …}, {"data": [{"text": …}, …]}; none for anything else."""
    if isinstance(value, dict):
        value = next((value[name] for name in _UTTERANCES if name in value), None)
    if not isinstance(value, list):
        return []
    texts = [_text(item) for item in value]
    return [text for text in texts if text] if all(text is not None for text in texts) else []


def _text(item: object) -> str | None:
    if isinstance(item, str):
        return item
    if not isinstance(item, dict):
        return None
    if isinstance(item.get("data"), list):
        pieces = [piece.get("text") for piece in item["data"] if isinstance(piece, dict)]
        return "".join(piece for piece in pieces if isinstance(piece, str))
    alone = len(item) == 1 or "label" not in item
    return item["text"] if alone and isinstance(item.get("text"), str) and len(item) < 3 else None


def by_text(value: Record) -> JsonTable | None:
    """{"a whole text": "its label", …}."""
    labels = list(value.values())
    if len(value) < 4 or not all(isinstance(label, str | int | bool) for label in labels):
        return None
    long = sum(len(text.split()) > 2 for text in value)
    if 2 * long < len(value) or 2 * len(set(labels)) > len(labels):
        return None
    return JsonTable([{"text": t, "label": v} for t, v in value.items()], [], "labels by text")
