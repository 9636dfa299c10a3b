"""Each number against a hand count or against scipy and scikit-learn."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import confusion_matrix, f1_score

from playground import metrics


@pytest.mark.parametrize(("right", "n"), [(0, 5), (5, 5), (61, 100), (530, 872)])
def test_wilson_is_scipys(right, n):
    expected = stats.binomtest(right, n).proportion_ci(method="wilson")
    assert metrics.wilson(right, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_refuses_what_is_no_proportion():
    with pytest.raises(ValueError, match="6 right answers out of 5"):
        metrics.wilson(6, 5)


@pytest.mark.parametrize(("fixed", "broken"), [(11, 3), (3, 11), (1, 1), (47, 5), (0, 9)])
def test_mcnemar_is_the_exact_binomial_test(fixed, broken):
    expected = stats.binomtest(fixed, fixed + broken, 0.5).pvalue
    assert metrics.mcnemar(fixed, broken) == pytest.approx(expected, abs=1e-12)


def test_arms_that_never_disagree_are_not_told_apart():
    assert metrics.mcnemar(0, 0) == 1.0


def test_holm_by_hand():
    # sorted 0.01 x 4, 0.02 x 3, 0.03 x 2, 0.04 x 1, each at least as large as the one before
    assert metrics.holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx((0.06, 0.04, 0.06, 0.06))
    assert metrics.holm([0.9, 0.8]) == (1.0, 1.0)
    assert metrics.holm([]) == ()


def test_difference_interval_covers_the_difference_and_keeps_its_pairs():
    first = [True] * 50 + [False] * 50
    second = [True] * 50 + [True] * 30 + [False] * 20
    low, high = metrics.difference_interval(first, second)
    assert low < 0.30 < high
    assert (low, high) == metrics.difference_interval(first, second)
    assert high - low < 0.2  # unpaired it would be about 0.26 wide
    assert metrics.difference_interval(first, first) == (0.0, 0.0)


def test_difference_interval_agrees_with_scipys_bootstrap():
    draw = np.random.default_rng(3)
    first, second = draw.random(300) < 0.6, draw.random(300) < 0.7
    gain = second.astype(float) - first.astype(float)
    expected = stats.bootstrap(
        (gain,), np.mean, method="percentile", n_resamples=4000, rng=np.random.default_rng(1)
    ).confidence_interval
    assert metrics.difference_interval(first, second) == pytest.approx(
        (expected.low, expected.high), abs=0.015
    )


def test_difference_interval_refuses_unpaired_answers():
    with pytest.raises(ValueError, match="equal lengths"):
        metrics.difference_interval([True], [True, False])


def test_confusion_and_macro_f1_are_scikit_learns():
    draw = np.random.default_rng(0)
    truth, answers = draw.integers(0, 4, 200), draw.integers(0, 4, 200)
    counts = metrics.confusion(truth, answers, 4)
    assert (counts == confusion_matrix(truth, answers, labels=range(4))).all()
    assert metrics.macro_f1(counts) == pytest.approx(f1_score(truth, answers, average="macro"))


def test_macro_f1_of_one_answer_for_everything():
    counts = metrics.confusion([0, 0, 1, 1], [0, 0, 0, 0], 3)  # the third label is nowhere
    assert metrics.macro_f1(counts) == pytest.approx((2 * 2 / (4 + 2) + 0) / 2)


def test_calibration_error_by_hand():
    assert metrics.calibration_error([1.0, 1.0], [True, True]) == 0.0
    assert metrics.calibration_error([0.7] * 4, [True, True, False, False]) == pytest.approx(0.2)
    both = metrics.calibration_error([0.95, 0.55], [True, False])
    assert both == pytest.approx((0.05 + 0.55) / 2)
