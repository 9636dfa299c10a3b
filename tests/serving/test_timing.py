"""The three ways of asking many tasks, timed in turns."""

import pytest

from playground.serving.asking import ask
from playground.serving.shelf import KEPT, Adapter, Shelf
from playground.serving.timing import REPEATS, measure, ratio
from tests.serving.adapters import Made, asked_of, make_all
from tests.tiny import tiny_model


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    return make_all("gpt2", tmp_path_factory.mktemp("adapters"))


def test_the_interval_of_a_median_leaves_out_as_many_as_a_fair_coin_allows() -> None:
    """For n = 6 none may be left out at either end (coverage 0.969), for 9 one (0.961), for 15
    three (0.965): Conover, Practical Nonparametric Statistics, table A3."""
    for count, outside in ((6, 0), (9, 1), (15, 3)):
        longer = [float(number) for number in range(1, count + 1)]

        found = ratio(longer, [1.0] * count)

        assert found.median == (count + 1) / 2
        assert (found.low, found.high) == (1 + outside, count - outside)


def test_ratios_are_of_the_same_round() -> None:
    """A machine that slows down to a tenth changes no ratio."""
    shorter = [0.1, 1.0, 0.1, 1.0, 0.1, 1.0]

    found = ratio([3 * second for second in shorter], shorter)

    assert (found.low, found.median, found.high) == pytest.approx((3.0, 3.0, 3.0))


def test_all_three_ways_are_timed_on_the_same_question(made: list[Made]) -> None:
    model = tiny_model("gpt2")
    adapters = [Adapter(str(i), one.method, one.folder) for i, one in enumerate(made[:4])]

    times = measure(Shelf().mixed(model, adapters), asked_of(range(4)), adapters)

    assert times.tasks == 4
    assert REPEATS[0] <= times.repeats <= REPEATS[1]
    for seconds, own in (
        (times.kept, times.kept_ratio),
        (times.switching, times.switching_ratio),
    ):
        assert min(seconds, times.mixed) > 0
        assert 0 < own.low <= own.median <= own.high


def test_a_shelf_reads_each_adapter_once_and_keeps_the_last_ones(made: list[Made]) -> None:
    model = tiny_model("gpt2")
    one = Adapter("kept", made[0].method, made[0].folder)
    shelf = Shelf()
    first = shelf.mixed(model, [one])
    assert shelf.mixed(model, [one]) is first

    for number in range(KEPT):
        shelf.mixed(model, [Adapter(str(number), one.method, one.folder)])

    assert shelf.mixed(model, [one]).injections[0] is not first.injections[0]


def test_another_base_of_the_same_name_is_not_mixed_up_with_the_first(made: list[Made]) -> None:
    adapter = Adapter("one", made[0].method, made[0].folder)
    shelf, asked = Shelf(), asked_of([0])
    first, second = tiny_model("gpt2"), tiny_model("gpt2", seed=1)

    one, other = (ask(shelf.mixed(model, [adapter]), asked)[0] for model in (first, second))

    assert one.scores != other.scores
