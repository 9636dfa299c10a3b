"""The default learning rate falls from the swept one to the paper's as the model grows."""

import pytest

from playground.methods.cards import cards
from playground.methods.common.rates import SWEPT_ON, default_rate, settled
from playground.models.catalogue import FOLDERS
from playground.models.loading import load

FALLING = sorted(name for name, card in cards().items() if card.paper_rate)
WHOLE = ("classifier_head", "prompt_based_fine_tuning")  # every weight trains


@pytest.mark.parametrize("name", FOLDERS)
def test_the_bundled_models_get_the_swept_rates(name: str):
    assert 0.95 * SWEPT_ON < load(name, empty=True).parameters <= SWEPT_ON


@pytest.mark.parametrize("name", FALLING)
def test_a_rate_falls_between_the_bundled_model_and_the_papers(name: str):
    card = cards()[name]
    own, (rate, size) = card.setting("learning_rate").default, card.paper_rate
    middle = round((SWEPT_ON * size) ** 0.5)

    assert rate < own
    assert size > SWEPT_ON
    assert default_rate(card, 10_000) == default_rate(card, SWEPT_ON) == own
    assert default_rate(card, size) == default_rate(card, 100 * size) == rate
    assert default_rate(card, middle) == pytest.approx((own * rate) ** 0.5, rel=0.06)


def test_where_every_weight_trains_the_rate_falls():
    assert set(WHOLE) <= set(FALLING)
    bert = [default_rate(cards()[name], 110_000_000) for name in WHOLE]
    assert all(2e-5 <= rate <= 5e-5 for rate in bert), "as in Devlin et al. 2019, appendix A.3"


def test_other_rates_do_not_depend_on_the_model():
    card = cards()["linear_probe"]
    own = card.setting("learning_rate").default
    assert [default_rate(card, size) for size in (1_000, 10**9)] == [own, own]


def test_a_rate_that_was_given_stays_and_another_is_settled_by_the_model():
    given = settled("lora", {"learning_rate": 0.01, "rank": 4}, 10**9)
    assert (given["learning_rate"], given["rank"]) == (0.01, 4)
    left = settled("lora", {"rank": 4}, 10**9)
    assert (left["learning_rate"], left["rank"]) == (cards()["lora"].paper_rate[0], 4)
