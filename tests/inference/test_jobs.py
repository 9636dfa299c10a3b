"""What the inference worker replies, on tiny models: the base stays the base."""

import dataclasses

import pytest
import torch

from playground import methods
from playground.data.example import Example
from playground.errors import UserError
from playground.inference.jobs.registry import handle
from playground.inference.replies import ChatUsable
from playground.inference.requests import (
    Arm,
    CheckChat,
    EstimateCost,
    PredictBaseline,
    PredictRow,
    PreviewPrompt,
    RunAdapter,
    ScoreArm,
    ScoreBaseline,
)
from playground.inference.resident import Resident
from playground.models.answer_words import answer_words
from playground.models.loading import load
from tests.chatting import save_chat
from tests.runs.making import TASK
from tests.tiny import save_tiny

HEADS = ("classifier_head", "linear_probe")  # they read the text alone and write nothing
ROWS = ({"text": "a good film"}, {"text": "a dull and lifeless film"})


@pytest.fixture(scope="module")
def tuned(tmp_path_factory):
    """A model's folder, and an adapter of every method that differs from the base."""
    model = str(save_tiny("qwen2", tmp_path_factory.mktemp("model")))
    folder, runs = tmp_path_factory.mktemp("adapters"), []
    for name in methods.METHODS:
        method = methods.create(name, {})
        base = load(model, torch.device("cpu"))
        network = method.build(base, answer_words(base, TASK))
        with torch.no_grad():
            for weight in network.parameters():
                if weight.requires_grad:
                    weight += 0.05 * torch.randn_like(weight)
        method.save(network, folder / name)
        runs.append(run(name, folder / name))
    return model, runs


def run(method, folder, content="1"):
    return RunAdapter(method, str(folder), content, method, {})


def score_arm(model, adapter=None, rows=ROWS):
    return ScoreArm(Arm(TASK, adapter=adapter), rows, model=model)


def ask(resident, request):
    return handle(request, resident, lambda done: None)


def scores(resident, model, adapter=None):
    return ask(resident, score_arm(model, adapter)).scores


def test_demonstrations_are_chosen_for_the_text_that_is_asked_about(tuned):
    given = tuple(Example({"text": text}, "pos", 1) for text in ("my blue car", "one dull song"))
    resident = Resident()

    said = ask(resident, PredictRow(Arm(TASK, given, nearest=1), ROWS[1], model=tuned[0]))

    assert "one dull song" in said.prompt
    assert "my blue car" not in said.prompt
    (fixed,) = ask(resident, ScoreArm(Arm(TASK, given[1:]), ROWS[1:], model=tuned[0])).scores
    assert said.scored.scores[0].total == pytest.approx(fixed.total, abs=1e-5)


def test_a_prompt_through_the_chat_template_is_previewed_asked_and_written_on(tmp_path, tuned):
    model, spoken = str(save_chat("llama", tmp_path)), dataclasses.replace(TASK, chat=True)
    resident, row = Resident(), ROWS[0]

    seen = ask(resident, PreviewPrompt(spoken, row, model=model))
    said = ask(resident, PredictRow(Arm(spoken), row, model=model))

    assert seen.text.endswith("Sentiment:<|im_end|>\n<|im_start|>assistant\n ___")
    assert said.prompt == seen.before
    assert (
        said.scored.scores != ask(resident, PredictRow(Arm(TASK), row, model=model)).scored.scores
    )
    assert ask(resident, PreviewPrompt(TASK, row, model=model)).chat, "it is offered"
    assert not ask(resident, PreviewPrompt(TASK, row, model=tuned[0])).chat
    assert ask(resident, CheckChat(model=model)) == ChatUsable()
    with pytest.raises(UserError, match="has no chat template"):
        ask(resident, CheckChat(model=tuned[0]))


@pytest.mark.slow
def test_the_base_answers_the_same_bits_before_between_and_after_adapters(tuned):
    model, runs = tuned
    resident = Resident()
    base = scores(resident, model)
    weights = {k: v.clone() for k, v in resident.base(model).network.state_dict().items()}

    for one in runs:
        assert scores(resident, model, one) != base, f"{one.method} changes nothing"
        assert scores(resident, model) == base, one.method
    for one in runs:  # one after the other, without the base in between
        scores(resident, model, one)

    after = resident.base(model).network.state_dict()
    assert after.keys() == weights.keys()
    assert all(torch.equal(after[name], weights[name]) for name in weights)


