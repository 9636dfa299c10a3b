"""The folded study: light until it is opened, and honest about what its figures show."""

import json
from pathlib import Path

import gradio as gr
import pytest

from playground.studies import number_of_tasks, task_count
from playground.ui.components.styles import GREY
from playground.ui.studies import charts, section
from playground.ui.words import study as words
from tests.ui.study_figures import TASKS, study


def sent(studies: tuple) -> str:
    """What a page with the section sends at its start."""
    with gr.Blocks() as page:
        section.add(studies)
    return json.dumps(page.get_config_file(), default=str)


def test_without_figures_there_is_no_section(tmp_path: Path):
    assert task_count.stored(tmp_path) == ()
    assert '"elem_id": "study"' not in sent(())


def test_only_the_title_is_sent_until_the_section_is_opened():
    page = sent((study(),))

    assert words.TITLE in page
    assert "scatter" not in page
    assert TASKS[0] not in page
    assert len(page) - len(sent(())) < 16_000


def test_figures_come_back_as_they_were_stored_the_smallest_network_first(tmp_path: Path):
    small, mini = study(size="small"), study()
    small = task_count.Study(**{**vars(small), "parameters": 7_000_000})
    for one in (small, mini):
        task_count.store(one, tmp_path)

    assert task_count.stored(tmp_path) == (mini, small)


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        (
            (0.10, 0.12, 0.11),
            "+11.0 points, 95\u202f% interval over 3 seeds +8.5 to +13.5: more tasks",
        ),
        ((-0.10, -0.12, -0.11), "more tasks hurt"),
        ((0.10, -0.02, 0.04), "whether more tasks help is not settled"),
        ((0.10,), "+10.0 points, of one seed: a hint at most"),
        ((0.0, 0.0, 0.0), "not settled"),
        ((0.02, 0.02, 0.021), "more tasks helped with these questions; others"),
    ],
)
def test_the_sentence_says_what_the_figures_show(gains: tuple[float, ...], said: str):
    assert said in number_of_tasks.answer(study(gains))


def test_the_sentence_gives_both_shares_as_finely_as_their_difference():
    assert "gets 46.0\u202f% instead of 35.0\u202f% right" in number_of_tasks.answer(
        study((0.1, 0.12, 0.11))
    )


def test_the_sentence_names_the_sets_that_stay_at_chance():
    right = number_of_tasks.answer(study((0.05, 0.25)))
    assert "With 4 tasks sst2 and trec6" not in right
    assert "every set is above" in right
    assert "no set is clearly above" in number_of_tasks.answer(study((0.0, 0.02)))
    assert (
        "With 4 tasks trec6 is clearly above the commonest label, sst2 not."
        in number_of_tasks.answer(study((0.09, 0.09)))
    )


def test_one_number_of_tasks_says_nothing():
    whole = study()
    cells = tuple(cell for cell in whole.cells if cell.count != 4)

    assert "two numbers of tasks are needed" in number_of_tasks.answer(
        task_count.Study(**{**vars(whole), "cells": cells})
    )


def test_each_set_has_a_chart_with_every_seed_the_mean_and_chance():
    shown = study()
    mean_of_all, sst2, trec6 = charts.panels((shown,))

    assert [one["title"] for one in (mean_of_all, sst2, trec6)] == [words.MEAN, "sst2", "trec6"]
    line, seeds = sst2["figure"]["data"]
    assert line["x"] == [1, 4], "text alone is beside the line"
    assert line["y"] == pytest.approx([0.5, 0.61])
    assert seeds["x"] == [charts.BEFORE_ONE] * 3 + [1] * 3 + [4] * 3
    assert seeds["y"] == pytest.approx([0.4] * 3 + [0.5] * 3 + [0.6, 0.62, 0.61])
    assert [shape["y0"] for shape in sst2["figure"]["layout"]["shapes"]] == [0.5]
    assert mean_of_all["figure"]["data"][0]["y"] == pytest.approx([0.35, 0.46])
    assert "text only 40\u202f%, 1 task 50\u202f%, 4 tasks 61\u202f%" in sst2["figure"]["alt"]


def test_networks_differ_in_more_than_colour():
    figure = charts.panels((study(), study(size="small")))[0]["figure"]
    lines = [trace for trace in figure["data"] if trace["mode"] == "lines"]

    assert len({line["line"]["dash"] for line in lines}) == 2
    assert {line["line"]["color"] for line in lines} == {GREY}, "zero-shot is grey everywhere"


def test_the_table_has_every_figure_as_text():
    shown = section.table(study())

    assert shown["heads"] == [words.SET, words.CHANCE, "text only", "1 task", "4 tasks"]
    assert [row[0] for row in shown["rows"]] == [words.MEAN, "sst2", "trec6"]
    assert shown["rows"][1][1:] == [
        "50\u202f%",
        "40\u202f% (40\u202f% to 40\u202f%)",
        "50\u202f% (50\u202f% to 50\u202f%)",
        "61\u202f% (60\u202f% to 62\u202f%)",
    ]


def test_the_method_names_tokens_seeds_questions_and_what_was_left_out():
    told = section.study_payload((study(),))

    (method,) = told["method"]
    assert "20.0 million tokens of plain text, with 3.0 million tokens" in method
    assert "3 seeds" in method
    assert "100 of sst2 and 100 of trec6" in method
    assert "all tasks about intents and sentiment" in method
    tasks, commands = told["folds"]
    assert tasks["lines"][0] == "mini, seed 0: parity, tense, plural, spell"
    assert "study --size mini --base BASE" in commands["lines"][0]
    assert "--counts 0 1 4 --seeds 0 1 2 --tokens 3000000" in commands["lines"][0]
