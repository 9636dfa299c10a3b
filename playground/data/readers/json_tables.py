"""The shapes in which JSON writes one table: records, columns, parts, texts by their label, …"""

from collections.abc import Iterable, Mapping

from playground import limits
from playground.data.headers import has_header
from playground.data.names import (
    ID_NAMES,
    LABEL_NAMES,
    SPLIT_NAMES,
    TEXT_NAMES,
    TO_HELD_OUT,
    TO_LABELLED,
    key,
)  # fmt: skip
from playground.data.readers.class_names import rows_of_hub
from playground.data.readers.json_by_label import by_label, by_text
from playground.data.readers.json_table import JsonTable
from playground.data.readers.nested import Record
from playground.data.readers.part_names import part_of
from playground.data.values import as_text

_KNOWN = LABEL_NAMES | TEXT_NAMES | ID_NAMES | SPLIT_NAMES
_SCALARS = (str, int, float, bool, type(None))


def table_in(value: object) -> JsonTable | None:
    """The table that a value is, None where it is none."""
    if isinstance(value, list):
        return _listed(value)
    if not isinstance(value, dict) or not value:
        return None
    shapes = (
        _hub_rows,
        _pandas_split,
        _pandas_table,
        _in_parts,
        _by_column,
        _by_index,
        by_label,
        by_text,
    )
    return next((found for shape in shapes if (found := shape(value))), None)


def _listed(value: list[object]) -> JsonTable | None:
    """[{…}, {…}], [["a", "x"], ["b", "y"]] or ["a", "b"]."""
    if not value:
        return None
    if 2 * sum(isinstance(item, dict) for item in value) >= len(value):
        records = [item if isinstance(item, dict) else None for item in value]
        return JsonTable(records, [], whole=True)
    lists = [item for item in value if isinstance(item, list)]
    if len(lists) == len(value):
        wide = len(lists[0])
        alike = sum(len(item) == wide for item in lists)
        if 1 < wide <= limits.COLUMNS and 10 * alike >= 9 * len(value):
            return JsonTable([], lists, "a list of lists", whole=True)
    if all(isinstance(item, str) for item in value):
        return JsonTable([{"text": item} for item in value], [], "a list of texts", whole=True)
    return None


def _hub_rows(value: Record) -> JsonTable | None:
    """{"features": […], "rows": [{"row_idx": 0, "row": {…}}, …]}"""
    rows = rows_of_hub(value)
    return JsonTable(rows, [], "rows of the Hub") if rows else None


def _pandas_split(value: Record) -> JsonTable | None:
    """{"columns": […], "data": [[…], […]]}"""
    names, data = value.get("columns"), value.get("data")
    if not (isinstance(names, list) and isinstance(data, list) and data):
        return None
    if not all(isinstance(row, list) and len(row) == len(names) for row in data):
        return None
    header = [str(name) for name in names]
    return JsonTable([dict(zip(header, row, strict=True)) for row in data], [], "columns and data")


def _pandas_table(value: Record) -> JsonTable | None:
    """{"schema": {"fields": […]}, "data": [{…}]}; the index that pandas adds is no column."""
    schema, data = value.get("schema"), value.get("data")
    if not (isinstance(schema, dict) and isinstance(data, list) and data):
        return None
    if "fields" not in schema or not all(isinstance(row, dict) for row in data):
        return None
    index = schema.get("primaryKey")
    dropped = {"index"} if isinstance(index, list) and "index" in index else set()
    records = [{k: v for k, v in row.items() if k not in dropped} for row in data]
    return JsonTable(records, [], "a schema and data")


def _in_parts(value: Record) -> JsonTable | None:
    """{"train": a table, "test": a table}: the part becomes a column."""
    named = {name: part for name in value if (part := _part(name)) and _holds(value[name])}
    if not named or 2 * len(named) < len([v for v in value.values() if _holds(v)]):
        return None
    found = {name: table for name in named if (table := table_in(value[name]))}
    if len(found) < len(named):
        return None
    records = _records(found)
    column = "split" if not any("split" in r for rows in records.values() for r in rows) else "part"
    joined = [{**record, column: named[name]} for name in records for record in records[name]]
    sizes = ", ".join(f"{name} ({len(rows):,})" for name, rows in records.items())
    return JsonTable(joined, [], f"parts: {sizes}")


