"""The style of every arm, the same everywhere: a colour, and a dash and a marker beside it.

Colour never carries the meaning alone: there are people who see no red and green, and projectors.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground.comparisons.results import ArmAnswer
from playground.evaluation.comparison import Arm

GREY = "#808791"
BLUE = "#1F77D0"
SLATE = "#5F7A8C"
# Told apart on white and on near-black (at least 3:1), and with each kind of colour blindness.
METHOD_COLOURS = {
    "lora": "#E4572E",
    "soft_prompt": "#0A9B78",
    "adapter": "#C964B4",
    "prompt_based_fine_tuning": "#8F6B00",
    "ia3": "#8B5CF6",
    "prefix_tuning": "#3E8E9C",
    "bitfit": "#B5485D",
    "classifier_head": "#7A8B2A",
}
COLOURS = tuple(METHOD_COLOURS.values())
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "star", "x")


@dataclass(frozen=True)
class Style:
    """How one arm is drawn, everywhere. `dash` and `symbol` in plotly's words."""

    colour: str
    dash: str
    symbol: str


def prompt_style(shots: int, nearest: bool = False) -> Style:
    """Zero-shot is grey; with demonstrations blue, one-shot and what is chosen for each text told
    apart by dash and marker."""
    if shots == 0:
        return Style(GREY, "dash", "circle-open")
    if nearest:
        return Style(BLUE, "longdashdot", "triangle-up-open")
    return (
        Style(BLUE, "dot", "diamond-open") if shots == 1 else Style(BLUE, "dashdot", "square-open")
    )


def baseline_style() -> Style:
    """What needs no language model is a bluish grey with marks of its own."""
    return Style(SLATE, "longdash", "x-open")


def method_colour(method: str) -> str:
    """The same for ever, whatever else is drawn; methods outnumber colours, so some share one."""
    return METHOD_COLOURS.get(method) or COLOURS[sum(method.encode()) % len(COLOURS)]


def method_style(method: str, nth: int = 0) -> Style:
    """A method's colour, with the dash and marker of the `nth` thing of that colour (from 0)."""
    return Style(method_colour(method), DASHES[nth % len(DASHES)], SYMBOLS[nth % len(SYMBOLS)])


def method_styles(methods: Sequence[str]) -> list[Style]:
    """The styles of runs drawn together, in their order: what shares a colour differs in dash and
    marker."""
    seen: Counter[str] = Counter()
    styles = []
    for method in methods:
        colour = method_colour(method)
        styles.append(method_style(method, seen[colour]))
        seen[colour] += 1
    return styles


def arm_styles(arms: Sequence[Arm]) -> dict[str, Style]:
    """The style of each arm of a comparison, by its name."""
    runs = [arm for arm in arms if arm.kind == "run"]
    styles = dict(zip((a.name for a in runs), method_styles([a.method for a in runs]), strict=True))
    return {arm.name: styles.get(arm.name) or _untuned(arm) for arm in arms}


def answer_styles(answers: Sequence[ArmAnswer], methods: Mapping[str, str]) -> dict[str, Style]:
    """The style of each arm that answered. `methods`: of the runs, by the arm's name."""
    styles = dict(zip(methods, method_styles(list(methods.values())), strict=True))
    return {one.arm: styles.get(one.arm) or _untuned(one) for one in answers}


def _untuned(arm: Arm | ArmAnswer) -> Style:
    return baseline_style() if arm.kind == "baseline" else prompt_style(arm.shots, arm.nearest)
