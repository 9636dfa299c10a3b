"""Pictures: pure functions from numbers to plotly figures, and the look of every arm.

Colours carry no meaning alone: every arm also has a dash and a marker of its own. No figure sets a
background or a text colour; ui/figure.py gives it those of the theme.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from playground.comparing import Arm, Comparison
from playground.runs.question import arm_name
from playground.runs.replies import ArmAnswer
from playground.verdict import percent

GREY = "#808791"
BLUE = "#1F77D0"
# Told apart on white and on near-black (at least 3:1), and with each kind of colour blindness.
METHOD_COLOURS = {
    "lora": "#E4572E",
    "soft_prompt": "#0A9B78",
    "adapter": "#C964B4",
    "prompt_based_fine_tuning": "#8F6B00",
}
OTHER_COLOURS = ("#8B5CF6", "#B5485D", "#3E8E9C", "#7A8B2A")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "star", "x")
ROW_PIXELS = 44
CURVE_HEIGHT = 300


@dataclass(frozen=True)
class Look:
    """How one arm is drawn, everywhere. `dash` and `symbol` in plotly's words."""

    colour: str
    dash: str
    symbol: str


@dataclass(frozen=True)
class Curve:
    """One line of a chart. `y`: loss in nats per answer, or a share of right answers."""

    name: str
    look: Look
    steps: Sequence[int]
    y: Sequence[float]


def prompt_look(shots: int) -> Look:
    """Zero-shot is grey; with demonstrations blue, one-shot told apart by its dash and marker."""
    if shots == 0:
        return Look(GREY, "dash", "circle-open")
    return Look(BLUE, "dot", "diamond-open") if shots == 1 else Look(BLUE, "dashdot", "square-open")


def method_look(method: str, nth: int = 0) -> Look:
    """A method's colour, with the dash and marker of its `nth` run in the picture (from 0)."""
    colour = METHOD_COLOURS.get(method)
    if colour is None:  # the same for ever, whatever else is drawn
        colour = OTHER_COLOURS[sum(method.encode()) % len(OTHER_COLOURS)]
    return Look(colour, DASHES[nth % len(DASHES)], SYMBOLS[nth % len(SYMBOLS)])


def method_looks(methods: Sequence[str]) -> list[Look]:
    """The looks of runs drawn together, in their order."""
    seen: Counter[str] = Counter()
    looks = []
    for method in methods:
        looks.append(method_look(method, seen[method]))
        seen[method] += 1
    return looks


def arm_looks(arms: Sequence[Arm]) -> dict[str, Look]:
    """The look of each arm of a comparison, by its name."""
    runs = [arm for arm in arms if arm.kind == "run"]
    looks = dict(zip((a.name for a in runs), method_looks([a.method for a in runs]), strict=True))
    return {arm.name: looks.get(arm.name) or prompt_look(arm.shots) for arm in arms}


def answer_looks(answers: Sequence[ArmAnswer], methods: Mapping[str, str]) -> dict[str, Look]:
    """The look of each arm that answered. `methods`: of the runs, by the arm's name."""
    looks = dict(zip(methods, method_looks(list(methods.values())), strict=True))
    return {one.arm: looks.get(one.arm) or prompt_look(shots_of(one.arm)) for one in answers}


def shots_of(name: str) -> int:
    """Demonstrations of a prompting arm, from its name."""
    words = {arm_name(0): 0, arm_name(1): 1}
    return words[name] if name in words else int(name.partition("-")[0])


