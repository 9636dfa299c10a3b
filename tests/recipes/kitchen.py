"""A bench on a tiny model for every recipe, and its settings made short."""

import itertools
from collections.abc import Callable
from pathlib import Path

from playground import recipes
from playground.cards import Value
from playground.recipes import Recipe
from playground.recipes.bench import Bench, Material
from tests.tiny import tiny_model
from tests.training.toy import TASK, examples

SHORT: dict[str, Value] = {"steps": 2, "batch_size": 4, "confidence": 0.0}
POOL = tuple(dict(example.row) for example in examples(32)[20:])
MATERIAL = Material(tuple(examples()), (), POOL, tuple(examples(20)[12:]))


def short(name: str) -> Recipe:
    known = {setting.name for setting in recipes.cards()[name].settings}
    return recipes.create(name, {key: value for key, value in SHORT.items() if key in known})


def bench(folder: Path, stop: Callable[[], bool] = lambda: False, seed: int = 0) -> Bench:
    return Bench(tiny_model("llama"), TASK, MATERIAL, seed, folder, stop)


def after(looks: int) -> Callable[[], bool]:
    """Somebody stops at the so many-th look."""
    counted = itertools.count()
    return lambda: next(counted) >= looks
