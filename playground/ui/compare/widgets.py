"""The widgets of the Compare tab, laid out: the answer first, what changes it beside it."""

from dataclasses import dataclass

import gradio as gr

from playground import limits
from playground.evaluation.answers import DEFAULT_RULE, RULES
from playground.ui.compare.cache import Compared
from playground.ui.compare.parts import arms_table, demonstration_list, example_table
from playground.ui.compare.state import ViewState
from playground.ui.components.answers import answer_list
from playground.ui.components.figure import figure
from playground.ui.components.notice import notice, notice_text
from playground.ui.session.shared import Shared
from playground.ui.words import compare as words

POLL_SECONDS = 1.0
FOREST_PIXELS = 270
CONFUSION_PIXELS = 380
MOST_TEXTS = 3  # columns one can type into; a template with more is asked through the API


@dataclass(frozen=True)
class Controls:
    """What is compared, and how it is counted. draw: the seed of the demonstrations."""

    runs: gr.Dropdown
    shots: gr.Slider
    one_shot: gr.Checkbox
    nearest: gr.Checkbox
    rule: gr.Dropdown
    redraw: gr.Button
    draw: gr.State


@dataclass(frozen=True)
class Results:
    """What was found out."""

    verdict: gr.HTML
    progress: gr.HTML
    forest: gr.HTML
    arms: gr.HTML
    examples: gr.HTML
    confusion_arm: gr.Dropdown
    confusion: gr.HTML
    demonstrations: gr.HTML


@dataclass(frozen=True)
class TrialWidgets:
    """A text of one's own, and what every arm says to it."""

    texts: tuple[gr.Textbox, ...]
    button: gr.Button
    answers: gr.HTML


@dataclass(frozen=True)
class Widgets:
    """question: key of what is compared. state: the ViewState, so that nothing is drawn twice.
    timer: runs while answers or runs are still to come."""

    controls: Controls
    results: Results
    trial: TrialWidgets
    question: gr.State
    state: gr.State
    timer: gr.Timer


def build_widgets(shared: Shared, compared: Compared) -> Widgets:
    with gr.Column(elem_classes="compare"):
        verdict = notice("verdict", notice_text(words.STARTING, "headline"))
        progress = notice("compare-progress")
        with gr.Row(elem_classes="screen"):
            with gr.Column(scale=7, min_width=320, elem_classes="sheet"):
                gr.Markdown(f"## {words.ACCURACY}\n{words.ACCURACY_HELP}")
                forest = figure(None, FOREST_PIXELS, "forest")
                controls = _controls()
            with gr.Column(scale=5, min_width=320, elem_classes="sheet"):
                trial = _trial()
        with gr.Column(elem_classes="sheet"):
            gr.Markdown(f"## {words.EVERY_ARM}")
            arms = arms_table("arms")
        with gr.Tabs(elem_id="compare-details"):
            with gr.Tab(words.EXAMPLES, id="examples"), gr.Column(elem_classes="sheet"):
                examples = example_table(shared.playground, compared, "examples")
            with gr.Tab(words.CONFUSION, id="confusion"), gr.Column(elem_classes="sheet"):
                confusion_arm = gr.Dropdown(
                    [],
                    label=words.CONFUSION_ARM,
                    allow_custom_value=True,  # an arm may come between the choice and its check
                    elem_id="confusion-arm",
                )
                confusion = figure(None, CONFUSION_PIXELS, "confusion")
            with gr.Tab(words.DEMONSTRATIONS, id="demonstrations"), gr.Column(elem_classes="sheet"):
                demonstrations = demonstration_list("demonstrations")
    results = Results(
        verdict, progress, forest, arms, examples, confusion_arm, confusion, demonstrations
    )
    timer = gr.Timer(POLL_SECONDS, active=False)
    return Widgets(controls, results, trial, gr.State(""), gr.State(ViewState()), timer)


def _controls() -> Controls:
    rules = [(text.split(":")[0], name) for name, text in RULES.items()]
    with gr.Row(elem_classes="compare-controls"):
        runs = gr.Dropdown(
            [],
            multiselect=True,
            allow_custom_value=True,  # as above; what is no run of the visitor's is dropped
            label=words.RUNS,
            info=words.RUNS_HELP,
            elem_id="compare-runs",
            min_width=240,
        )
        rule = gr.Dropdown(
            rules,
            value=DEFAULT_RULE,
            label=words.RULE,
            info=words.RULE_HELP,
            filterable=False,
            elem_id="rule",
            min_width=240,
        )
    with gr.Row(elem_classes="compare-controls"):
        shots = gr.Slider(
            2, limits.SHOTS, 8, step=1, label=words.SHOTS, elem_id="shots", min_width=240
        )
        with gr.Column(min_width=240):
            one_shot = gr.Checkbox(False, label=words.ONE_SHOT, elem_id="one-shot")
            nearest = gr.Checkbox(
                False, label=words.NEAREST, info=words.NEAREST_HELP, elem_id="nearest"
            )
            redraw = gr.Button(words.REDRAW, size="sm", elem_id="redraw")
    return Controls(runs, shots, one_shot, nearest, rule, redraw, gr.State(0))


def _trial() -> TrialWidgets:
    gr.Markdown(f"## {words.TRY}\n{words.TRY_HELP}")
    texts = tuple(
        gr.Textbox(
            label=words.TRY,
            placeholder=words.TRY_PLACEHOLDER,
            lines=1,
            max_lines=4,
            visible=index == 0,
            max_length=limits.EXAMPLE_CHARACTERS,
            elem_id=f"try-{index}",
        )
        for index in range(MOST_TEXTS)
    )
    button = gr.Button(words.ASK, variant="primary", elem_id="ask")
    return TrialWidgets(texts, button, answer_list("answers"))
