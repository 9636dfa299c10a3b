"""What the model will read of one row, and what it makes of the label words."""

from typing import Any

import gradio as gr

from playground.inference.replies import Preview
from playground.tasks.classification import Task, with_demonstrations
from playground.ui.components.assets import script
from playground.ui.words import data as words

Read = dict[str, Any]


def prompt_box(value: Read, elem_id: str) -> gr.HTML:
    """Shows a `prompt_payload` row; the slot for the answer stands out."""
    return gr.HTML(
        value,
        html_template='<pre class="prompt" tabindex="0"></pre>',
        js_on_load=script("data/prompt.js"),
        elem_id=elem_id,
    )


def checks_box(value: Read, elem_id: str) -> gr.HTML:
    """Shows `checks_payload` label words, or that they are being checked."""
    return gr.HTML(
        value,
        html_template=(
            '<p class="tokens" role="status" aria-live="polite"></p><ul class="label-words"></ul>'
        ),
        js_on_load=script("data/checks.js"),
        elem_id=elem_id,
    )


def prompt_payload(task: Task, row: dict[str, str]) -> Read:
    """The prompt of a row, without any model: shown at once."""
    prompt = with_demonstrations(task, (), row)
    of = f"{task.chat} {prompt.before}{prompt.after}"
    return {**_slotted(prompt.before, prompt.after), "of": of}


def waiting_payload(message: str = words.COUNTING) -> Read:
    return {"tokens": message, "words": [], "busy": True}


def failed_payload(message: str) -> Read:
    return {"tokens": message, "words": [], "failed": True}


def preview_payload(preview: Preview, of: Read) -> Read:
    """The prompt as the model gets it: a long text is cut. of: the `prompt_payload` for which
    the model was asked; the script drops the answer when something else has been typed since."""
    return {**_slotted(preview.before, preview.after), "of": of["of"], "late": True}


def checks_payload(preview: Preview) -> Read:
    """Tokens counted, and every label word with its tokens, its prior and what is odd about it."""
    found = [
        {
            "label": check.label,
            "word": check.word,
            "tokens": list(check.tokens),
            "prior": words.prior(check.prior),
            "problem": check.problem,
        }
        for check in preview.words
    ]
    fine = not any(check["problem"] for check in found)
    return {
        "tokens": words.tokens_sentence(preview.tokens, preview.room, preview.cut),
        "words": found,
        "fine": words.WORDS_FINE if fine else "",
        "severity": words.SEVERITY["warning"],
    }


def _slotted(before: str, after: str) -> Read:
    return {"before": before, "slot": words.ANSWER_SLOT, "after": after}
