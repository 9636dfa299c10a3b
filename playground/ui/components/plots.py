"""Pictures: pure functions from numbers to plotly figures.

No figure sets a background or a text colour; ui/figure.py gives it those of the theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from playground.evaluation.comparison import Arm, Comparison
from playground.evaluation.verdict import percent
from playground.ui.components.styles import GREY, Style, arm_styles

BESIDE = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 10, "showarrow": False}
CURVE_HEIGHT = 300


@dataclass(frozen=True)
class Curve:
    """One line of a chart. `y`: loss in nats per answer, or a share of right answers."""

    name: str
    style: Style
    steps: Sequence[int]
    y: Sequence[float]


def escaped(text: str) -> str:
    """Text for plotly, which would read tags in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def forest(comparison: Comparison, order: Sequence[str]) -> go.Figure:
    """Accuracy of each arm with its 95 % Wilson interval.

    order: names of all arms from top to bottom; those without answers yet keep their place free.
    """
    styles = arm_styles(comparison.arms)
    lowest = min([arm.interval[0] for arm in comparison.arms] + [comparison.majority_accuracy])
    names = [escaped(shortened(name, 24)) for name in order]
    rows = [(order.index(arm.name), arm) for arm in comparison.arms]
    figure = go.Figure([_interval(arm, row, styles[arm.name]) for row, arm in rows])
    figure.add_vline(
        x=comparison.majority_accuracy, line={"color": GREY, "width": 1, "dash": "dot"}
    )
    for row, arm in rows:
        figure.add_annotation(y=row, text=f"<b>{percent(arm.accuracy)}</b>", **BESIDE)
    figure.update_layout(
        margin={"l": 8, "r": 64, "t": 8, "b": 32},
        showlegend=False,
        hovermode="closest",
        uirevision="|".join(names),
        xaxis={"range": [max(0.0, lowest - 0.05), 1.0], "tickformat": ".0%", "fixedrange": True},
        yaxis={
            "tickmode": "array",
            "tickvals": list(range(len(names))),
            "ticktext": names,
            "range": [len(names) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "ticklabelstandoff": 8,
        },
    )
    return figure


def _interval(arm: Arm, row: int, style: Style) -> go.Scatter:
    low, high = arm.interval
    return go.Scatter(
        x=[arm.accuracy],
        y=[row],
        name=escaped(arm.name),
        mode="markers",
        marker={
            "size": 13,
            "color": style.colour,
            "symbol": style.symbol,
            "line": {"width": 2, "color": style.colour},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - arm.accuracy],
            "arrayminus": [arm.accuracy - low],
            "color": style.colour,
            "thickness": 3,
            "width": 7,
        },
        hovertemplate=(
            f"<b>{escaped(shortened(arm.name, 40))}</b><br>{percent(arm.accuracy)} of {arm.n} right"
            f"<br>95 % interval {percent(low)} to {percent(high)}<extra></extra>"
        ),
    )


def loss_curves(curves: Sequence[Curve]) -> go.Figure:
    """Training loss by step, in nats per answer."""
    figure = _curves(curves, "lines", ".3f")
    figure.update_layout(
        yaxis={"title": axis_title("loss, nats per answer"), "rangemode": "tozero"}
    )
    return figure


def accuracy_curves(curves: Sequence[Curve]) -> go.Figure:
    """Share of right answers by step."""
    figure = _curves(curves, "lines+markers", ".1%")
    # Bounds for a run that waits: without a point plotly would draw -100 % to 400 %.
    bounds = {"minallowed": 0, "maxallowed": 1.03}
    figure.update_layout(
        yaxis={"title": axis_title("held-out accuracy"), "tickformat": ".1~%", **bounds}
    )
    return figure


def axis_title(text: str) -> dict[str, Any]:
    """An axis title as big as the other words; plotly would make it bigger."""
    return {"text": text, "font": {"size": 15}, "standoff": 8}


def _curves(curves: Sequence[Curve], mode: str, number: str) -> go.Figure:
    figure = go.Figure(
        [
            go.Scatter(
                x=list(curve.steps),
                y=list(curve.y),
                name=escaped(shortened(curve.name, 32)),
                mode=mode,
                line={"color": curve.style.colour, "dash": curve.style.dash, "width": 2},
                marker={"symbol": curve.style.symbol, "size": 7},
                hovertemplate=f"%{{y:{number}}}",
            )
            for curve in curves
        ]
    )
    figure.update_layout(
        height=CURVE_HEIGHT,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        hovermode="x unified",
        uirevision="curves",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={"title": axis_title("step"), "rangemode": "tozero"},
    )
    return figure
