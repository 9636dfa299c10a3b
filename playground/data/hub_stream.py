"""The process that streams a data set of the Hub: python -m playground.data.hub_stream PARENT ID …

A process of its own, because the libraries it loads are large, read settings when they are
imported, and may hang on a bad line; with limits, because whoever names a data set may have made
it. It answers as the one that reads uploads.
"""

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import datasets
import huggingface_hub as hub

from playground import limits
from playground.data.building import build
from playground.data.grid import Grid, check_width, names_of, over_the_cap
from playground.data.problem import Problem, counted, shown
from playground.data.reader import ProcessLimits, answer, confine
from playground.data.readers.record_grid import grid_of_cells
from playground.data.table import Table
from playground.data.values import as_text, is_nested
from playground.errors import UserError

REACH_SECONDS = 10.0  # until the Hub counts as out of reach
STREAM_SECONDS = 90.0  # until the rows that have come are enough
# Of the library that speaks with the Hub: requests, httpx or httpx2, as its version has it.
_NO_ANSWER = hub.errors.HTTPError
_OWN_FILE = "Or download it elsewhere and bring the file."
_TROUBLES = (  # what the libraries raise when the Hub or a data set is not as it should be
    _NO_ANSWER, datasets.exceptions.DatasetsError, OSError, ValueError, RuntimeError,
    LookupError, TypeError, AttributeError, NotImplementedError, ImportError, RecursionError,
)  # fmt: skip
LIMITS = ProcessLimits(
    limits.HUB_READ_SECONDS,
    limits.HUB_READ_CPU_SECONDS,
    limits.HUB_READ_MEMORY_BYTES,
    limits.FILE_BYTES,
)


@dataclass(frozen=True)
class Source:
    """What is read: the data set, its configuration and its split."""

    dataset_id: str
    configuration: str
    split: str


def main(dataset_id: str, configuration: str, split: str) -> None:
    """Says the table, as reader.py does."""
    answer(dataset_id, lambda: _table(*stream(dataset_id, configuration, split)))


def stream(dataset_id: str, configuration: str, split: str) -> tuple[Source, Grid]:
    """The first rows of a split. Raises UserError."""
    _reach(dataset_id)
    # Its own patience is 20 retries of 5 seconds, too long for somebody who waits.
    datasets.config.STREAMING_READ_MAX_RETRIES = 2
    datasets.config.STREAMING_READ_RETRY_INTERVAL = 1
    try:
        source = _chosen(dataset_id, configuration, split)
        return source, _grid(_opened(source))
    except _TROUBLES as error:
        raise _refusal(dataset_id, error) from error


def _reach(dataset_id: str) -> None:
    """One quick question, so that every refusal comes within seconds."""
    shut = UserError(
        f"There is no open data set {shown(dataset_id)} on the Hub: the id is misspelt, or it is"
        f" private or gated. Check the id, or ask for access on its page and sign in. {_OWN_FILE}"
    )
    try:
        hub.HfApi().dataset_info(dataset_id, timeout=REACH_SECONDS)
    except hub.errors.OfflineModeIsEnabled as error:
        raise UserError(
            "The Hub is switched off here (HF_HUB_OFFLINE is set). Bring a file, paste rows, or use"
            " a sample."
        ) from error
    except (hub.errors.RepositoryNotFoundError, hub.errors.HFValidationError) as error:
        raise shut from error
    except hub.errors.HfHubHTTPError as error:
        if error.response.status_code in (401, 403, 404):
            raise shut from error
        raise _out_of_reach(f"it answered {error.response.status_code}") from error
    except (_NO_ANSWER, OSError) as error:
        raise _out_of_reach("no connection") from error


def _out_of_reach(reason: str) -> UserError:
    return UserError(
        f"The Hub cannot be reached ({reason}). Bring a file, paste rows, or use a sample; or try"
        " again when there is a network."
    )


