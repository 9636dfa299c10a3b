"""Two pictures of a table: how many rows each label has, and how long the texts are."""

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from playground.ui.components.figure import FigurePayload, figure_payload
from playground.ui.words import data as words

INK = "#7b8aa0"  # grey on purpose: colours belong to the arms
HEIGHT = 165
LABELS_SHOWN = 12
NAME_CHARACTERS = 22
ROOM = 1.15  # of the longest bar, for the number behind it


def balance(counts: dict[str, int]) -> FigurePayload:
    """A bar for each label, the most frequent on top; the rarest are summed up in a word."""
    shown = list(counts.items())[:LABELS_SHOWN]
    names = [_short(label) for label, _ in shown]
    most = max((count for _, count in shown), default=1)
    figure = go.Figure(
        go.Bar(
            x=[count for _, count in shown],
            y=list(range(len(shown))),
            text=[f"{count:,}" for _, count in shown],
            customdata=[escape(label) for label, _ in shown],
            hovertemplate="%{customdata}: %{x}<extra></extra>",
            orientation="h",
            marker={"color": INK},
            textposition="outside",
            cliponaxis=False,
        )
    )
    hidden = len(counts) - len(shown)
    figure.update_layout(
        title=_title(words.BALANCE + (f" ({words.more_labels(hidden)})" if hidden else "")),
        yaxis={
            "autorange": "reversed",
            "tickvals": list(range(len(shown))),
            "ticktext": names,
            "showgrid": False,
            "fixedrange": True,
        },
        xaxis={"visible": False, "fixedrange": True, "range": [0, most * ROOM]},
        bargap=0.35,
        **_frame(),
    )
    return figure_payload(figure, words.balance_alt(counts))


def lengths(texts: Sequence[str]) -> FigurePayload:
    """How many texts have how many words, in at most 30 bins."""
    sizes = sorted(len(text.split()) for text in texts) or [0]
    low, high = sizes[0], sizes[-1]
    width = max(1, -(-(high - low + 1) // 30))
    starts = list(range(low, high + 1, width))
    counts = [0] * len(starts)
    for size in sizes:
        counts[(size - low) // width] += 1
    figure = go.Figure(
        go.Bar(
            x=[start + (width - 1) / 2 for start in starts],
            y=counts,
            width=width,
            customdata=[_span(start, width) for start in starts],
            hovertemplate="%{customdata} words: %{y} rows<extra></extra>",
            marker={"color": INK, "line": {"width": 0}},
        )
    )
    figure.update_layout(
        title=_title(words.LENGTHS),
        xaxis={"showgrid": False, "zeroline": False, "dtick": 1 if high - low < 10 else None},
        yaxis={"fixedrange": True, "rangemode": "tozero", "nticks": 4},
        bargap=0.08,
        **_frame(),
    )
    return figure_payload(figure, words.lengths_alt(low, sizes[len(sizes) // 2], high))


def _frame() -> dict[str, object]:
    return {"height": HEIGHT, "margin": {"l": 8, "r": 24, "t": 34, "b": 8}, "showlegend": False}


def _title(text: str) -> dict[str, object]:
    return {"text": text, "x": 0, "xref": "container", "xanchor": "left"}


def _short(label: str) -> str:
    cut = label if len(label) <= NAME_CHARACTERS else label[: NAME_CHARACTERS - 1] + "…"
    return escape(cut)


def _span(start: int, width: int) -> str:
    return str(start) if width == 1 else f"{start} to {start + width - 1}"
