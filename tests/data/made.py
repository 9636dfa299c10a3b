"""Small files of every kind, and what is said of a table, for the tests of reading."""

import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

from playground.data.building import build
from playground.data.parsing import grid_of
from playground.data.table import Table

TEXTS = (
    "The parcel came late and nobody answered",
    "I want my money back, now",
    "Great service, thanks a lot",
    "The colour is not the one I chose",
    "It broke after two days, sadly",
    "Where is my order",
    "Lovely fabric and fast, too",
    "You charged me twice, please fix it",
    "The app crashes when I pay",
    "Could be better, could be worse",
    "Best shop in town",
    "Never again, never",
)
LABELS = ("refund", "delivery", "quality")
PAIRS = tuple((text, LABELS[i % 3]) for i, text in enumerate(TEXTS))
RECORDS = [{"text": text, "label": label} for text, label in PAIRS]
CSV = "text,label\n" + "".join(f'"{text}",{label}\n' for text, label in PAIRS)


def table_of(content: bytes | str, name: str = "data") -> Table:
    """The table of a file's content, read in this process."""
    raw = content.encode() if isinstance(content, str) else content
    return build(name, grid_of(name, raw))


def pairs_of(table: Table, *columns: str) -> list[tuple[str, ...]]:
    """The cells of some columns, by default of the text and the label."""
    wanted = columns or (*table.text_columns, table.label_column)
    return [tuple(row[column] for column in wanted) for row in table.rows]


def kinds_of(table: Table) -> dict[str, str]:
    """What is said of a table, by its kind."""
    return {problem.kind: problem.message for problem in table.problems}


def lines_of_json(records: list[object]) -> str:
    return "\n".join(json.dumps(record) for record in records)


def zipped(files: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parquet(columns: dict[str, object], metadata: dict[str, str] | None = None) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns).replace_schema_metadata(metadata), stream)
    return stream.getvalue()
