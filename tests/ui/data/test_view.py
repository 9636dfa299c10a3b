"""What the Data tab shows of a table and a task, without a browser."""

from dataclasses import replace

import pytest

from playground.api import Playground
from playground.data.parsing import parse_text as paste
from playground.data.problem import Problem
from playground.data.table import Table
from playground.errors import UserError
from playground.tasks.classification import Task
from playground.ui.data import charts, view
from playground.ui.data.problems import problems_payload
from playground.ui.data.prompt import prompt_payload
from playground.ui.data.source import read_file
from playground.ui.data.view import SplitSettings
from playground.ui.http.unread import Unread


def table(rows: int = 40) -> Table:
    """Half of the rows are good, half are bad; every text is another."""
    lines = (f"day {i} of the year,{'good' if i % 2 else 'bad'}\n" for i in range(rows))
    return paste("text,mood\n" + "".join(lines))


def test_an_upload_that_was_cleared_meanwhile_is_asked_for_again(tmp_path):
    for nothing in (None, []):
        with pytest.raises(UserError, match="Choose it again"):
            read_file(Playground(tmp_path), Unread(), nothing)


def test_small_tables_keep_half_of_a_usual_label_held_out():
    first = SplitSettings(view.LABELS_PER_CLASS, 0)

    assert view.suited(first, table(40)).labels_per_class == 8
    assert view.suited(first, table(1000)) == first
    assert view.suited(SplitSettings(None, 0), table(40)).labels_per_class is None


def test_the_summary_says_what_is_learnt_from_and_what_is_set_aside():
    copied = table(40)
    doubled = paste("text,mood\n" + "\n".join(f"{r['text']},{r['mood']}" for r in copied.rows * 2))

    said = view.summary(doubled, Task.guess(doubled), SplitSettings(8, 0))

    assert said.startswith("80 rows · 2 labels · 40 duplicates set aside\n")
    assert "16 examples to learn from, 24 held out" in said


def test_the_version_changes_with_everything_that_is_trained_on():
    task = Task.guess(table()).to_json()
    first = view.version("a", task, SplitSettings(8, 0))

    others = [
        view.version("b", task, SplitSettings(8, 0)),
        view.version("a", {**task, "instruction": "Say it."}, SplitSettings(8, 0)),
        view.version("a", task, SplitSettings(16, 0)),
        view.version("a", task, SplitSettings(8, 1)),
    ]

    assert first == view.version("a", dict(task), SplitSettings(8, 0))
    assert len({first, *others}) == 5


def test_an_edited_task_keeps_its_labels_and_refuses_empty_words():
    task = Task.guess(table())

    edited = view.edited(task, "{text} So:", "", [["good", " great "], ["nonsense", "x"]])

    assert edited.label_words["good"] == "great"
    assert set(edited.label_words) == {"good", "bad"}
    with pytest.raises(UserError):
        view.edited(task, "{text} So:", "", [["good", ""]])


def test_an_edited_task_goes_through_the_chat_template_if_it_did():
    spoken = replace(Task.guess(table()), chat=True)

    assert view.edited(spoken, "{text} So:", "", []).chat
    assert (
        prompt_payload(spoken, {"text": "rain"})["of"]
        != prompt_payload(replace(spoken, chat=False), {"text": "rain"})["of"]
    )


def test_the_preview_shows_label_and_text_first_and_cuts_long_cells():
    wide = paste(f"id,text,mood\n1,{'long ' * 200},good\n2,short,bad\n3,brief,good\n")

    shown = view.first_rows(wide)

    assert shown["headers"][:2] == [wide.label_column, wide.text_columns[0]]
    assert max(len(cell) for row in shown["data"] for cell in row) <= view.CELL_SHOWN + 2


def test_the_instruction_is_part_of_what_is_read():
    task = view.edited(Task.guess(table()), "{text} So:", "Good or bad?", [])

    assert prompt_payload(task, {"text": "rain"})["before"] == "Good or bad?\n\nrain So:"


def test_the_charts_count_every_row_and_say_so_in_words():
    counts = charts.balance({"good": 3, "<b>bad</b>": 1})
    sizes = charts.lengths(["one", "two words", "two more", "a b c d"])

    assert list(counts["data"][0]["x"]) == [3, 1]
    assert "&lt;b&gt;" in counts["layout"]["yaxis"]["ticktext"][1]
    assert counts["alt"] == "Rows for each label: good 3, <b>bad</b> 1"
    assert list(sizes["data"][0]["y"]) == [1, 2, 0, 1]


def test_rare_labels_are_summed_up():
    counts = charts.balance({f"label {i}": 20 - i for i in range(20)})

    assert len(counts["data"][0]["x"]) == charts.LABELS_SHOWN
    assert "and 8 more labels" in counts["layout"]["title"]["text"]


def test_the_gravest_problem_comes_first_with_mark_and_word():
    note = Problem("copy", "Two rows are alike.", "Nothing to do.", "note")
    error = Problem("empty", "Line 3: no text.", "Fill it in.", "error", line=3)

    first, second = problems_payload((note, error))

    assert (first["mark"], first["word"], first["message"]) == ("✗", "Problem", "Line 3: no text.")
    assert second["kind"] == "note"
    assert problems_payload(())[0]["kind"] == "good"
