"""The default learning rates are those that did best when they were swept."""

import pytest

from playground.methods.cards import cards
from playground.methods.rates import swept
from tests.benchmarks.trials import IMPOSSIBLE

SWEPT = sorted(set(cards()) - set(IMPOSSIBLE))


def test_every_method_that_the_bundled_model_takes_was_swept():
    assert [name for name in sorted(cards()) if swept(name).rates] == SWEPT


@pytest.mark.parametrize("name", SWEPT)
def test_a_default_is_the_best_of_the_rates_tried_with_every_seed(name):
    found = swept(name)
    seeds = {rate: count for points in found.rates.values() for rate, _, count in points}
    finalists = [rate for rate, count in seeds.items() if count == max(seeds.values())]

    assert len(found.rates) >= 3
    assert max(seeds.values()) >= 3
    assert cards()[name].setting("learning_rate").default == max(finalists, key=found.accuracy)
