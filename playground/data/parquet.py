"""Parquet: columns to rows, labels by their names, never more in memory than the caps allow."""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from playground import limits
from playground.data.grid import Grid, check_width, most_rows, over_the_cap
from playground.data.kinds import check_unpacked, refused
from playground.data.readers.class_names import Naming, namings
from playground.data.readers.record_grid import grid_of_cells
from playground.data.values import as_text

if TYPE_CHECKING:
    from pyarrow import Array
    from pyarrow.parquet import ParquetFile

_BATCH = 1_000  # rows decoded at a time
_CHARACTERS = 4 * limits.CELL_CHARACTERS  # of a text that are looked at


def read_parquet(raw: bytes) -> Grid:
    """The first rows. Raises UserError for a damaged file or one that unpacks beyond the cap."""
    # Imported here: it is a large library that only Parquet files need.
    import pyarrow
    from pyarrow import parquet

    damaged = (pyarrow.ArrowException, OSError, ValueError, LookupError, TypeError,
               NotImplementedError, OverflowError)  # fmt: skip
    try:
        file = parquet.ParquetFile(io.BytesIO(raw))
        check_width(len(file.schema_arrow.names))
        groups = range(file.metadata.num_row_groups)
        check_unpacked(sum(file.metadata.row_group(i).total_byte_size for i in groups))
        # Repeated values stay references, so that a small file cannot grow in memory.
        file = parquet.ParquetFile(io.BytesIO(raw), read_dictionary=_texts(file))
        return _grid(file)
    except pyarrow.ArrowMemoryError as error:
        raise MemoryError from error
    except damaged as error:
        raise refused("a damaged or encrypted Parquet file") from error


def _texts(file: "ParquetFile") -> list[str]:
    """The paths of the columns of texts, those inside lists and objects too."""
    columns = (file.schema.column(i) for i in range(len(file.schema)))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _grid(file: "ParquetFile") -> Grid:
    names = file.schema_arrow.names
    wanted = [i for i, name in enumerate(names) if not name.startswith("__index_level_")]
    by_name = namings(file.schema_arrow.metadata)
    most = most_rows(len(wanted))
    rows: list[list[object]] = []
    for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
        cells = [_column(batch.column(i), by_name.get(names[i])) for i in wanted]
        rows.extend(list(row) for row in zip(*cells, strict=True))
        if len(rows) > most:
            break
    problems = [over_the_cap(most + 1, f"{most:,} rows")] if len(rows) > most else []
    rows, header = rows[:most], tuple(names[i] for i in wanted)
    return grid_of_cells(rows, header, problems)


def _column(array: "Array", naming: Naming | None) -> Sequence[object]:
    values = _values(array)
    return [naming(value) for value in values] if naming else values


def _values(array: "Array") -> Sequence[object]:
    """An array's values, texts cut to what is looked at, equal ones shared."""
    # Imported here, as above.
    from pyarrow import types

    kind = array.type
    if types.is_dictionary(kind):
        shared = _values(array.dictionary)
        return [None if i is None else shared[i] for i in array.indices.to_pylist()]
    if types.is_list(kind) or types.is_large_list(kind):
        return list(_lists(array))
    if types.is_struct(kind):
        fields = [kind.field(i).name for i in range(kind.num_fields)]
        inside = [_values(array.field(i)) for i in range(kind.num_fields)]
        there = array.is_valid().to_pylist()
        rows = zip(*inside, strict=True) if inside else ([()] * len(array))
        return [dict(zip(fields, row, strict=True)) if ok else None
                for row, ok in zip(rows, there, strict=True)]  # fmt: skip
    return [_cut(value) for value in _plain(array)]


def _lists(array: "Array") -> Iterator[Sequence[object] | None]:
    ends = array.offsets.to_pylist()
    start = ends[0] if ends else 0
    inside = _values(array.values.slice(start, ends[-1] - start if ends else 0))
    for ok, begin, end in zip(array.is_valid().to_pylist(), ends, ends[1:], strict=False):
        yield inside[begin - start : end - start] if ok else None


def _plain(array: "Array") -> list[object]:
    # Imported here, as above.
    from pyarrow import timestamp, types

    try:
        return array.to_pylist()
    except (ValueError, TypeError, LookupError):  # nanoseconds, or a time zone unknown here
        if types.is_timestamp(array.type):
            array = array.cast(timestamp(array.type.unit, "UTC"))
        return array.cast("string").to_pylist()


def _cut(value: object) -> object:
    if isinstance(value, str | bytes):
        return as_text(value[:_CHARACTERS])
    return value
