"""What the asking process answers, on tiny models: the base stays the base."""

import dataclasses

import pytest
import torch

from playground import methods
from playground.data.example import Example
from playground.errors import UserError
from playground.inference.jobs.registry import Answering
from playground.models.answer_words import answer_words
from playground.models.loading import load
from tests.chatting import save_chat
from tests.runs.making import TASK
from tests.tiny import save_tiny

HEADS = ("classifier_head", "linear_probe")  # they read the text alone and write nothing
ROWS = [{"text": "a good film"}, {"text": "a dull and lifeless film"}]


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
    settings = {"id": method, "content": content, "method": method, "settings": {}}
    return {**settings, "folder": str(folder)}


def job(model, tuned_run=None, rows=ROWS):
    task = {"task": TASK.to_json(), "demonstrations": []}
    return {"model": model, **task, "run": tuned_run, "rows": rows}


def nothing(done):
    return None


def scores(answering, model, tuned_run=None):
    return answering.answers(job(model, tuned_run), nothing)["scores"]


def test_demonstrations_are_chosen_for_the_text_that_is_asked_about(tuned):
    given = [Example({"text": text}, "pos", 1) for text in ("my blue car", "one dull song")]
    asked = {**job(tuned[0], rows=ROWS[1:]), "nearest": 1}
    asked |= {"demonstrations": [example.to_json() for example in given]}

    said = Answering().say(asked, nothing)

    assert "one dull song" in said["prompt"]
    assert "my blue car" not in said["prompt"]
    fixed = {**asked, "nearest": 0, "demonstrations": asked["demonstrations"][1:]}
    (scores,) = Answering().answers(fixed, nothing)["scores"]
    assert said["scores"][0]["total"] == pytest.approx(scores["total"], abs=1e-5)


def test_a_prompt_through_the_chat_template_is_previewed_asked_and_written_on(tmp_path, tuned):
    model, spoken = str(save_chat("llama", tmp_path)), dataclasses.replace(TASK, chat=True)
    answering = Answering()
    plain = {"model": model, "task": TASK.to_json(), "row": ROWS[0], "demonstrations": []}

    seen = answering.preview({**plain, "task": spoken.to_json()}, nothing)
    said = answering.say({**job(model, rows=ROWS[:1]), "task": spoken.to_json()}, nothing)

    assert seen["text"].endswith("Sentiment:<|im_end|>\n<|im_start|>assistant\n ___")
    assert said["prompt"] == seen["before"]
    assert said["scores"] != answering.say(job(model, rows=ROWS[:1]), nothing)["scores"]
    assert answering.preview(plain, nothing)["chat"], "it is offered"
    assert not answering.preview({**plain, "model": tuned[0]}, nothing)["chat"]
    assert answering.chat({"model": model}, nothing) == {}
    with pytest.raises(UserError, match="has no chat template"):
        answering.chat({"model": tuned[0]}, nothing)


@pytest.mark.slow
def test_the_base_answers_the_same_bits_before_between_and_after_adapters(tuned):
    model, runs = tuned
    answering = Answering()
    base = scores(answering, model)
    weights = {k: v.clone() for k, v in answering.base(model).network.state_dict().items()}

    for one in runs:
        assert scores(answering, model, one) != base, f"{one['method']} changes nothing"
        assert scores(answering, model) == base, one["method"]
    for one in runs:  # one after the other, without the base in between
        scores(answering, model, one)

    after = answering.base(model).network.state_dict()
    assert after.keys() == weights.keys()
    assert all(torch.equal(after[name], weights[name]) for name in weights)


def test_an_adapter_trained_on_is_loaded_anew(tuned, tmp_path):
    model, runs = tuned
    answering, one = Answering(), runs[0]
    first = scores(answering, model, one)
    method = methods.create(one["method"], {})
    network = method.build(load(model, torch.device("cpu")))
    method.save(network, tmp_path)

    second = scores(answering, model, run(one["method"], tmp_path, content="2"))

    assert second != first
    assert second == scores(answering, model), "a fresh adapter is the base"


def test_an_adapter_that_does_not_load_leaves_the_base_as_it_was(tuned, tmp_path):
    model, runs = tuned
    answering = Answering()
    base = scores(answering, model)
    other = save_tiny("llama", tmp_path / "other")
    lora = methods.create("lora", {"placement": "attention", "rank": 3})
    lora.save(lora.build(load(str(other), torch.device("cpu"))), tmp_path / "adapter")
    weights = tmp_path / "adapter" / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-8])

    with pytest.raises(UserError, match="damaged"):
        scores(answering, model, run("lora", tmp_path / "adapter"))

    assert scores(answering, model) == base
    assert scores(answering, model, runs[0]) != base


def test_the_model_unused_longest_goes_when_room_is_short(tuned, tmp_path):
    model, _ = tuned
    answering = Answering()
    answering._room = 0  # bytes: every model is one too many
    first = answering.base(model)
    assert answering.base(model) is first
    answering.base(str(save_tiny("gpt2", tmp_path)))

    assert answering.base(model) is not first


@pytest.mark.slow
def test_one_text_comes_with_its_prompt_and_what_the_model_would_write(tuned):
    model, runs = tuned
    answering = Answering()

    for one in (None, *runs):
        reply = answering.say(job(model, one, ROWS[:1]), nothing)
        if one is not None and one["method"] in HEADS:
            assert (reply["prompt"], reply["written"]) == ("a good film", "")
        else:
            assert reply["prompt"] == "Review: a good film\nSentiment:"
            assert isinstance(reply["written"], str)
        assert reply["scores"] == answering.answers(job(model, one, ROWS[:1]), nothing)["scores"]


def test_a_masked_model_shows_the_gap_and_writes_nothing(tmp_path):
    model = str(save_tiny("bert", tmp_path))
    template = dataclasses.replace(TASK, template="{text} It was {answer}.").to_json()

    reply = Answering().say({**job(model, rows=ROWS[:1]), "task": template}, nothing)

    assert reply["prompt"] == "a good film It was ___."
    assert reply["written"] == ""


@pytest.mark.parametrize("method", list(methods.cards.cards()))
def test_what_a_method_costs_is_counted_without_weights(tuned, method):
    model, _ = tuned
    settings = methods.cards.checked(method, {})

    said = Answering().describe({"model": model, "method": method, "settings": settings}, nothing)

    chosen = methods.create(method, {})
    network = chosen.build(load(model, torch.device("cpu")))
    trainable = sum(p.numel() for p in network.parameters() if p.requires_grad)
    kept = chosen.saved_parameters(network) if hasattr(chosen, "saved_parameters") else trainable
    assert said["trainable"] == trainable
    assert said["bytes_per_task"] == 4 * kept
    assert said["memory"]["total"] > 0


def test_the_baseline_answers_without_any_model_and_is_fitted_once():
    taught = [
        {"row": {"text": f"{word} {i}"}, "label": label, "line": i}
        for label, word in (("pos", "good"), ("neg", "dull"))
        for i in range(6)
    ]
    answering = Answering()
    asked = {**job("none", rows=ROWS), "taught": taught}
    first = answering.answers(asked, nothing)
    fitted = answering._baseline._fitted
    said = answering.say({**asked, "rows": ROWS[:1]}, nothing)

    assert [one["total"].index(max(one["total"])) for one in first["scores"]] == [0, 1]
    assert first["trainable"] > 0 < first["bytes_per_task"]
    assert said["scores"] == first["scores"][:1]
    assert (said["prompt"], said["written"], said["tokens"]) == ("a good film", "", 3)
    assert answering._baseline._fitted is fitted
    assert not answering._models
