"""The defaults are what did best when they were swept, or little less in half the time."""

import pytest

from playground.methods.cards import cards
from playground.methods.common.rates import swept

SWEPT = [name for name in sorted(cards()) if swept(name).rates]
TIE = 0.0005  # what is kept is rounded; of two that are level the lower rate is taken
NOISE = 0.01  # of a mean that one seed gives
WORTH_TWICE_THE_TIME = 0.03


@pytest.mark.parametrize("name", SWEPT)
def test_a_default_is_the_best_of_the_rates_tried_with_every_seed(name):
    found = swept(name)
    seeds = {rate: count for points in found.rates.values() for rate, _, count in points}
    finalists = [rate for rate, count in seeds.items() if count == max(seeds.values())]

    assert len(found.rates) >= 3
    assert max(seeds.values()) >= 3
    best = max(map(found.accuracy, finalists))
    level = [rate for rate in finalists if found.accuracy(rate) > best - TIE]
    assert cards()[name].setting("learning_rate").default == min(level)


@pytest.mark.parametrize("name", SWEPT)
def test_no_other_steps_or_schedule_is_worth_its_time(name):
    card, found = cards()[name], swept(name)
    steps = card.setting("steps").default
    default = found.accuracy(float(card.setting("learning_rate").default))
    fewer = [way for way in found.others if way.steps < steps]
    level = [way for way in found.others if way.constant]
    more = [way for way in found.others if way.steps > steps]

    assert [way.steps for way in fewer] == [steps // 2]
    assert [way.steps for way in more] == [steps * 2]
    assert [way.steps for way in level] == [steps]
    assert all(way.accuracy <= default + NOISE for way in (*fewer, *level))
    assert all(way.accuracy <= default + WORTH_TWICE_THE_TIME for way in more)
