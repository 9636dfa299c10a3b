"""Starts a download in the browser and says so."""

import gradio as gr

from playground.ui.components.assets import script
from playground.ui.words import runs as words

Offered = dict[str, str]


def downloader(elem_id: str) -> gr.HTML:
    """The component; output an `offered(...)` to it. Nothing is seen before."""
    return gr.HTML(
        None,
        html_template='<p class="download" role="status" aria-live="polite" hidden></p>',
        js_on_load=script("http/download.js"),
        elem_id=elem_id,
        elem_classes="notice-place",
    )


def offered(address: str, name: str) -> Offered:
    return {"address": address, "name": name, "said": words.downloaded(name)}