def _refusal(dataset_id: str, error: Exception) -> UserError:
    """What went wrong while reading, in a sentence."""
    text = str(error)
    if "dataset scripts" in text.lower():
        return UserError(
            f"The data set {shown(dataset_id)} is made by a script, and code from the Hub is never"
            " run. Look for a copy of it in Parquet, CSV or JSON, or bring the file."
        )
    status = getattr(getattr(error, "response", None), "status_code", None)
    if "gated" in text.lower() or status in (401, 403):
        return UserError(
            f"The data set {shown(dataset_id)} is gated. Ask for access on its page and sign in"
            f" (hf auth login). {_OWN_FILE}"
        )
    if isinstance(error, ConnectionError | TimeoutError):
        return _out_of_reach("the connection broke off")
    return UserError(
        f"The data set {shown(dataset_id)} cannot be read ({type(error).__name__}): its files may"
        f" be of a kind that is no table. Try another data set. {_OWN_FILE}"
    )


def _chosen(dataset_id: str, configuration: str, split: str) -> Source:
    """The configuration and split to read. Raises UserError with the list when one must choose."""
    configurations = datasets.get_dataset_config_names(dataset_id)
    chosen = _pick("configuration", configuration, configurations, "default")
    splits = [str(name) for name in datasets.get_dataset_split_names(dataset_id, chosen)]
    return Source(dataset_id, chosen, _pick("split", split, splits, "train"))


def _pick(what: str, wanted: str, there: Sequence[str], usual: str) -> str:
    if wanted in there:
        return wanted
    if not wanted and (len(there) == 1 or usual in there):
        return usual if usual in there else there[0]
    problem = f"no {what} {shown(wanted)}" if wanted else f"more than one {what}"
    shown_all = ", ".join(there[:40]) + (" …" if len(there) > 40 else "")
    raise UserError(f"The data set has {problem}. Choose one of: {shown_all}.")


def _opened(source: Source) -> Any:
    return datasets.load_dataset(
        source.dataset_id, source.configuration, split=source.split, streaming=True
    )


def _grid(stream: Any) -> Grid:
    """The first rows of a stream, for as long as it may take."""
    if stream.features is None:
        stream = stream._resolve_features()
    readable = {name: kind for name, kind in stream.features.items() if not _is_media(kind)}
    check_width(len(readable))
    media = [name for name in stream.features if name not in readable]
    rows = stream.remove_columns(media) if media else stream
    grid = Grid([], [], _media_note(media), tuple(readable), "row")
    started, size = time.monotonic(), 0
    for number, row in enumerate(islice(rows, limits.ROWS + 1), 1):
        late = time.monotonic() - started > STREAM_SECONDS
        if number > limits.ROWS or late:
            grid.problems.append(_unfinished(number, late))
            break
        if size > limits.TEXT_CHARACTERS:
            break  # the table leaves out what is too much, and says so
        cells = list(_cells(row, readable))
        size += sum(len(cell) for cell in cells if isinstance(cell, str))
        grid.rows.append(cells)
        grid.lines.append(number)
    return grid


def _is_media(feature: object) -> bool:
    """Images, sound and the like: opening them takes other libraries, and there is no text."""
    return type(feature).__name__ in ("Image", "Audio", "Video", "Pdf", "Nifti", "Mesh")


def _cells(row: Mapping[str, object], features: Mapping[str, Any]) -> Iterable[object]:
    for name, feature in features.items():
        value = row.get(name)
        if hasattr(feature, "int2str") and isinstance(value, int):
            yield feature.int2str(value) if 0 <= value < feature.num_classes else ""
        else:
            yield value if is_nested(value) else as_text(value)


def _media_note(columns: Sequence[str]) -> list[Problem]:
    if not columns:
        return []
    message = (
        f"{counted(len(columns), 'column')} with images or sound left out: {names_of([*columns])}."
    )
    return [Problem("no text", message, "Choose a text column.", "note", column=columns[0])]


def _unfinished(number: int, late: bool) -> Problem:
    if not late:
        return over_the_cap(number)
    message = f"The rows came slowly; after {STREAM_SECONDS:g} seconds {number - 1:,} are used."
    return Problem("over the cap", message, "Try again later for more.", "warning", line=number)


def _table(source: Source, grid: Grid) -> Table:
    rows = json.loads(json.dumps(grid.rows, default=as_text))  # nothing but what JSON knows
    name = f"{source.dataset_id} · {source.split}"
    return build(name, grid_of_cells(rows, grid.header or (), grid.problems))


if __name__ == "__main__":
    confine(int(sys.argv[1]), LIMITS)
    main(*sys.argv[2:])
