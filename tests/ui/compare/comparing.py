"""A small comparison for the tests of what draws one: two prompting arms and a run, four texts."""

from playground.data.example import Example
from playground.evaluation.answers import ArmAnswers, LabelScores
from playground.evaluation.compare import compare
from playground.evaluation.comparison import Comparison

LABELS = ("neg", "pos")
SAYS = {
    "n": LabelScores(total=(-1.0, -2.0), length=(1, 1), restricted=(-0.3, -1.35)),
    "p": LabelScores(total=(-2.0, -1.0), length=(1, 1), restricted=(-1.35, -0.3)),
}


def arm(name: str, answers: str, **more: object) -> ArmAnswers:
    """An arm that answers n or p for each letter."""
    scores = tuple(SAYS[letter] for letter in answers)
    known = {"kind": "prompt", "seconds_per_example": 0.0125, "tokens_per_example": 12.0}
    return ArmAnswers(name=name, scores=scores, prior=SAYS["n"], **{**known, **more})


def comparison(name: str = "LoRA", truth: str = "nnpp") -> Comparison:
    """zero-shot says neg to all; 8-shot gets two right; the run misses the third."""
    arms = [
        arm("zero-shot", "nnnn"),
        arm("8-shot", "pnpn", shots=8, dropped=2, cut=1),
        arm(name, "nnnp", kind="run", method="lora", run_id="r", trainable=24_576),
    ]
    texts = [f"text {number}" for number in range(len(truth))]
    labels = {"n": "neg", "p": "pos"}
    examples = [
        Example({"text": text}, labels[letter], line)
        for line, (text, letter) in enumerate(zip(texts, truth, strict=True), 2)
    ]
    return compare(examples, LABELS, arms)
