"""Uploads of every format, and ways to damage them: by a seeded die, the same every time."""

import bz2
import gzip
import io
import json
import random
import zipfile

import openpyxl

from tests.data.made import CSV, PAIRS, RECORDS, lines_of_json, parquet, zipped

_SCRAPS = [
    b'"', b"\0", b"\n", b"\r", b",", b"\t", b"{", b"[", b"\\", b"\xff", b'""', b"\xed\xa0\x80",
    b"\xef\xbb\xbf", b"null", b"1e999", b"NaN", b"-", b"</t>", b"<!DOCTYPE x>", b"__label__",
    b"&amp;", b"\xe2\x80\xae",
]  # fmt: skip
_VALUES = [
    None,
    True,
    0,
    -1,
    1e308,
    "",
    "\ud800",
    [],
    {},
    [[]],
    {"a": {}},
    "x" * 5_000,
    ["a"] * 50,
    [None],
]
_HUGGINGFACE = {"info": {"features": {"label": {"names": ["a", "b"], "_type": "ClassLabel"}}}}


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in [("text", "label", "n"), *((*pair, 1.5) for pair in PAIRS)]:
        book.active.append(row)
    book.active.merge_cells("B2:B4")
    book.create_sheet("Hidden").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _parquet() -> bytes:
    columns = {"text": [t for t, _ in PAIRS], "label": [0, 1] * 6, "tags": [[0], [1, 2]] * 6}
    return parquet(columns, {"huggingface": json.dumps(_HUGGINGFACE)})


_CHAT = [
    {"messages": [{"role": "user", "content": t}, {"role": "assistant", "content": of}]}
    for t, of in PAIRS
]
_TASKS = [
    {"data": {"text": t}, "annotations": [{"result": [{"value": {"choices": [of]}}]}]}
    for t, of in PAIRS
]
DOCUMENTS = {
    "records": RECORDS,
    "columns": {name: {str(i): r[name] for i, r in enumerate(RECORDS)} for name in RECORDS[0]},
    "parts": {"train": RECORDS, "test": RECORDS[:3], "version": 1},
    "deep": {"info": {"authors": [{"name": "A"}]}, "data": {"rows": RECORDS}},
    "intents": {"intents": [{"tag": of, "patterns": [t], "responses": []} for t, of in PAIRS]},
    "tasks": _TASKS,
    "chat": _CHAT,
}
UPLOADS = {
    "csv": CSV.encode(),
    "tsv": "".join(f"{t}\t{of}\n" for t, of in PAIRS).encode("utf-16"),
    "semicolon": "".join(f"{t} schön;{of}\n" for t, of in PAIRS).encode("cp1252"),
    "jsonl": lines_of_json(RECORDS).encode(),
    "chat jsonl": lines_of_json(_CHAT).encode(),
    "fasttext": "".join(f"__label__{of} {t}\n" for t, of in PAIRS).encode(),
    "label first": "".join(f"{i % 2} {t}\n" for i, (t, _) in enumerate(PAIRS)).encode(),
    "arff": b"@attribute t string\n@attribute l {a}\n@data\n" + b"'some words',a\n" * 9,
    "rasa": b"nlu:\n- intent: hi\n  examples: |\n    - hey\n    - hello [Ann](name)\n" * 3,
    "gzip": gzip.compress(CSV.encode(), mtime=0),
    "bzip2": bz2.compress(CSV.encode()),
    "zip": zipped({"train.csv": CSV, "test.jsonl": lines_of_json(RECORDS[:4]), "README.md": "x"}),
    "xlsx": _workbook(),
    "parquet": _parquet(),
}  # fmt: skip
FORMATS = (*UPLOADS, *(f"json {name}" for name in DOCUMENTS))


def mutated(dice: random.Random) -> tuple[str, bytes]:
    """(its format, the content) of one upload, damaged in one way or in several."""
    name = dice.choice(FORMATS)
    if name.startswith("json "):
        value = DOCUMENTS[name.removeprefix("json ")]
        for _ in range(dice.choice([1, 1, 3])):
            value = _nested(_swapped(value, dice), dice)
        raw = json.dumps(value, indent=dice.choice([None, 1])).encode()
        return name, raw if dice.random() < 0.6 else _changed(raw, dice)
    raw = UPLOADS[name]
    if name in ("zip", "xlsx") and dice.random() < 0.7:
        return name, _inside_zip(raw, dice)
    if name == "gzip" and dice.random() < 0.7:
        return name, gzip.compress(_changed(gzip.decompress(raw), dice), mtime=0)
    return name, _changed(raw, dice)


def _changed(raw: bytes, dice: random.Random) -> bytes:
    """Bytes flipped, put in, taken out, repeated, cut off, or followed by another upload."""
    content = bytearray(raw)
    for _ in range(dice.choice([1, 2, 5, 20])):
        at = dice.randrange(len(content) + 1)
        deed = dice.randrange(7)
        if deed == 0 and at < len(content):
            content[at] ^= 1 << dice.randrange(8)
        elif deed == 1:
            content[at:at] = dice.choice(_SCRAPS)
        elif deed == 2:
            del content[at : at + dice.randrange(20)]
        elif deed == 3:
            content[at:at] = content[at : at + dice.randrange(1, 40)] * dice.choice([2, 50, 2_000])
        elif deed == 4:
            del content[max(at, 1) :]
        elif deed == 5:
            content[at:] = dice.choice([*UPLOADS.values()])
        else:
            content[at:at] = dice.choice(_SCRAPS) * dice.choice([3, 300, 30_000])
        del content[2_000_000:]
    return bytes(content) or b"x"


def _inside_zip(raw: bytes, dice: random.Random) -> bytes:
    """The archive with one of its files damaged, put together again."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    chosen = dice.choice([*files])
    files[chosen] = _changed(files[chosen], dice)
    if dice.random() < 0.2:
        del files[dice.choice([*files])]
    return zipped(files)


def _swapped(value: object, dice: random.Random) -> object:
    """The value with some values inside it of another type."""
    if dice.random() < 0.03:
        return dice.choice(_VALUES)
    if isinstance(value, dict):
        return {_key(name, dice): _swapped(inner, dice) for name, inner in value.items()}
    if isinstance(value, list):
        return [_swapped(inner, dice) for inner in value]
    return value


def _key(name: str, dice: random.Random) -> str:
    odd = ["", "train", "text", "label", "data", "columns", "messages", "0", "x" * 300, "a\nb", "."]
    return dice.choice(odd) if dice.random() < 0.03 else name


def _nested(value: object, dice: random.Random) -> object:
    """The value as it is, or inside other values."""
    deed = dice.randrange(8)
    if deed == 0:
        for _ in range(dice.choice([1, 3, 400])):
            value = dice.choice([[value], {"data": value}])
    if deed == 1:
        value = {"train": value, "data": value, "rows": [value]}
    if deed == 2 and isinstance(value, list):
        value = value * dice.choice([2, 300])
    return value
