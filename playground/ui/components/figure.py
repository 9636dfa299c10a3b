"""A plotly figure on the page: follows the theme, keeps its zoom, loads no second plotly.

`gr.Plot` would mount anew at every change and stay light in the dark theme.
"""

import json
from typing import Any

import gradio as gr
import plotly.graph_objects as go

from playground.ui.components.assets import script

FigurePayload = dict[
    str, Any
]  # {"data": traces, "layout": layout, "alt": the figure in a sentence}


def figure_payload(figure: go.Figure, alt: str) -> FigurePayload:
    """The value of a `figure`. `alt`: what it shows, in a sentence, for those who cannot see it."""
    plain = json.loads(figure.to_json())
    plain["layout"].pop("template", None)  # 7 kB of defaults; page.js has ours
    return {"data": plain["data"], "layout": plain["layout"], "alt": alt}


def figure(value: FigurePayload | None, height: int, elem_id: str) -> gr.HTML:
    """The component; output a `figure_payload(...)` to it. `height` in pixels, fixed: nothing
    jumps."""
    return gr.HTML(
        value,
        html_template=f'<div class="figure" role="img" style="height:{height}px"></div>',
        js_on_load=script("components/figure.js"),
        elem_id=elem_id,
        min_height=height,
    )
