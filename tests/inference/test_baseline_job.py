"""The baseline in the asking process: it answers in labels, whatever rule reads label words."""

import pytest

from playground.data.example import Example
from playground.evaluation.answers import RULES, LabelScores, values
from playground.inference.jobs.baseline import BaselineJob
from playground.tasks.classification import Task

TASK = Task("{text}\nSentiment:", {"pos": "positive", "neg": "negative"}, "label")
# Far more of one label: "N/A" would be answered with it, and must count for nothing.
TAUGHT = [
    *(Example({"text": f"good film {i}"}, "pos", i) for i in range(9)),
    *(Example({"text": f"bad film {i}"}, "neg", i) for i in range(3)),
]


@pytest.mark.parametrize("rule", list(RULES))
def test_no_scoring_rule_moves_its_answers(rule: str) -> None:
    asked = {
        "task": TASK.to_json(),
        "taught": [example.to_json() for example in TAUGHT],
        "rows": [{"text": "a film"}, {"text": "a bad film"}],
    }
    reply = BaselineJob().answers(asked)
    prior = LabelScores(**{key: tuple(value) for key, value in reply["prior"].items()})
    for said in reply["scores"]:
        scores = LabelScores(**{key: tuple(value) for key, value in said.items()})
        assert values(scores, rule, prior) == pytest.approx(scores.total)