def test_an_adapter_trained_on_is_loaded_anew(tuned, tmp_path):
    model, runs = tuned
    resident, one = Resident(), runs[0]
    first = scores(resident, model, one)
    method = methods.create(one.method, {})
    network = method.build(load(model, torch.device("cpu")))
    method.save(network, tmp_path)

    second = scores(resident, model, run(one.method, tmp_path, content="2"))

    assert second != first
    assert second == scores(resident, model), "a fresh adapter is the base"


def test_an_adapter_that_does_not_load_leaves_the_base_as_it_was(tuned, tmp_path):
    model, runs = tuned
    resident = Resident()
    base = scores(resident, model)
    other = save_tiny("llama", tmp_path / "other")
    lora = methods.create("lora", {"placement": "attention", "rank": 3})
    lora.save(lora.build(load(str(other), torch.device("cpu"))), tmp_path / "adapter")
    weights = tmp_path / "adapter" / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-8])

    with pytest.raises(UserError, match="damaged"):
        scores(resident, model, run("lora", tmp_path / "adapter"))

    assert scores(resident, model) == base
    assert scores(resident, model, runs[0]) != base


def test_the_model_unused_longest_goes_when_room_is_short(tuned, tmp_path):
    model, _ = tuned
    resident = Resident()
    resident._room = 0  # bytes: every model is one too many
    first = resident.base(model)
    assert resident.base(model) is first
    resident.base(str(save_tiny("gpt2", tmp_path)))

    assert resident.base(model) is not first


@pytest.mark.slow
def test_one_text_comes_with_its_prompt_and_what_the_model_would_write(tuned):
    model, runs = tuned
    resident = Resident()

    for one in (None, *runs):
        reply = ask(resident, PredictRow(Arm(TASK, adapter=one), ROWS[0], model=model))
        if one is not None and one.method in HEADS:
            assert (reply.prompt, reply.generated) == ("a good film", "")
        else:
            assert reply.prompt == "Review: a good film\nSentiment:"
            assert isinstance(reply.generated, str)
        assert reply.scored.scores == ask(resident, score_arm(model, one, ROWS[:1])).scores


def test_a_masked_model_shows_the_gap_and_writes_nothing(tmp_path):
    model = str(save_tiny("bert", tmp_path))
    template = dataclasses.replace(TASK, template="{text} It was {answer}.")

    reply = ask(Resident(), PredictRow(Arm(template), ROWS[0], model=model))

    assert reply.prompt == "a good film It was ___."
    assert reply.generated == ""


@pytest.mark.parametrize("method", list(methods.cards.cards()))
def test_what_a_method_costs_is_counted_without_weights(tuned, method):
    model, _ = tuned
    settings = methods.cards.checked(method, {})

    cost = ask(Resident(), EstimateCost(method, settings, None, model=model))

    chosen = methods.create(method, {})
    network = chosen.build(load(model, torch.device("cpu")))
    trainable = sum(p.numel() for p in network.parameters() if p.requires_grad)
    kept = chosen.saved_parameters(network) if hasattr(chosen, "saved_parameters") else trainable
    assert cost.trainable == trainable
    assert cost.bytes_per_task == 4 * kept
    assert cost.memory["total"] > 0


def test_the_baseline_answers_without_any_model_and_is_fitted_once():
    train = tuple(
        Example({"text": f"{word} {i}"}, label, i)
        for label, word in (("pos", "good"), ("neg", "dull"))
        for i in range(6)
    )
    resident = Resident()
    first = ask(resident, ScoreBaseline(TASK, train, ROWS))
    fitted = resident.baseline.get((train, TASK), lambda: None)
    said = ask(resident, PredictBaseline(TASK, tuple(train), ROWS[0]))

    assert [one.total.index(max(one.total)) for one in first.scores] == [0, 1]
    assert first.trainable > 0 < first.bytes_per_task
    assert said.scored.scores == first.scores[:1]
    assert (said.prompt, said.generated, said.scored.tokens) == ("a good film", "", 3)
    assert fitted is not None
    assert resident.baseline.get((train, TASK), lambda: None) is fitted
    assert not resident._models
