"""Exported tables hold no formula, and lose nothing by it."""

import csv
import io
import runpy
from pathlib import Path

import pytest

from playground.data.example import Example
from playground.reports import adapter_zip
from playground.reports.script import PARTS
from playground.runs.spreadsheet import escaped, plain
from playground.runs.store import Store
from tests.runs.making import start

CELLS = {
    "=1+1": "'=1+1",
    "+49 170": "'+49 170",
    "-ls": "'-ls",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t=1",
    "\r=1": "'\r=1",
    "\n=1": "'\n=1",
    "＝1+1": "'＝1+1",
    "-": "'-",
    "-1+1": "'-1+1",
    "'=1": "''=1",
    "''@x": "'''@x",
    "-1.5": "-1.5",
    "+3": "+3",
    "-1,5": "-1,5",
    "-2e-5": "-2e-5",
    "+10%": "+10%",
    "'tis": "'tis",
    "a=1": "a=1",
    "": "",
    "'": "'",
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_no_formula_and_a_number_stays_one(cell: str):
    assert escaped(cell) == CELLS[cell]
    assert plain(escaped(cell)) == cell
    assert plain(escaped(escaped(cell))) == escaped(cell)


def test_the_exported_script_reads_every_text_as_it_was(tmp_path: Path):
    store = Store(tmp_path / "home")
    record = store.visible(start(store), "")
    examples = [Example({"text": cell}, cell or "none", n) for n, cell in enumerate(CELLS, 2)]
    text = adapter_zip._csv(record, [(one, "train") for one in examples])
    (tmp_path / "labelled.csv").write_text(text, encoding="utf-8", newline="")
    begin = 'import csv\nfrom pathlib import Path\nLABEL_COLUMN, PART_COLUMN = "label", "part"\n'
    reading, _ = (PARTS / "common.txt").read_text(encoding="utf-8").split("def tokens", 1)
    (tmp_path / "reading.py").write_text(begin + reading, encoding="utf-8")

    found = runpy.run_path(str(tmp_path / "reading.py"))["read_examples"]("labelled.csv")

    assert [(row["text"], label) for row, label, _ in found] == [
        (one.row["text"], one.label) for one in examples
    ]
    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    risky = [cell for cell in cells if cell[:1] in ("=", "@", "\t", "\r")]
    assert not risky
