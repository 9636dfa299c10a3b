"""The first task a person sees for a table is one they could have written."""

import pytest

from playground.data.parsing import parse_text as paste
from playground.data.table import assembled
from playground.data.wording import distinct, label_words, title
from playground.errors import UserError
from playground.tasks.classification import Task

LONG = "a text of quite some words, as people write them, number {}"


def guessed(columns, labels):
    """The task guessed for a table whose last column holds the labels, each label thrice."""
    texts, label = columns[:-1], columns[-1]
    rows = [
        {**{c: f"{c}: {LONG.format(3 * i + j)}" for c in texts}, label: value}
        for i, value in enumerate(labels)
        for j in range(3)
    ]
    return Task.guess(assembled("t", columns, rows, range(2, len(rows) + 2)))


@pytest.mark.parametrize(
    ("columns", "labels", "template", "words"),
    [
        (
            ["review", "sentiment"],
            ["pos", "neg"],
            "Review: {review}\nSentiment:",
            ["negative", "positive"],
        ),
        (["text", "label"], ["POS", "NEG"], "Review: {text}\nSentiment:", ["negative", "positive"]),
        (["text", "polarity"], ["0", "1"], "Review: {text}\nPolarity:", ["negative", "positive"]),
        (
            ["text", "sentiment"],
            ["-1", "0", "1"],
            "Review: {text}\nSentiment:",
            ["negative", "neutral", "positive"],
        ),
        (["text", "label"], ["0", "1"], "Text: {text}\nLabel:", ["0", "1"]),
        (["text", "is_spam"], ["0.0", "1.0"], "Text: {text}\nIs spam:", ["no", "yes"]),
        (
            ["text", "sentiment"],
            ["0,0", "1,0"],
            "Review: {text}\nSentiment:",
            ["negative", "positive"],
        ),
        (
            ["How was it?", "Would you come again?"],
            ["Sure", "Never"],
            "How was it? {How was it?}\nWould you come again?",
            ["Never", "Sure"],
        ),
        (
            ["ticket_text", "intent"],
            ["card_arrival", "lost-card"],
            "Ticket text: {ticket_text}\nIntent:",
            ["card arrival", "lost-card"],
        ),
        (
            ["utterance", "intent"],
            ["AddToPlaylist", "GetWeather"],
            "Utterance: {utterance}\nIntent:",
            ["add to playlist", "get weather"],
        ),
        (["question", "label"], ["LOC", "HUM"], "Question: {question}\nLabel:", ["HUM", "LOC"]),
        (
            ["premise", "hypothesis", "label"],
            ["entailment", "not_entailment"],
            "{premise}\nQuestion: {hypothesis} Yes or no?\nAnswer:",
            ["yes", "no"],
        ),
        (
            ["text_a", "text_b", "label"],
            ["entailment", "neutral", "contradiction"],
            "{text_a}\nQuestion: {text_b} Yes, no or maybe?\nAnswer:",
            ["no", "yes", "maybe"],
        ),
        (
            ["question", "passage", "answer"],
            ["true", "false"],
            "{passage}\nQuestion: {question} True or false?\nAnswer:",
            ["false", "true"],
        ),
        (
            ["question1", "question2", "kind"],
            ["near", "far"],
            "Question1: {question1}\nQuestion2: {question2}\nKind:",
            ["far", "near"],
        ),
    ],
)
def test_a_table_gets_a_task_in_natural_words(columns, labels, template, words):
    task = guessed(columns, labels)

    assert task.template == template
    assert list(task.words) == words


def test_a_column_named_answer_is_no_slot():
    task = guessed(["answer", "label"], ["good", "bad"])

    assert task.text_columns == ("answer",)
    assert task.render({"answer": "A."}).before.startswith("Answer: A.\n")


def test_braces_in_names_stay_braces():
    task = guessed(["the {text}", "the {label}"], ["a", "b"])

    assert task.render({"the {text}": "A."}).before == "The {text}: A.\nThe {label}:"


