import copy

import pytest
import torch
from tokenizers import normalizers

from playground.errors import UserError
from playground.models.answer_words import AnswerWords, answer_words, path_scores
from playground.tasks.classification import Task
from tests.tiny import tiny_model

TEMPLATE = "Review: {text}\nSentiment:"
WORDS = AnswerWords(("a", "b", "c"), ((4, 5), (4, 6), (7,)))


def task(*words: str) -> Task:
    return Task(TEMPLATE, {word: word for word in words}, "label")


def test_words_are_taken_as_they_stand_behind_the_template():
    model = tiny_model("gpt2")
    words = answer_words(model, task("positive", "negative"))

    assert [model.tokenizer.decode(ids) for ids in words.ids] == [" positive", " negative"]


def test_behind_a_newline_no_blank_is_put_in_front():
    model = tiny_model("gpt2")
    lines = Task("{text}\n", {"good": "good", "bad": "bad"}, "label")

    decoded = [model.tokenizer.decode(ids) for ids in answer_words(model, lines).ids]

    assert decoded == ["good", "bad"]


def test_a_word_that_begins_another_closes_them_all():
    model = tiny_model("gpt2")
    words = answer_words(model, task("good", "good film", "bad"))
    newline = model.family.closing_id(model)

    assert {ids[-1] for ids in words.ids} == {newline}
    assert model.tokenizer.decode([newline]) == "\n"


def test_masked_models_close_with_their_separator():
    model = tiny_model("bert")

    closing = {ids[-1] for ids in answer_words(model, task("good", "good film")).ids}

    assert closing == {model.tokenizer.sep_token_id}


def test_no_path_is_the_beginning_of_another():
    ids = answer_words(tiny_model("gpt2"), task("good", "good film", "go")).ids

    assert not any(a == b[: len(a)] for a in ids for b in ids if a is not b)


def test_siblings_are_the_tokens_that_go_on_towards_a_word():
    assert WORDS.siblings(()) == (4, 7)
    assert WORDS.siblings((4,)) == (5, 6)
    assert WORDS.siblings((7,)) == ()


def test_stems_group_labels_that_differ_in_their_last_token():
    assert WORDS.stems == {(4,): [0, 1], (): [2]}


def test_scores_of_a_path_worked_by_hand():
    logits = torch.zeros(1, 2, 8)
    logits[0, 0, 7] = torch.tensor(3.0).log()  # first slot: p(7) = 3/10, p(4) = 1/10
    logits[0, 1, 6] = torch.tensor(3.0).log()  # second slot: p(5) = 1/10, p(6) = 3/10

    total, restricted = path_scores(logits, torch.tensor([[0, 1, 2]]), WORDS)

    assert total.exp()[0].tolist() == pytest.approx([0.01, 0.03, 0.3])
    # Among {4, 7} it is 1 to 3, then among {5, 6} again 1 to 3.
    assert restricted.exp()[0].tolist() == pytest.approx([1 / 16, 3 / 16, 3 / 4])


def test_a_token_without_rivals_costs_nothing():
    words = AnswerWords(("a", "b"), ((1, 2, 3), (4,)))
    logits = torch.randn(1, 3, 6)

    _, restricted = path_scores(logits, torch.tensor([[0, 1]]), words)

    expected = logits[0, 0, [1, 4]].log_softmax(-1)
    assert torch.allclose(restricted[0], expected, atol=1e-6)


def test_the_loss_of_a_path_reaches_the_logits_it_read_and_no_other():
    logits = torch.randn(2, 2, 8, requires_grad=True)

    path_scores(logits, torch.tensor([[0], [2]]), WORDS)[1].sum().backward()

    assert logits.grad[0, 1, [5, 6]].abs().min() > 0
    assert logits.grad[1, 1].abs().max() == 0
    assert torch.isfinite(logits.grad).all()


def test_words_the_tokenizer_cannot_tell_apart_are_refused():
    model = tiny_model("bert")
    model.tokenizer = copy.deepcopy(model.tokenizer)
    model.tokenizer.backend_tokenizer.normalizer = normalizers.Lowercase()

    with pytest.raises(UserError, match="same tokens"):
        answer_words(model, task("Good", "good"))
