"""TF-IDF with logistic regression: what it learns, what it answers, what it costs."""

import math

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from playground.data.example import Example
from playground.errors import UserError
from playground.evaluation.baselines.tfidf import LEAST, fit

WORDS = {"pos": ("fine", "grand", "lovely"), "neg": ("dull", "poor", "weak")}


def taught(each: int = 6) -> list[Example]:
    """`each` examples of each label, told apart by one word."""
    return [
        Example({"text": f"A {words[i % 3]} film, number {i}."}, label, i)
        for label, words in WORDS.items()
        for i in range(each)
    ]


def shares(found) -> list[list[float]]:
    return [[math.exp(number) for number in one.total] for one in found[0]]


@pytest.mark.parametrize("each", [2, 6], ids=["C is 10", "C is chosen"])
def test_it_learns_words_and_its_beliefs_sum_to_one(each):
    found = shares(
        fit(taught(each), ("neg", "pos"), ("text",)).ask([{"text": "grand"}, {"text": "poor"}])
    )

    assert found[0][1] > 0.5 > found[1][1]
    assert [sum(row) for row in found] == pytest.approx([1, 1])


def test_it_answers_in_the_order_of_the_labels_also_one_it_has_never_seen():
    there = fit(taught(), ("neg", "pos", "new"), ("text",)).ask([{"text": "grand"}])[0][0]
    back = fit(taught(), ("pos", "new", "neg"), ("text",)).ask([{"text": "grand"}])[0][0]

    neg, pos, new = there.total
    assert back.total == (pos, new, neg)
    assert there.total == there.restricted
    assert there.length == (1, 1, 1)
    assert there.total[2] == pytest.approx(math.log(LEAST))


def test_the_same_examples_give_the_same_answers():
    rows = [{"text": "a fine and weak film"}]
    first, again = (fit(taught(), ("pos", "neg"), ("text",)).ask(rows)[0] for _ in range(2))

    assert first == again


def test_all_texts_of_a_row_are_read():
    pairs = [Example({"a": "the same", "b": one.row["text"]}, one.label, 1) for one in taught()]
    found = fit(pairs, ("neg", "pos"), ("a", "b"))

    told = shares(found.ask([{"a": "the same", "b": "grand"}, {"a": "the same", "b": "poor"}]))
    assert told[0][1] > 0.5 > told[1][1]
    assert found.ask([{"a": "one two", "b": "three"}])[1] == 3


def sides(count: int) -> list[Example]:
    """The same words in every example: only where they stand tells the labels apart."""
    made = []
    for i in range(count):
        texts = [f"It was a grand film, number {i}.", f"It was a poor film, number {i}."]
        first, second = texts if i % 2 else reversed(texts)
        made.append(Example({"a": first, "b": second}, ("second", "first")[i % 2], i))
    return made


def test_each_text_of_a_pair_has_words_of_its_own():
    found = fit(sides(12), ("first", "second"), ("a", "b"))

    told = shares(found.ask([{"a": "grand", "b": "poor"}, {"a": "poor", "b": "grand"}]))
    assert told[0][0] > 0.9
    assert told[1][1] > 0.9


def test_a_pair_costs_the_words_of_both():
    two = [Example({"a": "good", "b": "film"}, "x", 1), Example({"a": "bad", "b": "film"}, "y", 2)]
    found = fit(two, ("x", "y"), ("a", "b"))

    assert found.trainable == 3 + 1
    assert found.bytes == 8 * (3 + 1 + 3) + len("good") + len("bad") + len("film")


@pytest.mark.parametrize("words", [0, 1], ids=["none", "in one example"])
def test_a_text_with_next_to_no_words_leaves_the_other_to_learn_from(words, recwarn):
    pairs = [
        Example({"a": one.row["text"], "b": "once" if i < words else "…"}, one.label, i)
        for i, one in enumerate(taught())
    ]
    found = fit(pairs, ("neg", "pos"), ("a", "b"))

    told = shares(found.ask([{"a": "grand", "b": ""}, {"a": "poor", "b": "unseen"}]))
    assert told[0][1] > 0.5 > told[1][1]
    assert not recwarn.list


def test_a_single_text_is_answered_as_by_the_plain_libraries():
    texts, truth = zip(*((one.row["text"], one.label) for one in taught(4)), strict=True)
    plain = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"),
        LogisticRegression(C=10, max_iter=1000),
    ).fit(texts, truth)

    asked = ["a grand film", "poor and weak"]
    found = fit(taught(4), ("neg", "pos"), ("text",)).ask([{"text": text} for text in asked])
    assert shares(found) == pytest.approx(plain.predict_proba(asked), rel=1e-12)


def test_it_costs_a_number_for_each_word_and_pair_and_what_holds_them():
    two = [Example({"text": "good film"}, "pos", 1), Example({"text": "bad film"}, "neg", 2)]
    found = fit(two, ("pos", "neg"), ("text",))

    words = ("good", "bad", "film", "good film", "bad film")
    assert found.trainable == len(words) + 1  # and one intercept
    weights = (len(words) + 1) + len(words)  # coefficients and intercept; how rare each word is
    assert found.bytes == 8 * weights + sum(map(len, words))


def test_it_is_logistic_regression_on_sublinear_counts():
    """Worked by hand: "b b" has 1 + ln 2 counts; every word is in one text of two."""
    two = [Example({"text": "a"}, "x", 1), Example({"text": "b b"}, "y", 2)]
    counts = fit(two, ("x", "y"), ("text",)).pipeline[0]

    idf = math.log(3 / 2) + 1
    own, pair = (1 + math.log(2)) * idf, idf  # "b" twice, "b b" once
    row = counts.transform([{"text": "b b"}]).toarray()[0]
    norm = math.hypot(own, pair)
    assert sorted(row) == pytest.approx([0, pair / norm, own / norm])


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ([Example({"text": "a"}, "x", 1)], "fewer than two labels"),
        ([Example({"text": "…"}, "x", 1), Example({"text": "!"}, "y", 2)], "finds no word"),
    ],
)
def test_what_nothing_can_be_learnt_from_is_said(examples, said):
    with pytest.raises(UserError, match=said):
        fit(examples, ("x", "y"), ("text",))
