"""A sentence in its place: errors, progress and results, read out by screen readers.

The text may hold what a visitor typed: the script sets it as text, never as HTML or Markdown
(where a picture's address would be fetched).
"""

import gradio as gr

from playground.ui.components.assets import script

Notice = dict[str, str]  # {"text": sentence, "tone": one of TONES}
TONES = ("plain", "quiet", "good", "error", "headline")
SILENT: Notice = {"text": "", "tone": "plain"}


def notice_text(text: str, tone: str = "plain") -> Notice:
    """The value of a `notice`."""
    return {"text": text, "tone": tone}


def notice(elem_id: str, value: Notice = SILENT) -> gr.HTML:
    """Takes no room while it has nothing to say. Line breaks are kept."""
    return gr.HTML(
        value,
        html_template='<p class="notice" role="status" aria-live="polite"></p>',
        js_on_load=script("components/notice.js"),
        elem_id=elem_id,
        elem_classes="notice-place",
    )
