"""The stream of prompted documents: what it holds, how it reads, what decides it."""

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from playground.data.example import Example
from playground.errors import UserError
from playground.pretraining.document import Document
from playground.pretraining.mixture import TASKS, documents, tasks_by_type, without
from playground.pretraining.mixture.layout import pieces, prompted
from playground.pretraining.mixture.lexicon import polarity
from playground.pretraining.mixture.queries import kind
from playground.pretraining.mixture.registry import LABELLERS
from playground.pretraining.mixture.renaming import Renaming, renaming
from playground.pretraining.mixture.sentiment import comments
from playground.pretraining.mixture.sets import read_sets
from playground.pretraining.mixture.style import cut, spaced
from playground.pretraining.mixture.task import Episode, Task
from playground.pretraining.mixture.templates import Template
from playground.pretraining.mixture.words import plural
from playground.pretraining.mixture.world import World
from playground.tasks.classification import Task as AppTask
from playground.tasks.classification import with_demonstrations
from tests.pretraining.invented import texts, write_sets


@pytest.fixture(scope="module")
def sets(tmp_path_factory) -> Path:
    return write_sets(tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="module")
def world(sets) -> World:
    world = World(read_sets(sets), LABELLERS)
    for kind_, text in texts(60):
        world.read(kind_, text)
    return world


def test_there_are_more_than_a_hundred_tasks_of_many_types():
    assert len(TASKS) > 100
    assert len(tasks_by_type()) > 12


@pytest.mark.parametrize("name", TASKS)
def test_every_task_asks_something_that_can_be_answered(name, world):
    made = [prompted(TASKS[name], Random(seed), world) for seed in range(12)]
    found = [document for document in made if document]

    assert found, "invented.py has nothing for this task"
    assert any(piece.answer for document in found for piece in document.pieces)
    for document in found:
        assert document.kind == name
        answers = document.pieces[1::2]
        assert all(piece.text.strip() for piece in answers), document
        assert all(piece.text == piece.text.rstrip() for piece in answers), document
        assert not any(piece.answer for piece in document.pieces[::2])


