"""What is odd in a table: each finding with its severity, place, value and way out."""

import gradio as gr

from playground.data.table import Problem
from playground.ui.components.assets import script
from playground.ui.words import data as words

ORDER = ("error", "warning", "note")
SHOWN = 30


def problem_list(value: list[dict[str, str]], elem_id: str) -> gr.HTML:
    """The component; its value is what `problems_payload` gives."""
    return gr.HTML(
        value,
        html_template='<ul class="problems"></ul>',
        js_on_load=script("data/problems.js"),
        elem_id=elem_id,
    )


def problems_payload(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    """The gravest first, each as the texts the script shows."""
    ranked = sorted(problems, key=lambda problem: ORDER.index(problem.severity))
    if not ranked:
        return [_line("good", "✓", "", words.NO_PROBLEMS, "")]
    return [
        _line(
            problem.severity,
            words.SEVERITY_MARK[problem.severity],
            words.SEVERITY[problem.severity],
            problem.message,
            problem.way_out,
        )
        for problem in ranked[:SHOWN]
    ]


def _line(kind: str, mark: str, word: str, message: str, way_out: str) -> dict[str, str]:
    return {"kind": kind, "mark": mark, "word": word, "message": message, "way_out": way_out}
