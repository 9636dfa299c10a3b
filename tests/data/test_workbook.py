"""Workbooks: the sheet people see, dates as dates, formulas and merged cells told."""

import datetime
import io
import json
import zipfile

import openpyxl
import pytest

from playground.errors import UserError
from tests.data.made import PAIRS, RECORDS, TEXTS, kinds_of, pairs_of, parquet, table_of


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_of(rows, title="Answers", book=None):
    sheet = book.create_sheet(title) if book else openpyxl.Workbook().active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return sheet.parent, sheet


def labelled(labels):
    """A sheet of the texts with these labels."""
    return sheet_of([("text", "label"), *zip(TEXTS, labels, strict=True)])


ROWS = [("text", "label"), *PAIRS]


def test_a_hidden_first_sheet_is_left_out_and_told():
    book, hidden = sheet_of([("question", "answer"), ("secret", "x")], "Old")
    hidden.sheet_state = "hidden"
    sheet_of(ROWS, "Answers", book)
    book.active = 1
    table = table_of(saved(book))

    assert pairs_of(table) == list(PAIRS)
    assert "“Answers” is read" in kinds_of(table)["several sheets"]
    assert "Hidden and left out: “Old”" in kinds_of(table)["several sheets"]


def test_merged_label_cells_label_every_row_they_cover():
    book, sheet = labelled("ab"[i // 6] if i % 6 == 0 else None for i in range(12))
    sheet.merge_cells("B2:B7")
    sheet.merge_cells("B8:B13")
    table = table_of(saved(book))

    assert table.label_counts == {"a": 6, "b": 6}
    assert "10 cells" in kinds_of(table)["merged cells"]


def test_formulas_without_a_stored_value_are_told():
    book, _ = labelled(f'=IF(A{i}="x","a","b")' for i in range(12))
    told = kinds_of(table_of(saved(book)))

    assert "12 cells, first in row 2, hold a formula" in told["formula without a value"]
    with pytest.raises(UserError, match=r"no sheet with data.*hold a formula"):
        table_of(saved(sheet_of([("=A2",), ("=A1",)])[0]))


def test_sheets_named_for_parts_become_a_split_column():
    book, _ = sheet_of(ROWS, "train")
    sheet_of(ROWS[:4], "test", book)
    table = table_of(saved(book))

    assert table.split_column == "split"
    assert [row["split"] for row in table.rows].count("test") == 3


def test_values_are_written_as_people_see_them():
    moment = datetime.datetime(2024, 5, 1, 12, 30)
    values = [1.0, 2.5, True, moment, moment.date(), datetime.time(3, 4), "a_x0041_b", "x\ny"]
    book, _ = sheet_of([[f"c{i}" for i in range(8)], values])

    assert [*table_of(saved(book)).rows[0].values()] == [
        "1", "2.5", "true", "2024-05-01 12:30:00", "2024-05-01", "03:04:00", "aAb", "x\ny",
    ]  # fmt: skip


def test_empty_columns_before_a_table_and_a_title_above_are_nothing():
    book, sheet = sheet_of([])
    sheet["B1"] = "My survey"
    for row, (text, label) in enumerate(ROWS, 3):
        sheet.cell(row, 2, text)
        sheet.cell(row, 3, label)
    table = table_of(saved(book))

    assert table.columns == ("text", "label")
    assert table.lines[0] == 4


def test_entities_are_not_expanded():
    raw = io.BytesIO(saved(sheet_of(ROWS)[0]))
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>'
    with zipfile.ZipFile(raw) as book, zipfile.ZipFile(changed := io.BytesIO(), "w") as other:
        for name in book.namelist():
            other.writestr(name, bomb if "sheet1" in name else book.read(name))

    with pytest.raises(UserError, match="damaged or protected Excel workbook"):
        table_of(changed.getvalue())


NAMED = {"names": ["a", "b"], "_type": "ClassLabel"}
FEATURES = {
    "text": {"dtype": "string", "_type": "Value"},
    "label": {"names": ["refund", "delivery", "quality"], "_type": "ClassLabel"},
    "tags": {"feature": NAMED, "_type": "List"},
    "old": [NAMED],
}


def test_parquet_gives_labels_by_their_names():
    columns = {
        "text": TEXTS,
        "label": [i % 4 - 1 for i in range(12)],
        "tags": [[0, 1]] * 12,
        "old": [[1]] * 12,
    }
    metadata = json.dumps({"info": {"features": FEATURES}})
    table = table_of(parquet(columns, {"huggingface": metadata}))

    assert [row["label"] for row in table.rows[:4]] == ["", "refund", "delivery", "quality"]
    assert table.rows[0]["tags"] == '["a", "b"]'
    assert table.rows[0]["old"] == "b"


ODD = {"info": {"features": {"label": {"names": 3, "_type": "ClassLabel"}}}}


@pytest.mark.parametrize("metadata", ["", "[", '{"info": 3}', json.dumps(ODD)])
def test_odd_metadata_of_parquet_is_nothing(metadata):
    columns = {name: [record[name] for record in RECORDS] for name in ("text", "label")}

    assert pairs_of(table_of(parquet(columns, {"huggingface": metadata}))) == list(PAIRS)
