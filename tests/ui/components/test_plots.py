"""What the figures show, and that nothing in a name is taken for markup."""

import plotly.graph_objects as go
import pytest

from playground.evaluation.comparison import Comparison
from playground.ui.compare.confusion_plot import confusion
from playground.ui.components import plots
from playground.ui.components.styles import method_style
from tests.ui.compare.comparing import comparison

HOSTILE = '<a href="http://elsewhere">&amp;</a>'


def forest(shown: Comparison) -> go.Figure:
    return plots.forest(shown, [arm.name for arm in shown.arms])


def test_an_arm_without_answers_keeps_its_row_free():
    figure = plots.forest(comparison(), ["zero-shot", "one-shot", "8-shot", "LoRA"])

    assert [trace.y[0] for trace in figure.data] == [0, 2, 3]
    assert figure.layout.yaxis.ticktext[1] == "one-shot"


def test_the_forest_has_each_arms_accuracy_and_interval_in_the_order_of_the_table():
    shown = comparison()
    names = [arm.name for arm in shown.arms]
    figure = plots.forest(shown, names)

    assert [trace.name for trace in figure.data] == names
    for row, (trace, arm) in enumerate(zip(figure.data, shown.arms, strict=True)):
        low, high = arm.interval
        assert (trace.x[0], trace.y[0]) == (arm.accuracy, row)
        assert trace.x[0] - trace.error_x.arrayminus[0] == pytest.approx(low)
        assert trace.x[0] + trace.error_x.array[0] == pytest.approx(high)
    assert figure.layout.shapes[0].x0 == shown.majority_accuracy


def test_the_confusion_matrix_has_truth_down_and_answers_across():
    shades, numbers = confusion(comparison(), "LoRA").data

    assert [list(line) for line in shades.text] == [[2, 0], [1, 1]]
    assert [list(line) for line in shades.z] == [[1.0, 0.0], [0.5, 0.5]]
    assert dict(zip(zip(numbers.y, numbers.x, strict=True), numbers.text, strict=True)) == {
        (0, 0): "2",
        (0, 1): "0",
        (1, 0): "1",
        (1, 1): "1",
    }


def test_curves_keep_their_points_and_the_look_of_their_method():
    look = method_style("lora")
    curve = plots.Curve("LoRA", look, [1, 2, 3], [0.7, 0.5, 0.2])
    loss, accuracy = plots.loss_curves([curve]), plots.accuracy_curves([curve])

    for figure in (loss, accuracy):
        (trace,) = figure.data
        assert (list(trace.x), list(trace.y)) == ([1, 2, 3], [0.7, 0.5, 0.2])
        assert (trace.line.color, trace.line.dash) == (look.colour, look.dash)
    assert "nats" in loss.layout.yaxis.title.text
    assert accuracy.layout.yaxis.tickformat == ".1~%"  # whole numbers, and 99.5% when close up


def test_a_run_that_waits_has_an_axis_of_shares_all_the_same():
    axis = plots.accuracy_curves([]).layout.yaxis

    assert axis.minallowed == 0
    assert 1 <= axis.maxallowed < 1.1


def test_a_name_is_never_markup_in_a_figure():
    shown = comparison(HOSTILE)
    curve = plots.Curve(HOSTILE, method_style("lora"), [1], [0.5])
    figures = [forest(shown), confusion(shown, HOSTILE), plots.loss_curves([curve])]

    assert all("<a" not in figure.to_json() for figure in figures)
    assert "<a" not in plots.escaped(HOSTILE)


def test_no_figure_has_a_background_of_its_own():
    for figure in (forest(comparison()), confusion(comparison(), "LoRA")):
        assert figure.layout.paper_bgcolor is None
        assert figure.layout.font.color is None
