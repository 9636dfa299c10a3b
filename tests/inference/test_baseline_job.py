"""The baseline in the inference worker: it answers in labels, whatever rule reads label words."""

import pytest

from playground.data.example import Example
from playground.evaluation.answers import RULES, values
from playground.inference.jobs import baseline
from playground.inference.requests import ScoreBaseline
from playground.inference.resident import Resident
from playground.tasks.classification import Task

TASK = Task("{text}\nSentiment:", {"pos": "positive", "neg": "negative"}, "label")
# Far more of one label: "N/A" would be answered with it, and must count for nothing.
TRAIN = (
    *(Example({"text": f"good film {i}"}, "pos", i) for i in range(9)),
    *(Example({"text": f"bad film {i}"}, "neg", i) for i in range(3)),
)


@pytest.mark.parametrize("rule", list(RULES))
def test_no_scoring_rule_moves_its_answers(rule: str) -> None:
    request = ScoreBaseline(TASK, TRAIN, ({"text": "a film"}, {"text": "a bad film"}))
    reply = baseline.score_rows(request, Resident(), lambda done: None)
    for scores in reply.scores:
        assert values(scores, rule, reply.prior) == pytest.approx(scores.total)
