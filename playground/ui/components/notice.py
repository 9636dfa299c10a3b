"""A sentence in its place: errors, progress and results, read out by screen readers.

The text may hold what a visitor typed: the script sets it as text, never as HTML or Markdown
(where a picture's address would be fetched).
"""

import gradio as gr

from playground.ui.components.assets import script

Said = dict[str, str]  # {"text": sentence, "tone": one of TONES}
TONES = ("plain", "quiet", "good", "error", "headline")
SILENT: Said = {"text": "", "tone": "plain"}


def said(text: str, tone: str = "plain") -> Said:
    """The value of a `notice`."""
    return {"text": text, "tone": tone}


def notice(elem_id: str, value: Said = SILENT) -> gr.HTML:
    """Takes no room while it has nothing to say. Line breaks are kept."""
    return gr.HTML(
        value,
        html_template='<p class="notice" role="status" aria-live="polite"></p>',
        js_on_load=script("components/notice.js"),
        elem_id=elem_id,
        elem_classes="notice-place",
    )
