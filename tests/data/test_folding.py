"""When texts are equal, when they are near-copies, and that neither takes long to find out."""

import time

import pytest

from playground.data.folding import composed, folded, is_blank, look, near_key, tidy

CAFE = ("caf\u00e9", "cafe\u0301")  # composed and decomposed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A dull,  film!", "a DULL film", True),
        ("“Quoted” — text…", "quoted text", True),
        ("STRASSE", "straße", True),
        ("full width", "ｆｕｌｌ ｗｉｄｔｈ", True),
        ("no\u00a0break", "no break", True),
        ("soft\u00adhyphen", "softhyphen", True),
        ("\u200fmarks\u200e", "marks", True),
        (*CAFE, True),
        (":)", ":(", False),
        ("love it 😀", "love it 😡", False),
        ("कि", "की", False),
        ("1", "2", False),
        ("2 + 3", "2 - 3", False),
    ],
)
def test_folding_forgets_how_but_not_what(one, other, same):
    assert (folded(one) == folded(other)) is same
    assert (near_key([one, "x"]) == near_key([other, "x"])) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (*CAFE, True),
        (" text\n", "text", True),
        ("Text", "text", False),
        ("x.", "x?", False),
        ("a  b", "a b", False),
        ("ｘ", "x", False),
    ],
)
def test_equal_texts_have_the_same_characters(one, other, same):
    assert (composed(one) == composed(other)) is same


def test_what_cannot_be_seen_is_nothing():
    assert is_blank("\u200b\ufeff \u3164")
    assert not is_blank("\u200b.")
    assert look("❤\ufe0f") == "❤"
    assert tidy("❤\ufe0f pos\u200b") == "❤\ufe0f pos"
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"


def test_two_columns_are_not_one():
    assert near_key(["a", "b"]) != near_key(["a b", ""])


@pytest.mark.parametrize(
    "cell",
    ["a" + "\u0301\u0327" * 10_000, "\ufdfa" * 20_000, "\U00010a0d\U00010a0f" * 10_000],
    ids=["marks out of order", "a sentence in one sign", "marks of an old script"],
)
def test_no_cell_takes_long_to_fold(cell):
    begun = time.process_time()

    assert len(folded(cell)) <= 3 * len(cell)
    composed(cell)
    look(cell)

    assert time.process_time() - begun < 0.2  # a run of marks put in order takes 0.4 s each time