@pytest.mark.slow
def test_the_seed_decides_and_the_hash_seed_does_not(sets, tmp_path):
    script = (
        "from itertools import islice; from pathlib import Path;"
        "from tests.pretraining.invented import texts;"
        "from playground.pretraining.mixture import documents;"
        f"made = documents(Path({str(sets)!r}), texts(), 3, 0.3);"
        "print([*islice(made, 60)])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    other = [*islice(documents(sets, texts(), 4, 0.3), 60)]

    assert runs[0] == runs[1]
    assert len(runs[0]) > 10_000
    assert runs[0] != f"{other}\n"


def test_text_takes_its_share_of_the_characters_and_each_is_given_once(sets):
    made = list(documents(sets, texts(), 0, 0.3))
    plain = [document for document in made if document.kind.startswith("text/")]
    lengths = {id(d): sum(len(piece.text) for piece in d.pieces) for d in made}
    share = sum(lengths[id(d)] for d in plain) / sum(lengths.values())

    assert 0.27 < share < 0.33
    given = [document.pieces[0].text for document in plain]
    assert len(set(given)) == len(given)
    assert all(piece.answer is False for document in plain for piece in document.pieces)


def test_text_alone_is_the_text_and_no_text_is_endless(sets):
    only = list(documents(sets, texts(2), 0, 1.0))

    assert [d.pieces[0].text for d in only if d.kind.startswith("text/")] == [
        text for _, text in texts(2)
    ]
    assert len(list(islice(documents(sets, (), 0, 0.0), 300))) == 300


def test_only_the_tasks_named_are_in_the_stream(sets):
    names = without(["sentiment", "intent"])
    few = ("comment_sentiment", "by_article")

    assert not {TASKS[name].type for name in names} & {"sentiment", "intent"}
    assert {d.kind for d in islice(documents(sets, texts(), 0, 0.0, few), 80)} == set(few)
    with pytest.raises(UserError, match="nosuch"):
        documents(sets, (), 0, 0.0, ["nosuch"])
    with pytest.raises(UserError, match="nosuch"):
        without(["nosuch"])
    with pytest.raises(UserError, match="from 0 to 1"):
        documents(sets, (), 0, 1.5)


def test_a_type_that_is_emphasised_comes_as_much_more_often(sets):
    def share(emphasis: dict[str, float]) -> float:
        stream = documents(sets, (), 0, 0.0, None, emphasis)
        kinds = [document.kind for document in islice(stream, 1500)]
        return sum(TASKS[kind].type == "sentiment" for kind in kinds) / len(kinds)

    usual, more = share({}), share({"sentiment": 4.0})

    assert more / (1 - more) == pytest.approx(4 * usual / (1 - usual), rel=0.2)


@pytest.mark.parametrize(
    ("emphasis", "said"),
    [({"sentimental": 2.0}, "type sentimental"), ({"sentiment": 0.0}, "sentiment=0 times")],
)
def test_an_emphasis_that_cannot_be_is_refused(sets, emphasis, said):
    with pytest.raises(UserError, match=said):
        next(documents(sets, (), 0, 0.0, None, emphasis))


def test_what_measures_later_is_not_read(sets):
    read = read_sets(sets)

    assert "pin_blocked" not in read["banking77"]
    assert "change_pin" in read["banking77"]
    assert sum(map(len, read["sms-spam"].values())) == 20  # every fifth of 24 is held out


def test_a_comment_of_two_feelings_counts_where_both_agree(tmp_path):
    (tmp_path / "goemotions").mkdir()
    rows = (("glad", ["joy", "love"]), ("torn", ["joy", "anger"]), ("cross", ["anger"]))
    lines = [json.dumps({"text": t, "label": ls[0], "labels": ls}) + "\n" for t, ls in rows]
    (tmp_path / "goemotions" / "train.jsonl").write_text("".join(lines))

    pools = comments(World(read_sets(tmp_path), {}))

    assert pools == {"positive": ["glad"], "negative": ["cross"], "neutral": []}


def test_a_row_that_is_none_is_named(tmp_path):
    (tmp_path / "sms-spam").mkdir()
    (tmp_path / "sms-spam" / "all.jsonl").write_text('{"text": "a", "label": "ham"}\n{"text": 3}\n')

    with pytest.raises(UserError, match=r"all\.jsonl, line 2"):
        read_sets(tmp_path)


def test_a_prompt_reads_as_the_app_writes_it():
    rows = [("It sang.", "good"), ("It fell.", "bad"), ("It flew.", "good")]
    given = iter(rows)
    template = Template(("Review: ",), "\nSentiment:")
    episode = Episode(("good", "bad"), lambda _: (next(given)[0],))
    task = AppTask("Review: {text}\nSentiment:", {"g": "good", "b": "bad"}, "label")
    shown = [Example({"text": text}, word[0], 1) for text, word in rows[:2]]
    expected = with_demonstrations(task, shown, {"text": rows[2][0]}).before + " good"

    examples = [(template.render(episode.draw("")), word) for _, word in rows]
    document = _document(examples, template)

    assert "".join(piece.text for piece in document.pieces) == expected


def _document(examples: list[tuple[str, str]], template: Template) -> Document:
    named = Renaming(("good", "bad"), {"good": "good", "bad": "bad"})
    return Document("", pieces(examples, named, template, ""))


def test_labels_under_other_names_are_asked_for_only_once_they_were_shown(world):
    episode = Episode(("yes", "no"), lambda label: (f"it is {label}",), readable=False)
    task = Task("any", "any", ("text",), "label", lambda rng, world: episode)

    for seed in range(40):
        document = prompted(task, Random(seed), world)
        seen: set[str] = set()
        for piece in document.pieces[1::2]:
            assert piece.answer == (piece.text.strip() in seen)
            seen.add(piece.text.strip())


def test_renamed_labels_stay_apart_and_the_same_within_a_prompt():
    episode = Episode(("positive", "negative", "neutral"), lambda label: (label,))
    task = TASKS["comment_three_way"]
    made = [renaming(task, episode, 8, Random(seed)) for seed in range(200)]
    renamed = [one for one in made if not one.readable]

    assert 60 < len(renamed) < 140
    for one in renamed:
        assert len(set(one.words)) == len(one.labels) >= 2
        assert all(one.word(label) != label for label in one.labels)
    assert all(one.words == episode.labels for one in made if one.readable)
    few = [renaming(task, episode, 1, Random(seed)) for seed in range(50)]
    assert all(one.readable for one in few), "one demonstration cannot show three labels"


def test_most_prompts_hold_demonstrations_and_many_hold_none(world):
    made = [prompted(TASKS["comment_sentiment"], Random(seed), world) for seed in range(300)]
    shots = [len(document.pieces) // 2 - 1 for document in made]

    assert 0.2 < shots.count(0) / 300 < 0.4
    assert max(shots) > 10
    assert len({document.pieces[0].text.split(":")[0] for document in made}) > 8


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It was a wonderful, touching film.", "positive"),
        ("It was not wonderful.", "negative"),
        ("A dull and tedious evening.", "negative"),
        ("I was never bored.", "positive"),
        ("A wonderful cast in a dreadful film.", None),
        ("It is dull, but short.", None),
        ("The great wall is cold.", None),
        ("She lives near Pleasant Road.", None),
        ("The door was open.", None),
    ],
)
def test_the_lexicon_labels_what_is_clear_and_turns_what_is_negated(sentence, expected):
    assert polarity(sentence) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who wrote the letter?", "person"),
        ("How many towers are there ?", "number"),
        ("What year did it burn down?", "time"),
        ("What country is it in?", "place"),
        ("What does BPE stand for?", "abbreviation"),
        ("The letter?", None),
        ("Who wrote the letter.", None),
    ],
)
def test_a_question_shows_what_it_asks_for(question, expected):
    assert kind(question) == expected


def test_texts_are_spelled_and_cut_as_said():
    assert spaced("It isn't good, he said.") == "it is n't good , he said ."
    assert cut("one two three four five six", 21) == "one two three four"
    assert cut("A: " + "x " * 60 + "\nB: yes", 60).endswith("\nB: yes")


@pytest.mark.parametrize(
    ("word", "expected"), [("bus", "buses"), ("factory", "factories"), ("tray", "trays")]
)
def test_a_plural_is_spelled_right(word, expected):
    assert plural(word) == expected
