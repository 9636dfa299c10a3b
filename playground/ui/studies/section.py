"""The folded study at the end of the Compare tab: fetched and drawn when it is opened."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import gradio as gr

from playground.evaluation.verdict import percent
from playground.studies import number_of_tasks, task_count
from playground.studies.task_count import Study
from playground.ui.components.assets import script
from playground.ui.studies.charts import panels, style
from playground.ui.words import study as words

MOST_TASKS = 16  # of a seed that are named
Json = dict[str, Any]


def add(studies: Sequence[Study]) -> gr.HTML | None:
    """The section, None where there are no figures. Only its title is sent with the page."""
    if not studies:
        return None

    @cache
    def whole() -> Json:
        return study_payload(studies)

    def study_figures(asked: object) -> Json:
        return whole()

    return gr.HTML(
        {"loading": words.LOADING, "lost": words.LOST},
        html_template=(
            f'<details class="study sheet"><summary>{words.TITLE}</summary>'
            '<div class="study-inside"></div></details>'
        ),
        js_on_load=script("components/styles.js") + script("studies/study.js"),
        server_functions=[study_figures],
        apply_default_css=False,
        elem_id="study",
    )


def study_payload(studies: Sequence[Study]) -> Json:
    """All that the section shows, as its script draws it."""
    return {
        "findings": [number_of_tasks.answer(study) for study in studies],
        "key": [
            {**asdict(style(index)), "text": number_of_tasks.network(study)}
            for index, study in enumerate(studies)
        ],
        "marks": [words.POINTS, words.DOTTED],
        "panels": panels(studies),
        "method": [words.method(study) for study in studies],
        "tables": [table(study) for study in studies],
        "folds": [
            {
                "title": words.TASKS,
                "help": "",
                "lines": [
                    words.task_order(study, seed, MOST_TASKS)
                    for study in studies
                    for seed in study.tasks
                ],
            },
            {
                "title": words.COMMANDS,
                "help": words.COMMANDS_HELP,
                "lines": task_count.commands(studies),
            },
        ],
    }


def table(study: Study) -> Json:
    """The figures as text: a row for each held-out set and one for their mean."""
    heads = [words.SET, words.CHANCE, *map(number_of_tasks.tasks, study.counts)]
    rows = [_row(study, name) for name in (None, *study.sets)]
    return {
        "caption": f"{words.CAPTION} ({number_of_tasks.network(study)})",
        "heads": heads,
        "rows": rows,
    }


def _row(study: Study, name: str | None) -> list[str]:
    chance = study.chance if name is None else study.sets[name].chance
    found = [words.cell(list(study.of(count, name).values())) for count in study.counts]
    return [name or words.MEAN, percent(chance), *found]
