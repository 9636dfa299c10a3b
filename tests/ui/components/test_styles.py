"""Every arm can be told apart, by more than its colour, and styles the same everywhere."""

import pytest

from playground.comparisons.results import ArmAnswer
from playground.data.example import Example
from playground.evaluation.compare import compare
from playground.methods.cards import cards
from playground.ui.components import styles
from tests.ui.compare.comparing import LABELS, arm, comparison

PAPER, INK = "#ffffff", "#0b0f19"  # the backgrounds of the two themes


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", [*cards(), "a method of tomorrow"])
@pytest.mark.parametrize("background", [PAPER, INK])
def test_every_line_stands_out_from_both_backgrounds(name: str, background: str):
    assert contrast(styles.method_style(name).colour, background) >= 3


def test_the_best_known_methods_have_colours_of_their_own():
    colours = list(styles.METHOD_COLOURS.values())

    assert len(set(colours)) == len(colours)
    assert not {styles.GREY, styles.BLUE} & {styles.method_colour(name) for name in cards()}


def test_methods_drawn_together_can_be_told_apart_although_some_share_a_colour():
    names = list(cards())[: len(styles.COLOURS) * 2]
    drawn = styles.method_styles(names)

    assert len({(look.colour, look.dash, look.symbol) for look in drawn}) == len(names)


def test_two_runs_of_one_method_share_its_colour_but_not_its_dash_and_marker():
    first, other, second = styles.method_styles(["lora", "soft_prompt", "lora"])

    assert first.colour == second.colour != other.colour
    assert first.dash != second.dash
    assert first.symbol != second.symbol


def test_an_arm_looks_in_a_comparison_as_it_does_in_the_chart_and_in_an_answer():
    arms = styles.arm_styles(comparison().arms)

    assert arms["zero-shot"] == styles.prompt_style(0)
    assert arms["8-shot"] == styles.prompt_style(8)
    assert arms["LoRA"] == styles.method_style("lora")


def test_what_is_chosen_for_each_text_looks_like_no_other_prompting_arm():
    near = styles.prompt_style(8, nearest=True)

    for other in map(styles.prompt_style, (0, 1, 8)):
        assert (near.dash, near.symbol) != (other.dash, other.symbol)
    chosen = arm("8-shot nearest", "nn", shots=8, nearest=True)
    (known,) = compare([Example({"text": "x"}, "neg", 1)] * 2, LABELS, [chosen]).arms
    said = ArmAnswer(known.name, "prompt", "neg", {}, "x", "", 1, 0.1, shots=8, nearest=True)
    assert styles.arm_styles([known]) == {known.name: near} == styles.answer_styles([said], {})


@pytest.mark.parametrize("background", [PAPER, INK])
def test_the_baseline_stands_out_and_looks_like_nothing_else(background: str):
    look = styles.baseline_style()
    others = [*map(styles.prompt_style, (0, 1, 8)), *map(styles.method_style, cards())]

    assert contrast(look.colour, background) >= 3
    for part in ("colour", "dash", "symbol"):
        assert getattr(look, part) not in {getattr(other, part) for other in others}


def test_the_baseline_looks_the_same_in_a_comparison_and_in_an_answer():
    counted = arm("TF-IDF", "nn", kind="baseline")
    (known,) = compare([Example({"text": "x"}, "neg", 1)] * 2, LABELS, [counted]).arms
    said = ArmAnswer("TF-IDF", "baseline", "neg", {"neg": 1.0}, "x", "", 1, 0.1)

    assert styles.arm_styles([known]) == {"TF-IDF": styles.baseline_style()}
    assert styles.answer_styles([said], {}) == {"TF-IDF": styles.baseline_style()}
