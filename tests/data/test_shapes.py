"""Tables shaped like well-known public ones get the columns a person would choose."""

import random

import pytest

from playground.data.table import assembled

ROWS = 60
WORDS = [f"{first}{second}" for first in ("el", "fer", "mo", "pi") for second in ("m", "ns", "ss")]
EMOTIONS = ("admiration", "anger", "joy", "sadness")


def sentence(count, seed):
    return " ".join(random.Random(seed).choices(WORDS, k=count)).capitalize() + "."


def one_of(*values):
    """A cell that is one of the values, each about as often."""
    return lambda i: values[(i * 7 + i // 5) % len(values)]


def in_few(cell, every):
    return lambda i: cell(i) if i % every == 0 else ""


def text(count=12):
    return lambda i: sentence(count, f"{count} {i}")


def when(condition):
    return lambda i: str(int(condition(i)))


def made(columns):
    rows = [{name: str(cell(i)) for name, cell in columns.items()} for i in range(ROWS)]
    return assembled("t", list(columns), rows, range(2, ROWS + 2))


SHAPES = {
    "SMS spam": (
        {
            "v1": one_of("ham", "spam"),
            "v2": text(),
            "column_3": in_few(text(4), 20),
            "column_4": in_few(text(3), 30),
        },
        (("v2",), "v1", None),
    ),
    "tweets with a comment": (
        {"tweet": text(), "label": one_of("pos", "neg"), "comment": in_few(text(), 48)},
        (("tweet",), "label", None),
    ),
    "airline tweets": (
        {
            "tweet_id": lambda i: 570306133677760513 + 7 * i,
            "airline_sentiment": one_of("neutral", "positive", "negative"),
            "airline_sentiment_confidence": one_of("1.0", "0.3486", "0.6837"),
            "negativereason": lambda i: "Late Flight" if i % 3 else "",
            "airline": one_of("Delta", "United"),
            "airline_sentiment_gold": in_few(one_of("negative", "positive"), 15),
            "name": lambda i: f"flier{i % 40}x",
            "retweet_count": one_of("0", "0", "1"),
            "text": text(),
            "tweet_coord": in_few(lambda i: "[40.1, -74.2]", 9),
            "tweet_created": lambda i: f"2015-02-24 11:{i:02}:52 -0800",
            "user_timezone": one_of("Quito", "Eastern Time (US & Canada)"),
        },
        (("text",), "airline_sentiment", None),
    ),
    "IMDB": (
        {"review": text(40), "sentiment": one_of("pos", "neg")},
        (("review",), "sentiment", None),
    ),
    "AG News": (
        {"Class Index": one_of("1", "2", "3", "4"), "Title": text(7), "Description": text(25)},
        (("Title", "Description"), "Class Index", None),
    ),
    "DBpedia": (
        {"label": one_of(*map(str, range(1, 15))), "title": text(3), "content": text(30)},
        (("title", "content"), "label", None),
    ),
    "toxic comments": (
        {
            "id": lambda i: f"{i * 7919:012x}",
            "comment_text": text(),
            "toxic": when(lambda i: i % 3 == 0),
            "severe_toxic": when(lambda i: i % 9 == 0),
            "insult": when(lambda i: i % 6 == 0),
        },
        (("comment_text",), "toxic", None),
    ),
    "hate speech": (
        {
            "id": lambda i: 201 + i,
            "text": text(),
            "HS": when(lambda i: i % 3 == 0),
            "TR": when(lambda i: i % 6 == 0),
            "AG": when(lambda i: i % 9 == 0),
        },
        (("text",), "HS", None),
    ),
    "food reviews": (
        {
            "Id": lambda i: i + 1,
            "ProductId": one_of("B001E4KFG0", "B00813GRG4"),
            "UserId": lambda i: f"A3SGXH7AUHU8G{i}",
            "HelpfulnessNumerator": one_of("0", "1", "2"),
            "HelpfulnessDenominator": one_of("0", "1", "3"),
            "Score": one_of("1", "2", "3", "4", "5"),
            "Time": lambda i: 1303862400 + 86400 * i,
            "Summary": text(5),
            "Text": text(30),
        },
        (("Text",), "Score", None),
    ),
    "stars": (
        {
            "review_id": lambda i: f"en_{i}",
            "stars": one_of("1", "2", "3"),
            "review_body": text(30),
            "review_title": text(5),
            "language": lambda i: "en",
        },
        (("review_body", "review_title"), "stars", None),
    ),
    "financial news": (
        {"column_1": one_of("neutral", "positive"), "column_2": text(20)},
        (("column_2",), "column_1", None),
    ),
    "disaster tweets": (
        {
            "id": lambda i: 2 * i,
            "keyword": one_of("ablaze", "accident", "wreck"),
            "location": lambda i: "New York, NY" if i % 3 else "",
            "text": text(),
            "target": one_of("0", "1"),
        },
        (("text",), "target", None),
    ),
    "intents": (
        {"text": text(), "category": one_of("card_arrival", "lost_card", "Refund_not_showing_up")},
        (("text",), "category", None),
    ),
    "intents in domains": (
        {"domain": one_of("bank", "travel"), "text": text(), "intent": one_of("a", "b", "c", "d")},
        (("text",), "intent", None),
    ),
    "questions by quality": (
        {
            "Id": lambda i: 34552656 + 3 * i,
            "Title": text(7),
            "Body": text(30),
            "Tags": one_of("<java><list>", "<java>", "<python><list>"),
            "CreationDate": lambda i: "2016-01-01 00:21:59",
            "Y": one_of("HQ", "LQ_CLOSE", "LQ_EDIT"),
        },
        (("Title", "Body"), "Y", None),
    ),
    "emotions by rater": (
        {
            "text": text(),
            "author": lambda i: f"user_{i % 20}",
            "subreddit": one_of("cats", "chess", "askscience"),
            "created_utc": lambda i: 1546300800.0 + i,
            "rater_id": lambda i: i % 40,
            **{e: when(lambda i, k=k: i % 4 == k or i % 7 == k) for k, e in enumerate(EMOTIONS)},
        },
        (("text",), None, None),
    ),
    "question pairs": (
        {
            "id": lambda i: i,
            "qid1": lambda i: 2 * i,
            "qid2": lambda i: 2 * i + 1,
            "question1": text(8),
            "question2": text(9),
            "is_duplicate": one_of("0", "1"),
        },
        (("question1", "question2"), "is_duplicate", None),
    ),
    "news": (
        {
            "title": text(8),
            "text": text(40),
            "subject": one_of("politics", "world"),
            "date": lambda i: f"December {i % 28 + 1}, 2017",
        },
        (("title", "text"), "subject", None),
    ),
    "offensive tweets": (
        {
            "Unnamed: 0": lambda i: i,
            "count": one_of("3", "6"),
            "hate_speech": one_of("0", "1", "2"),
            "neither": one_of("3", "0", "1"),
            "class": one_of("0", "1", "2"),
            "tweet": text(),
        },
        (("tweet",), "class", None),
    ),
    "tweets without header": (
        {
            "column_1": one_of("0", "4"),
            "column_2": lambda i: 1467810369 + i,
            "column_3": lambda i: f"Mon Apr 06 22:19:{i:02} PDT 2009",
            "column_4": lambda i: "NO_QUERY",
            "column_5": lambda i: f"flier{i}x",
            "column_6": text(),
        },
        (("column_6",), "column_1", None),
    ),
    "coarse and fine, numbered": (
        {
            "label-coarse": one_of("0", "1"),
            "label-fine": one_of("0", "1", "2", "3"),
            "text": text(),
        },
        (("text",), "label-coarse", None),
    ),
    "levels": ({"text": text(), "level": one_of("A1", "B1", "C1")}, (("text",), "level", None)),
    "authors": (
        {"id": lambda i: f"id{7 * i:05}", "text": text(20), "author": one_of("EAP", "HPL", "MWS")},
        (("text",), "author", None),
    ),
    "folds and indices": (
        {
            "Unnamed: 0": lambda i: i,
            "row_id": lambda i: i,
            "text": text(),
            "fold": lambda i: i % 5,
            "is_train": one_of("0", "1"),
            "mood": one_of("good", "bad"),
            "subset": one_of("train", "test"),
        },
        (("text",), "mood", "subset"),
    ),
    "a short text beside a long remark": (
        {"remark": text(60), "text": text(4), "label": one_of("a", "b")},
        (("text",), "label", None),
    ),
    "numbers of a vector": (
        {
            "vector": lambda i: f"[{i}.5, 0.25, {i}.125]" * 20,
            "text": text(4),
            "label": one_of("a", "b"),
        },
        (("text",), "label", None),
    ),
    "a script without blanks": (
        {
            "sentence1": lambda i: "今天天气很好我喜欢这部电影"[i % 5 :] + chr(0x4E00 + i),
            "sentence2": lambda i: "不过有点贵我喜欢今天的电影"[i % 5 :] + chr(0x4E00 + i),
            "label": one_of("正面", "负面"),
        },
        (("sentence1", "sentence2"), "label", None),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_well_known_shape_is_guessed_as_a_person_would(name):
    columns, expected = SHAPES[name]

    table = made(columns)

    assert (table.text_columns, table.label_column, table.split_column) == expected


NO_LABEL = {
    "ids": {"id": lambda i: i % 6, "text": text(), "label": in_few(one_of("pos", "neg"), 7)},
    "codes": {
        "doc": lambda i: f"D-{i % 5:03}",
        "text": text(),
        "label": in_few(one_of("a", "b"), 4),
    },
    "cities": {"city": one_of("Lima", "Oslo"), "text": text(), "label": in_few(one_of("a"), 9)},
    "people": {"text": text(), "user": one_of("ann", "bob"), "likes": lambda i: i % 4},
    "places in time": {"text": text(), "day": one_of("2024-05-01", "6 May 2024"), "n": lambda i: i},
    "links": {"text": text(), "source_link": one_of("https://a.example/b", "www.a.example")},
    "folds": {"text": text(), "fold": lambda i: i % 5, "split": lambda i: "train"},
    "amounts": {"text": text(), "price": lambda i: i % 3, "rated": lambda i: 0.5 * (i % 3)},
}


@pytest.mark.parametrize("name", NO_LABEL)
def test_what_is_no_label_is_not_taken_for_one_and_a_mostly_empty_column_is_named(name):
    table = made(NO_LABEL[name])
    told = {problem.kind: problem for problem in table.problems}

    assert (table.text_columns, table.label_column) == (("text",), None)
    assert "no label column" in told
    if "label" in table.columns:
        filled = sum(bool(row["label"]) for row in table.rows)
        assert f"“label” ({filled} of 60 rows)" in told["mostly empty column"].message
