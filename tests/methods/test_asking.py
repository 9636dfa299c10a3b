"""Asking a tuned network: on kept keys and values as on whole sequences."""

import pytest
import torch

from playground.models.answer_words import answer_words
from playground.scoring import score, score_naively
from playground.tasks.classification import Task
from tests.methods.cases import Case, all_cases, parameters, refusal
from tests.tiny import tiny_model

# "great" and "greatly bad" share a beginning; the third has a single piece of its own.
TASK = Task(
    "Review: {text}\nSentiment:",
    {"a": "great", "b": "greatly bad", "c": "positive"},
    "label",
    instruction="Is it good?",
)
ROWS = [{"text": text} for text in ("a good film", "dull", "moving and funny, a great film")]


ON = ("gpt2", "llama", "opt", "bert", "t5")
ASKED = [case for case in all_cases() if not case.settings and case.architecture in ON]


@pytest.mark.parametrize("case", parameters(ASKED))
def test_both_ways_of_asking_agree_where_it_can_be_asked(case: Case) -> None:
    model = tiny_model(case.architecture)
    if (reason := refusal(case)) is not None:
        assert case.method.refuse(model) == reason
        return
    network = case.method.build(model, answer_words(model, TASK))
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) / 20)
    kept = score(model, network, TASK, ROWS)
    whole = score_naively(model, network, TASK, ROWS)
    for one, other in zip([*kept.scores, kept.prior], [*whole.scores, whole.prior], strict=True):
        assert one.total == pytest.approx(other.total, abs=1e-5)
        assert one.restricted == pytest.approx(other.restricted, abs=1e-5)
