"""What every arm or task answers to one text: a line of bars each, text set as text."""

from typing import Any

import gradio as gr

from playground.ui.components.assets import script
from playground.ui.words import compare as words

Json = dict[str, Any]


def answer_list(elem_id: str) -> gr.HTML:
    """The component; output an `answers_payload(...)` to it. Read out when it changes."""
    return gr.HTML(
        answers_payload([]),
        html_template='<div class="answers" role="status" aria-live="polite"></div>',
        js_on_load=script("components/styles.js") + script("components/answers.js"),
        apply_default_css=False,
        elem_id=elem_id,
    )


def answers_payload(answers: list[Json], busy: str = "") -> Json:
    """The value of an answer list. busy: what is said instead of answers."""
    return {"answers": answers, "empty": words.TRY_EMPTY, "busy": busy, "words": words.TRY_WORDS}