def escaped(text: str) -> str:
    """Text for plotly, which would read tags in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def forest(comparison: Comparison) -> go.Figure:
    """Accuracy of each arm with its 95 % Wilson interval, the first arm on top."""
    looks = arm_looks(comparison.arms)
    figure = go.Figure([_interval(arm, looks[arm.name]) for arm in comparison.arms])
    figure.add_vline(
        x=comparison.majority_accuracy, line={"color": GREY, "width": 1, "dash": "dot"}
    )
    lowest = min([arm.interval[0] for arm in comparison.arms] + [comparison.majority_accuracy])
    names = [escaped(shortened(arm.name, 24)) for arm in comparison.arms]
    figure.update_layout(
        height=ROW_PIXELS * len(names) + 56,
        margin={"l": 8, "r": 72, "t": 8, "b": 32},
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
            "automargin": True,
            "ticklabelstandoff": 8,
        },
    )
    for row, arm in enumerate(comparison.arms):
        figure.update_traces(y=[row], selector={"name": escaped(arm.name)})
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=10, y=row, showarrow=False,
            text=f"<b>{percent(arm.accuracy)}</b>",
        )  # fmt: skip
    return figure


def _interval(arm: Arm, look: Look) -> go.Scatter:
    low, high = arm.interval
    return go.Scatter(
        x=[arm.accuracy],
        name=escaped(arm.name),
        mode="markers",
        marker={"size": 13, "color": look.colour, "symbol": look.symbol, "line": {"width": 2}},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - arm.accuracy],
            "arrayminus": [arm.accuracy - low],
            "color": look.colour,
            "thickness": 3,
            "width": 7,
        },
        hovertemplate=(
            f"<b>{escaped(shortened(arm.name, 40))}</b><br>{percent(arm.accuracy)} of {arm.n} right"
            f"<br>95 % interval {percent(low)} to {percent(high)}<extra></extra>"
        ),
    )


def confusion(comparison: Comparison, arm: str) -> go.Figure:
    """How often each true label got each answer: truth down, answer across, counts written in.

    The shade is the share within a true label, so that rare labels can be read too.
    """
    counts = comparison.confusion(arm)
    labels = [escaped(shortened(label, 18)) for label in comparison.labels]
    shares = [[n / max(1, sum(line)) for n in line] for line in counts]
    places = list(range(len(labels)))
    ticks = {"tickmode": "array", "tickvals": places, "ticktext": labels, "showgrid": False}
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=places,
            y=places,
            text=counts,
            texttemplate="%{text}" if len(labels) <= 24 else "",
            zmin=0,
            zmax=1,
            colorscale=[[0, "rgba(31,119,208,0.06)"], [1, "rgba(31,119,208,0.80)"]],
            showscale=False,
            xgap=2,
            ygap=2,
            customdata=[[(a, b) for b in labels] for a in labels],
            hovertemplate="truth %{customdata[0]}, answer %{customdata[1]}: %{text}"
            " (%{z:.0%} of this label)<extra></extra>",
        )
    )
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"title": {"text": "the arm's answer"}, "side": "top", **ticks},
        yaxis={"title": {"text": "the truth"}, "autorange": "reversed", **ticks},
    )
    return figure


def loss_curves(curves: Sequence[Curve]) -> go.Figure:
    """Training loss by step, in nats per answer."""
    figure = _curves(curves, "lines", ".3f")
    figure.update_layout(yaxis={"title": {"text": "loss, nats per answer"}, "rangemode": "tozero"})
    return figure


def accuracy_curves(curves: Sequence[Curve]) -> go.Figure:
    """Share of right answers by step."""
    figure = _curves(curves, "lines+markers", ".1%")
    figure.update_layout(yaxis={"title": {"text": "held-out accuracy"}, "tickformat": ".0%"})
    return figure


def _curves(curves: Sequence[Curve], mode: str, number: str) -> go.Figure:
    figure = go.Figure(
        [
            go.Scatter(
                x=list(curve.steps),
                y=list(curve.y),
                name=escaped(shortened(curve.name, 32)),
                mode=mode,
                line={"color": curve.look.colour, "dash": curve.look.dash, "width": 2},
                marker={"symbol": curve.look.symbol, "size": 7},
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
        xaxis={"title": {"text": "step"}, "rangemode": "tozero"},
    )
    return figure
