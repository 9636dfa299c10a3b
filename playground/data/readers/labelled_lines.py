"""Lines that begin with their label: fastText's “__label__x some text”, or “0 some text, …”."""

from collections import Counter
from collections.abc import Callable, Sequence

from playground.data.grid import Grid, left_out, most_rows, over_the_cap
from playground.data.names import LABEL_NAMES, key, words

_MARK = "__label__"
_HEADER = ("label", "text")
_NEARLY_ALL = 0.95  # share of lines that must begin with a label where nothing else divides them
_MOST_LABELS = 50
_FIRST = 200  # lines by which most files are told apart
_TOKEN = 40  # characters of a label at the beginning of a line
# Words that begin lines of published files as labels; others begin sentences.
_LABELS = words("pos neg neu positive negative neutral spam ham true false yes no toxic clean")
Divide = Callable[[str], tuple[object, str] | None]  # a line's label and its text


def read_labelled(lines: Sequence[str]) -> Grid | None:
    """The rows of lines that all begin with a label, None for other lines."""
    return _read_fasttext(lines) or _read_label_first(lines, 1.0)


def read_mostly_labelled(lines: Sequence[str]) -> Grid | None:
    """The same where nearly all lines begin with a label; the others are left out and told."""
    return _read_label_first(lines, _NEARLY_ALL)


def _read_fasttext(lines: Sequence[str]) -> Grid | None:
    if not any(_MARK in line for line in lines[:_FIRST]):
        return None
    filled = [line for line in lines if line.strip()]
    if sum(_MARK in line for line in filled) < _NEARLY_ALL * len(filled):
        return None
    several = any(len(_fasttext_labels(line)) > 1 for line in filled)
    return _grid(lines, lambda line: _fasttext_cells(line, several))


def _fasttext_labels(line: str) -> list[str]:
    """The words that carry the mark, wherever they are."""
    return [w.removeprefix(_MARK).rstrip(",") for w in line.split() if w.startswith(_MARK)]


def _fasttext_cells(line: str, several: bool) -> tuple[object, str] | None:
    """(its label, its text); several: whether labels come as lists."""
    labels = _fasttext_labels(line)
    text = " ".join(word for word in line.split() if not word.startswith(_MARK))
    return (labels if several else labels[0], text.removeprefix(", ")) if labels else None


def _read_label_first(lines: Sequence[str], share: float) -> Grid | None:
    if not _may_begin_with_labels(lines[:_FIRST], share):
        return None
    found = [cells for line in lines if line.strip() and (cells := _first_cells(line))]
    total = sum(1 for line in lines if line.strip())
    labels = Counter(label for label, _ in found)
    if len(found) < max(4, share * total) or not 1 < len(labels) <= _MOST_LABELS:
        return None
    if 2 * len(labels) > len(found) or not _are_labels(labels):
        return None
    return _grid(lines, lambda line: _known_cells(line, labels))


def _may_begin_with_labels(lines: Sequence[str], share: float) -> bool:
    """Whether the first lines do: most files are known to be others by them."""
    filled = [line for line in lines if line.strip()]
    return sum(_first_cells(line) is not None for line in filled) >= share * len(filled) > 0


def _first_cells(line: str) -> tuple[str, str] | None:
    """(first word, the rest), where a blank divides them and the rest has words."""
    parts = line.strip().split(" ", 1)
    if len(parts) < 2 or not parts[1].strip() or len(parts[0]) > _TOKEN or "\t" in parts[0]:
        return None
    if parts[0][-1] in ',;|"' or parts[0][0] in '"{[(<':
        return None
    rest = parts[1].strip().removeprefix("- ").removeprefix("– ")
    label = parts[0].rstrip(":") if parts[0] != ":" else ""
    return (label, rest) if label and any(c.isalpha() for c in rest) else None


def _known_cells(line: str, labels: Counter[str]) -> tuple[object, str] | None:
    cells = _first_cells(line)
    return cells if cells and cells[0] in labels else None


def _are_labels(labels: Counter[str]) -> bool:
    """Numbers, words that are labels in many files, or names like DESC:manner and ENTY."""
    return (
        all(label.lstrip("+-").isdecimal() for label in labels)
        or all(key(label) in _LABELS for label in labels)
        or all(_is_code(label) for label in labels)
    )


def _is_code(label: str) -> bool:
    head = label.split(":")[0]
    return len(head) > 1 and head.isupper() and head.isascii() and head.isalpha()


def _grid(lines: Sequence[str], cells_of: Divide) -> Grid:
    grid, most = Grid([], [], header=_HEADER), most_rows(len(_HEADER))
    others: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(grid.rows) >= most:
            grid.problems.append(over_the_cap(number))
            break
        cells = cells_of(line)
        if cells is not None and cells[1]:
            grid.rows.append(list(cells))
            grid.lines.append(number)
        elif not (number == 1 and key(line.split()[0]) in LABEL_NAMES):
            others.append((number, line.strip()))
    grid.problems.extend(
        left_out(
            "line without a label",
            "no label, or no text, where the other lines begin with one",
            "Begin the line with its label and a blank.",
            others,
        )
    )
    return grid