def _records(parts: Mapping[str, JsonTable]) -> dict[str, list[Record]]:
    """The rows of every part by column; lists of cells are named by the first one where all parts
    begin with it."""
    grids = {name: table.rows for name, table in parts.items() if table.rows}
    firsts = [rows[0] for rows in grids.values()]
    header = firsts[0] if firsts and all(first == firsts[0] for first in firsts[1:]) else None
    largest = max(grids.values(), key=len, default=[])
    texts = [[as_text(cell) for cell in row] for row in largest if len(row) == len(largest[0])]
    if header is None or not has_header(texts):
        header = [f"column_{i + 1}" for i in range(len(largest[0]) if largest else 0)]
    by_part = {name: list(filter(None, table.records)) for name, table in parts.items()}
    for name, rows in grids.items():
        fit = [row for row in rows if len(row) == len(header) and row != header]
        by_part[name] += [dict(zip(map(as_text, header), row, strict=True)) for row in fit]
    return by_part


def _part(name: str) -> str:
    """The part a name says, where it says little else: "train", "oos_val"."""
    whole = key(name)
    if whole in TO_LABELLED | TO_HELD_OUT:
        return whole
    return part_of(name) if len(whole.split("_")) <= 2 else ""


def _holds(value: object) -> bool:
    return isinstance(value, list | dict) and bool(value)


def _by_column(value: Record) -> JsonTable | None:
    """{"text": […], "label": […]}, or with objects by index, as pandas writes by default."""
    lists = {name: cells for name, cells in value.items() if isinstance(cells, list) and cells}
    if len(lists) > 1 and len({len(cells) for cells in lists.values()}) == 1:
        named = any(key(name) in _KNOWN for name in lists)
        whole = len(lists) == len(value) and not all(map(_are_texts, lists.values()))
        if (named or whole) and not _are_records(lists.values()):
            rows = zip(*lists.values(), strict=True)
            return JsonTable([dict(zip(lists, row, strict=True)) for row in rows], [], "columns")
    return _by_column_and_index(value)


def _by_column_and_index(value: Record) -> JsonTable | None:
    columns = {name: cells for name, cells in value.items() if isinstance(cells, dict) and cells}
    if len(value) < 2 or len(columns) < len(value):
        return None
    indexes = [list(cells) for cells in columns.values()]
    if not all(set(index) == set(indexes[0]) for index in indexes[1:]):
        return None
    numbered = all(name.lstrip("-").isdecimal() for name in indexes[0])
    outside = any(key(name) in _KNOWN for name in value)
    inside = any(key(name) in _KNOWN for name in indexes[0])
    if inside or not (numbered or outside) or all(name.isdecimal() for name in value):
        return None
    records = [{name: cells[i] for name, cells in columns.items()} for i in indexes[0]]
    return JsonTable(records, [], "columns by index")


def _by_index(value: Record) -> JsonTable | None:
    """{"0": {"text": …, "label": …}, "1": {…}}: records by a number or a name of theirs."""
    records = [record for record in value.values() if isinstance(record, dict) and record]
    if len(value) < 2 or len(records) < len(value):
        return None
    shared = set(records[0]).intersection(*records[1:])
    flat = all(isinstance(cell, _SCALARS) for name in shared for cell in [records[0][name]])
    if not shared or not flat or (len(value) < 3 and not any(key(n) in _KNOWN for n in shared)):
        return None
    if all(name.isdecimal() for name in value) or "index" in shared:
        return JsonTable(records, [], "records by number")
    by_name = zip(value, records, strict=True)
    return JsonTable([{"index": name, **record} for name, record in by_name], [], "records by name")


def _are_texts(items: list[object]) -> bool:
    """Whether a list holds texts of several words that hardly repeat."""
    texts = [item for item in items if isinstance(item, str)]
    return (
        len(texts) == len(items)
        and sum(len(text.split()) for text in texts) >= 2 * len(texts)
        and 2 * len(set(texts)) > len(texts)
    )


def _are_records(lists: Iterable[list[object]]) -> bool:
    return any(isinstance(item, dict) for items in lists for item in items[:20])
