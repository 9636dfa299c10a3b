"""Which answers of a first network are learnt from by the second."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from playground import recipes
from playground.errors import UserError
from playground.events import StageFinished
from playground.recipes.bench import Sizes
from playground.recipes.running import carry_out
from playground.recipes.self_training import chosen
from tests.recipes.kitchen import SHORT, bench

ANSWERS = [("a", 0.9), ("b", 0.99), ("a", 0.95), ("a", 0.99), ("b", 0.5), ("a", 0.9)]


def test_the_surest_of_each_label_are_taken_and_none_below() -> None:
    assert chosen(ANSWERS, 0.9, 10) == [0, 1, 2, 3, 5]
    assert chosen(ANSWERS, 0.9, 2) == [1, 2, 3]
    assert chosen(ANSWERS, 0.0, 3) == [0, 1, 2, 3, 4], "of two that are as sure, the first"
    assert chosen(ANSWERS, 1.0, 3) == []


def test_without_texts_there_is_nothing_to_label() -> None:
    with pytest.raises(UserError, match="needs texts without a label"):
        recipes.create("self_training", {}).stages(Sizes(labelled=8, pool=0, labels=2))


def test_where_nothing_is_sure_both_trainings_learn_the_same(tmp_path: Path) -> None:
    recipe = recipes.create("self_training", {**SHORT, "confidence": 1.0})
    at = bench(tmp_path)
    said = [one.said for one in carry_out(recipe, at) if isinstance(one, StageFinished)]

    assert said[1].startswith("0 of 12 texts are taken")
    first, again = (
        (at.place(n) / "adapter" / "adapter_model.safetensors").read_bytes() for n in (1, 3)
    )
    assert first == again


def test_what_the_pool_is_taken_for_moves_the_second_training(tmp_path: Path) -> None:
    recipe = recipes.create("self_training", SHORT)
    at, other = bench(tmp_path / "own"), bench(tmp_path / "swapped")
    list(carry_out(recipe, at))
    stage = iter(carry_out(recipe, other))
    while not (isinstance(event := next(stage), StageFinished) and event.stage == 2):
        pass
    answers = other.kept(2, "answers.json")
    other.keep(2, "answers.json", [[{"pos": "neg", "neg": "pos"}[a], p] for a, p in answers])
    list(stage)

    assert json.dumps(at.kept(2, "answers.json")) == json.dumps(answers)
    one, two = (
        (place.place(3) / "adapter" / "adapter_model.safetensors").read_bytes()
        for place in (at, replace(other))
    )
    assert one != two
