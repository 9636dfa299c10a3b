"""The samples are written by hand; these tests keep them varied, balanced and well formed."""

import csv
import re
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

FOLDER = Path(__file__).parents[2] / "playground" / "data" / "samples"
FILES = sorted(FOLDER.glob("*.csv"))

FEWEST_ROWS = {
    "film-reviews": 300,
    "shop-reviews": 150,
    "support-tickets": 300,
    "does-it-follow": 200,
}
LABELS = {
    "film-reviews": {"positive", "negative"},
    "shop-reviews": {"positive", "negative"},
    "support-tickets": {"billing", "bug", "delivery", "login", "praise", "refund"},
    "does-it-follow": {"yes", "no"},
}
PHRASE = 5  # words
LARGEST_SHARE = 0.03  # of the rows that may hold the same phrase


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def rows(path):
    """Every line below the header, as a list of cells; the last one is the label."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))[1:]


def words(text):
    return re.findall(r"\w+(?:['’]\w+)*", text.lower())


def phrases(row):
    """The runs of five words in a row's text columns, each once, none across two columns."""
    found = set()
    for cell in row[:-1]:
        w = words(cell)
        found.update(" ".join(w[i : i + PHRASE]) for i in range(len(w) - PHRASE + 1))
    return found


def folded(row):
    """A row's text without case, punctuation and spaces."""
    return re.sub(r"[\W_]", "", " ".join(row[:-1]).casefold())


def repeated(things):
    return [thing for thing, times in Counter(things).items() if times > 1]


def test_the_four_samples_are_there():
    assert {path.stem for path in FILES} == set(LABELS)


def test_no_phrase_is_stamped_out(rows):
    counts = Counter(phrase for row in rows for phrase in phrases(row))
    most = LARGEST_SHARE * len(rows)
    assert {phrase: n for phrase, n in counts.items() if n > most} == {}


def test_no_row_is_there_twice(rows):
    assert repeated(folded(row) for row in rows) == []


def test_there_are_enough_rows(path, rows):
    assert len(rows) >= FEWEST_ROWS[path.stem]


def test_the_labels_are_the_expected_ones(path, rows):
    assert {row[-1] for row in rows} == LABELS[path.stem]


def test_the_file_is_plain_utf_8(path):
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf"), "a byte order mark"
    raw.decode("utf-8")


def test_every_row_has_all_its_cells(path, rows):
    with path.open(encoding="utf-8", newline="") as file:
        width = len(next(csv.reader(file)))
    assert [row for row in rows if len(row) != width or not all(row)] == []


def test_no_cell_starts_or_ends_with_a_space(rows):
    assert [cell for row in rows for cell in row if cell != cell.strip()] == []


def test_lengths_vary(path, rows):
    lengths = [sum(len(words(cell)) for cell in row[:-1]) for row in rows]
    if path.stem.endswith("-reviews"):
        assert min(lengths) <= 4
        assert max(lengths) >= 40
    else:
        assert max(lengths) >= 3 * median(lengths)


def test_reviews_are_balanced(path, rows):
    if not path.stem.endswith("-reviews"):
        pytest.skip("only the review samples promise it")
    counts = Counter(row[-1] for row in rows).values()
    assert max(counts) - min(counts) <= 0.02 * len(rows)
