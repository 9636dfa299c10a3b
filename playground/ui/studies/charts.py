"""The study in small charts: one for each held-out set, and one for the mean of all."""

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import plotly.graph_objects as go

from playground.studies.task_count import Study
from playground.ui.components.figure import FigurePayload, figure_payload
from playground.ui.components.styles import GREY, Style
from playground.ui.words import study as words

# Zero-shot is grey everywhere; networks differ in dash and marker.
STYLES = (
    Style(GREY, "solid", "circle"),
    Style(GREY, "dash", "diamond"),
    Style(GREY, "dot", "square"),
)
BEFORE_ONE = 0.3  # where text alone stands on an axis that has no 0
AIR = 1.15  # above the highest point


def style(index: int) -> Style:
    return STYLES[index % len(STYLES)]


def panels(studies: Sequence[Study]) -> list[dict[str, Any]]:
    """Title and figure of each chart, the mean of all sets first."""
    names = [None, *dict.fromkeys(name for study in studies for name in study.sets)]
    return [{"title": name or words.MEAN, "figure": _panel(studies, name)} for name in names]


def _panel(studies: Sequence[Study], name: str | None) -> FigurePayload:
    shown = [study for study in studies if name is None or name in study.sets]
    figure = go.Figure()
    for study in shown:
        figure.add_traces(_traces(study, name, style(studies.index(study))))
    chances = [study.chance if name is None else study.sets[name].chance for study in shown]
    for chance in set(chances):
        figure.add_hline(y=chance, line={"color": GREY, "width": 1.5, "dash": "dot"})
    counts = sorted({count for study in shown for count in study.counts})
    top = max([*chances, *(max(trace.y) for trace in figure.data)])
    figure.update_layout(
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        showlegend=False,
        hovermode="closest",
        xaxis={
            "type": "log",
            "title": {"text": words.TASKS_AXIS, "font": {"size": 15}, "standoff": 6},
            "tickmode": "array",
            "tickvals": [_place(count) for count in counts],
            "ticktext": [str(count) for count in counts],
            "fixedrange": True,
        },
        yaxis={"range": [0, min(1.0, AIR * top)], "tickformat": ".0%", "fixedrange": True},
    )
    title = name or words.MEAN
    return figure_payload(figure, " ".join(words.panel_alt(title, study, name) for study in shown))


def _traces(study: Study, name: str | None, style: Style) -> list[go.Scatter]:
    """Every seed as a point, and the mean of the seeds as a line from the first task on."""
    found = [
        (count, seed, right)
        for count in study.counts
        for seed, right in study.of(count, name).items()
    ]
    counts = [count for count in study.counts if count]
    seeds = go.Scatter(
        x=[_place(count) for count, _, _ in found],
        y=[right for _, _, right in found],
        mode="markers",
        marker={"color": style.colour, "symbol": f"{style.symbol}-open", "size": 8},
        text=[words.point(*one) for one in found],
        hovertemplate="%{text}<extra></extra>",
    )
    mean = go.Scatter(
        x=counts,
        y=[fmean(study.of(count, name).values()) for count in counts],
        mode="lines",
        line={"color": style.colour, "dash": style.dash, "width": 2.5},
        hoverinfo="skip",
    )
    return [mean, seeds] if counts else [seeds]


def _place(count: int) -> float:
    return count or BEFORE_ONE
