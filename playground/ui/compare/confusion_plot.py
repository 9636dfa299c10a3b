"""Picture: which labels an arm takes for which."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from playground.evaluation.comparison import Comparison
from playground.ui.components.figure import FigurePayload, figure_payload
from playground.ui.components.plots import axis_title, escaped, shortened
from playground.ui.words import compare as words

MOST_COUNTED = 24  # labels; with more, counts are too small to read and the shades must do


def confusion_payload(comparison: Comparison, name: str) -> FigurePayload:
    """The confusion matrix of an arm, with what it says in words."""
    arm = comparison.arm(name)
    alt = words.confusion_alt(name, round(arm.accuracy * arm.n), arm.n)
    return figure_payload(confusion(comparison, name), alt)


def confusion(comparison: Comparison, arm: str) -> go.Figure:
    """How often each true label got each answer: truth down, answer across, counts written in.

    The shade is the share within a true label, so that rare labels can be read too.
    """
    counts = comparison.confusion(arm)
    labels = [escaped(shortened(label, 18)) for label in comparison.labels]
    places = list(range(len(labels)))
    cells = [(truth, answer) for truth in places for answer in places]
    shades = go.Heatmap(
        z=[[n / max(1, sum(line)) for n in line] for line in counts],
        zmin=0,
        zmax=1,
        colorscale=[[0, "rgba(31,119,208,0.05)"], [1, "rgba(31,119,208,0.60)"]],
        showscale=False,
        xgap=2,
        ygap=2,
        text=counts,
        customdata=[[(a, b) for b in labels] for a in labels],
        hovertemplate="truth %{customdata[0]}, answer %{customdata[1]}: %{text}"
        " (%{z:.0%} of this label)<extra></extra>",
    )
    numbers = go.Scatter(  # a trace of its own: text in a heatmap does not follow the theme
        x=[answer for _, answer in cells],
        y=[truth for truth, _ in cells],
        text=[counts[truth][answer] for truth, answer in cells],
        mode="text",
        hoverinfo="skip",
        visible=len(labels) <= MOST_COUNTED,
    )
    figure = go.Figure([shades, numbers])
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        xaxis={**_label_axis("answer", labels), "side": "top"},
        yaxis={**_label_axis("truth", labels), "autorange": "reversed"},
    )
    return figure


def _label_axis(title: str, labels: Sequence[str]) -> dict[str, Any]:
    return {
        "title": axis_title(title),
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": labels,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
