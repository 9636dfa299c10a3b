"""Texts in files named for their labels: one a file in folders, or what users say by intent."""

import json
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from playground import limits
from playground.data.grid import Grid
from playground.data.problem import Problem
from playground.data.readers.json_by_label import texts_of
from playground.data.readers.part_names import part_of

_SAYS = re.compile(r"(.+)_usersays_[\w-]+\.json")  # of Dialogflow: what users say, by intent
_LEAST = 10  # files from which on a folder of .txt files is taken for one text a file


def texts_in_folders(files: Sequence[tuple[str, bytes]]) -> Grid | None:
    """One text a file, in folders named for the labels, as neg/1.txt and pos/2.txt."""
    texts = [(PurePosixPath(name), raw) for name, raw in files if name.lower().endswith(".txt")]
    folders = {path.parent for path, _ in texts}
    if len(texts) < max(_LEAST, len(files) / 2) or not 1 < len(folders) <= limits.LABELS:
        return None
    grid = Grid([], [], header=("text", "label", "split"), unit="row")
    for number, (path, raw) in enumerate(texts, 1):
        text = raw.decode("utf-8", errors="replace")
        grid.rows.append([text, path.parent.name, part_of(str(path.parent))])
        grid.lines.append(number)
    message = f"{len(texts):,} texts, one a file, labelled by the folders they are in."
    way_out = "Bring a table with a text and a label column if the folders are no labels."
    grid.problems.append(Problem("several files", message, way_out, "note", count=len(texts)))
    if any(row[2] for row in grid.rows):
        return grid
    return Grid([row[:2] for row in grid.rows], grid.lines, grid.problems, ("text", "label"))


def texts_by_intent(files: Sequence[tuple[str, bytes]]) -> Grid | None:
    """Dialogflow's export: intents/refund_usersays_en.json holds what users say for “refund”."""
    grid = Grid([], [], header=("text", "intent"), unit="row")
    for name, raw in files:
        says = _SAYS.fullmatch(PurePosixPath(name).name)
        if not says:
            continue
        try:
            texts = texts_of(json.loads(raw))
        except (ValueError, RecursionError):
            continue
        grid.rows.extend([text, says.group(1)] for text in texts)
    grid.lines.extend(range(1, len(grid.rows) + 1))
    return grid if grid.rows else None
