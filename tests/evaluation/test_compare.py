"""A comparison worked by hand: four reviews, a prompting arm and a tuned one."""

import dataclasses

import pytest

from playground.evaluation.answers import ArmAnswers, LabelScores, probabilities, values
from playground.evaluation.compare import compare
from playground.evaluation.verdict import examples_needed
from playground.tasks.splits import Example

LABELS = ("neg", "pos")
PRIOR = LabelScores(total=(-1.0, -3.0), length=(1, 2), restricted=(-0.1, -2.4))


def arm(name: str, kind: str, answers: str) -> ArmAnswers:
    """An arm that answers n or p for each letter; by PMI it would always say p."""
    scores = {
        "n": LabelScores(total=(-1.0, -2.0), length=(1, 2), restricted=(-0.3, -1.35)),
        "p": LabelScores(total=(-2.0, -1.0), length=(1, 2), restricted=(-1.35, -0.3)),
    }
    told = tuple(scores[letter] for letter in answers)
    return ArmAnswers(name, kind, told, PRIOR, seconds_per_example=0.1, tokens_per_example=12.0)


def examples(truth: str) -> list[Example]:
    name = {"n": "neg", "p": "pos"}
    return [Example({"text": f"text {i}"}, name[letter], i + 2) for i, letter in enumerate(truth)]


def test_each_arm_has_its_row_of_the_verdict():
    found = compare(
        examples("nnpp"), LABELS, [arm("zero-shot", "prompt", "nnnn"), arm("LoRA", "run", "nnpn")]
    )
    zero, lora = found.arms

    assert (zero.accuracy, lora.accuracy) == (0.5, 0.75)
    assert zero.n == 4
    assert zero.one_label == "neg"
    assert lora.one_label == ""
    assert zero.difference_to_zero_shot is None
    assert lora.difference_to_zero_shot == 0.25
    assert lora.p_value_to_zero_shot == 1.0  # one example fixed, none broken
    assert zero.macro_f1 == pytest.approx((2 / 3 + 0) / 2)
    assert found.confusion("LoRA") == ((2, 0), (1, 1))
    assert (found.majority_label, found.majority_accuracy) == ("neg", 0.5)


def test_each_example_has_every_arms_answer():
    found = compare(
        examples("np"), LABELS, [arm("zero-shot", "prompt", "nn"), arm("LoRA", "run", "np")]
    )
    second = found.rows[1]
    assert (second.label, second.answers) == ("pos", ("neg", "pos"))
    assert all(sum(belief) == pytest.approx(1) for belief in second.probabilities)


def test_a_pair_reads_the_same_from_both_ends():
    found = compare(examples("nnpp"), LABELS, [arm("a", "prompt", "npnn"), arm("b", "run", "nnpn")])
    there, back = found.pair("a", "b"), found.pair("b", "a")
    assert (there.fixed, there.broken, there.difference) == (2, 0, 0.5)
    assert (back.fixed, back.broken, back.difference) == (0, 2, -0.5)
    assert back.interval == (-there.interval[1], -there.interval[0])
    with pytest.raises(KeyError, match="nobody"):
        found.pair("a", "nobody")


def test_the_rule_decides_which_label_wins():
    scores = LabelScores(total=(-2.0, -3.0), length=(1, 4), restricted=(-0.1, -2.3))
    assert values(scores, "total") == (-2.0, -3.0)
    assert values(scores, "mean") == (-2.0, -0.75)  # the long word's predictable tail
    assert values(scores, "pmi", PRIOR) == (-1.0, 0.0)
    assert values(scores, "restricted") == (-0.1, -2.3)
    with pytest.raises(ValueError, match="no scoring rule 'pmi'"):
        values(scores, "pmi")


def test_another_rule_needs_no_model():
    answers = [arm("zero-shot", "prompt", "nnnn")]
    assert compare(examples("nnpp"), LABELS, answers, "restricted").arms[0].accuracy == 0.5
    assert compare(examples("nppp"), LABELS, answers, "pmi").arms[0].accuracy == 0.75


def test_probabilities_sum_to_one_however_small_the_numbers():
    assert probabilities((-1000.0, -1000.0)) == (0.5, 0.5)


def test_answers_survive_the_disk():
    told = arm("LoRA", "run", "np")
    assert ArmAnswers.from_json(told.to_json()) == told


@pytest.mark.parametrize(
    ("arms", "problem"),
    [
        ([arm("a", "prompt", "n")], "answered 1 of 2"),
        ([arm("a", "prompt", "nn"), arm("a", "run", "nn")], "one name"),
    ],
)
def test_what_cannot_be_compared_is_refused(arms, problem):
    with pytest.raises(ValueError, match=problem):
        compare(examples("np"), LABELS, arms)


def verdict(truth: str, prompting: str, tuned: str) -> str:
    arms = [arm("8-shot", "prompt", prompting), arm("LoRA", "run", tuned)]
    return compare(examples(truth), LABELS, arms).sentence()


def test_the_sentence_says_when_tuning_won():
    said = verdict("np" * 40, "nn" * 40, "np" * 40)
    assert said.startswith("LoRA gets 100\u202f% of 80 held-out examples right; 8-shot 50\u202f%.")
    assert "fixed 40 that 8-shot got wrong and broke 0 (p < 0.001): settled." in said
    assert "8-shot answers “neg” to 100\u202f%" in said


def test_the_sentence_says_when_prompting_won():
    said = verdict("np" * 40, "np" * 40, "nn" * 40)
    assert "fixed 0 that 8-shot got wrong and broke 40 (p < 0.001)" in said
    assert "prompting is better" in said


def test_the_sentence_says_how_many_examples_would_settle_it():
    said = verdict("np" * 10, "np" * 8 + "nnnn", "np" * 10)
    assert "(p = 0.500): not settled; about" in said.replace("p = 0.50)", "p = 0.500)")
    assert "held-out examples would settle it" in said


def test_the_sentence_says_when_nothing_is_tuned_and_when_nobody_beats_guessing():
    found = compare(examples("nnnp"), LABELS, [arm("zero-shot", "prompt", "nnnn")])
    assert "Nothing is tuned yet." in found.sentence()
    assert "Always answering “neg” would get 75\u202f%: no arm does better." in found.sentence()


def test_fewer_examples_settle_a_larger_difference():
    found = compare(
        examples("np" * 50), LABELS, [arm("a", "prompt", "nn" * 50), arm("b", "run", "np" * 50)]
    )
    large = found.pairs[0]
    small = dataclasses.replace(large, fixed=12, broken=8, difference=0.04)
    assert examples_needed(large, 100) < examples_needed(small, 100)
    # Connor's formula by hand: 0.2 disagree, 0.04 apart
    assert examples_needed(small, 100) == 979
    assert examples_needed(dataclasses.replace(small, difference=0.0), 100) is None


def test_the_sentence_says_when_no_language_model_was_needed():
    arms = [arm("8-shot", "prompt", "nn" * 40), arm("LoRA", "run", "nn" * 20 + "np" * 20)]
    counted = arm("TF-IDF", "baseline", "np" * 40)
    said = compare(examples("np" * 40), LABELS, [*arms, counted]).sentence()
    assert said.startswith(
        "TF-IDF with logistic regression, no language model, gets 100\u202f% of 80 held-out"
        " examples right: it humbles LoRA 75\u202f%, 8-shot 50\u202f%."
    )
    assert "Tuning fixed 20 that 8-shot got wrong" in said
    tied = compare(examples("np" * 40), LABELS, [arm("LoRA", "run", "np" * 40), counted])
    assert "humbles" not in tied.sentence()
    assert "LoRA gets" in tied.sentence()