def test_no_word_is_another_or_begins_another():
    labels = ["card", "card arrival", "card_arrival", "card arrival late", "Card"]
    words = distinct(label_words(labels), labels)

    assert len(set(words)) == len(labels)
    starts = [(a, b) for a in words for b in words if a != b and f"{b} ".startswith(f"{a} ")]
    assert starts == []


def test_words_that_only_share_letters_stay():
    assert distinct(["1", "10", "car", "card"], ["1", "10", "car", "card"]) == [
        "1",
        "10",
        "car",
        "card",
    ]


UNCHANGED = [
    *("JavaScript", "LaTeX", "C++", "C#", "C", "NaN", "COVID-19", "18-24", "e-mail", "non-toxic"),
    *("iPhone", "eBay", "macOS", "GitHub", "YouTube", "McDonald", "U.S.", "GPT-4", "ham", "B-PER"),
    *("NUM:dist", "rec.sport.hockey", "Sci/Tech", "R&D", "AT&T", "O'Reilly", ".NET", "node.js"),
    *("arXiv", "mRNA", "LOC", "-1", "+1", "50%", "A-", "😀", "❤️", "спам", "正面", "___"),
    *("well-formed", "out-of-scope", "New York", "not spam"),
]


def test_a_label_that_is_a_word_or_a_name_stays_as_it_is():
    assert distinct(label_words(UNCHANGED), UNCHANGED) == UNCHANGED


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("not_spam", "not spam"),
        ("customerService", "customer service"),
        ("isSpam", "is spam"),
        ("CUSTOMER_SERVICE", "customer service"),
        ("Refund_not_showing_up", "Refund not showing up"),
        ("New_York", "New York"),
        ("US_politics", "US politics"),
        ("COVID_19", "COVID 19"),
        ("class_1", "class 1"),
        ("__label__not_spam", "not spam"),
        ("AddToPlaylist", "add to playlist"),
        ("pos\u200b", "pos"),
        ("не_спам", "не спам"),
    ],
)
def test_a_label_that_only_a_program_writes_becomes_words(label, word):
    assert label_words([label]) == [word]


def test_capitals_are_taken_apart_where_the_labels_are_a_programs_names():
    assert label_words(["GetWeather", "SearchCreativeWork", "SearchScreeningEvent"]) == [
        "get weather",
        "search creative work",
        "search screening event",
    ]
    assert label_words(["JavaScript", "TypeScript"]) == ["JavaScript", "TypeScript"]


def test_titles_start_large():
    assert title("review_text") == "Review text"
    assert title("ReviewText") == "Review text"
    assert title("HS") == "HS"


@pytest.mark.parametrize(
    ("column", "labels", "words"),
    [
        ("sentiment", ["1.0", "0.0"], ["negative", "positive"]),
        ("sentiment", ["1", "-1"], ["negative", "positive"]),
        ("polarity", ["0", "2", "4"], ["negative", "neutral", "positive"]),
        (
            "sentiment",
            ["1", "2", "3", "4", "5"],
            ["very negative", "negative", "neutral", "positive", "very positive"],
        ),
        ("sentiment", ["True", "False"], ["negative", "positive"]),
        ("sentiment", ["0", "1", "2", "3"], ["0", "1", "2", "3"]),
        ("stars", ["5.0", "4.0", "3.0", "2.0", "1.0"], ["1", "2", "3", "4", "5"]),
        ("label", ["1.0", "0.0"], ["0", "1"]),
        ("score", ["0.5", "1.0"], ["0.5", "1.0"]),
        ("spam", ["TRUE", "FALSE"], ["false", "true"]),
        ("follows", ["Yes", "No"], ["no", "yes"]),
    ],
)
def test_numbers_and_truth_values_get_the_words_a_reader_expects(column, labels, words):
    assert list(guessed(["text", column], labels).words) == words


def test_one_label_is_no_task():
    with pytest.raises(UserError, match=r"has 1 different label; a task needs 2 to 200"):
        Task.guess(paste("text,label\na b,x\nc d,x\n"))


def test_a_table_without_labels_says_which_columns_there_are():
    with pytest.raises(UserError, match=r"looks like labels.*Choose one of: text"):
        Task.guess(paste("text\nsome words\nother words\n"))
