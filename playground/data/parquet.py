"""Parquet: columns to rows, never more in memory than the caps allow."""

import io
from collections.abc import Sequence

from playground import limits
from playground.data.grid import Grid, check_width, over_the_cap
from playground.data.kinds import refused
from playground.data.values import as_text, is_nested
from playground.errors import UserError

_BATCH = 1_000  # rows decoded at a time


def read_parquet(raw: bytes) -> Grid:
    """The first rows. Raises UserError for a damaged file or one that unpacks beyond the cap."""
    # Imported here: it is a large library that only Parquet files need.
    import pyarrow
    from pyarrow import parquet

    damaged = (pyarrow.ArrowException, OSError, ValueError, LookupError, TypeError, MemoryError,
               NotImplementedError, OverflowError)  # fmt: skip
    try:
        file = parquet.ParquetFile(io.BytesIO(raw))
        check_width(len(file.schema_arrow.names))
        _check_size(file.metadata)
        # Repeated values stay references, so that a small file cannot grow in memory.
        file = parquet.ParquetFile(io.BytesIO(raw), read_dictionary=_texts(file.schema_arrow))
        return _grid(file)
    except damaged as error:
        raise refused("a damaged or encrypted Parquet file") from error


def _texts(schema: object) -> list[str]:
    # Imported here, as above.
    from pyarrow import types

    return [f.name for f in schema if types.is_string(f.type) or types.is_large_string(f.type)]


def _check_size(metadata: object) -> None:
    groups = [metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)]
    if sum(groups) > limits.UNPACKED_BYTES:
        raise UserError(
            f"The file unpacks to {sum(groups) / 1e6:,.0f} MB, {limits.UNPACKED_BYTES / 1e6:,.0f}"
            " MB are possible. Keep fewer rows, or only the text and label columns."
        )


def _grid(file: object) -> Grid:
    names = file.schema_arrow.names
    wanted = [i for i, name in enumerate(names) if not name.startswith("__index_level_")]
    rows: list[list[object]] = []
    for batch in file.iter_batches(batch_size=_BATCH):
        cells = [_values(batch.column(i)) for i in wanted]
        rows.extend(list(row) for row in zip(*cells, strict=True))
        if len(rows) > limits.ROWS:
            break
    problems = [over_the_cap(limits.ROWS + 1)] if len(rows) > limits.ROWS else []
    rows, header = rows[: limits.ROWS], tuple(names[i] for i in wanted)
    return Grid(rows, list(range(1, len(rows) + 1)), problems, header, "row")


def _values(column: object) -> Sequence[object]:
    """The column's cells, texts cut to a cell's length, equal ones shared."""
    if hasattr(column, "dictionary"):
        texts = [_cell(value) for value in column.dictionary.to_pylist()]
        return [None if i is None else texts[i] for i in column.indices.to_pylist()]
    return [_cell(value) for value in column.to_pylist()]


def _cell(value: object) -> object:
    return value if is_nested(value) else as_text(value)
