import math
from dataclasses import replace

import pytest
import torch

from playground.data.example import Example
from playground.errors import UserError
from playground.evaluation.answers import LabelScores
from playground.methods import METHODS
from playground.models.answer_words import answer_words
from playground.models.language_model import LanguageModel
from playground.models.prompts import PromptEncoder
from playground.scoring import (
    Scored,
    check_words,
    prompt_text,
    score,
    score_naively,
    write,
)
from playground.scoring.batching import Budget, by_length
from playground.scoring.shortcuts import can_cache, why_whole
from playground.tasks.classification import Task
from tests.models.more import EVERY_CAUSAL, model_of
from tests.tiny import MASKED, SEQ2SEQ, tiny_model

# Words of one and of several tokens; "good" begins "good film"; "not ..." share a first token.
TASK = Task(
    "Review: {text}\nSentiment:",
    {"p": "positive", "g": "good film", "h": "good", "n": "not bad", "m": "not great"},
    "label",
    "Say what it is.",
)
ONE_TOKEN = Task("Review: {text}\nSentiment:", {"p": "positive", "n": "negative"}, "label")
ROWS = [
    {"text": "a dull film"},
    {"text": "great"},
    {"text": "a moving and funny film, a good one"},
    {"text": "bad, bad"},
]
DEMONSTRATIONS = (Example({"text": "ok film"}, "p", 1), Example({"text": "no"}, "m", 2))
# One of each family and way of asking: kept keys and values, whole sequences, masks, an encoder.
EVERY_WAY = ("gpt2", "llama", "bloom", "bert", "albert", "t5", "bart")
CACHELESS = ("bloom", "falcon", "mamba", "openai-gpt")


def worst(one: Scored, other: Scored) -> float:
    """The largest difference between any two numbers, in nats."""
    pairs = zip((*one.scores, one.prior), (*other.scores, other.prior), strict=True)
    return max(
        abs(x - y)
        for a, b in pairs
        for x, y in zip(a.total + a.restricted, b.total + b.restricted, strict=True)
    )


def by_hand(model: LanguageModel, row: dict[str, str], label: int) -> float:
    """Sum of the answer tokens' log-probabilities, one token a forward, no batch, no hook."""
    words = answer_words(model, TASK)
    encoder = PromptEncoder(model, TASK, words, DEMONSTRATIONS)
    parts, total = encoder.parts(row), 0.0
    for j, token in enumerate(words.ids[label]):
        ids, at, more = (*parts.shared, *parts.query), -1, {}
        if model.family.parallel:
            masks = (model.tokenizer.mask_token_id,) * words.slots
            ids, at = (*ids, *masks, *parts.after), j - words.slots - len(parts.after)
        elif model.family.name == "seq2seq":
            ids = (*ids, *parts.after)
            start = (model.network.config.decoder_start_token_id, *model.start_ids)
            more = {"decoder_input_ids": torch.tensor([[*start, *words.ids[label][:j]]])}
        else:
            ids = (*ids, *words.ids[label][:j])
        with torch.no_grad():
            logits = model.network(input_ids=torch.tensor([ids]), **more).logits[0, at]
        total += float(logits.log_softmax(-1)[token])
    return total


@pytest.mark.parametrize("name", [*EVERY_CAUSAL, *SEQ2SEQ])
@pytest.mark.parametrize("demonstrations", [(), DEMONSTRATIONS], ids=["zero-shot", "two-shot"])
def test_keeping_keys_and_values_gives_the_scores_of_whole_sequences(name, demonstrations):
    model = model_of(name)

    kept = score(model, model.network, TASK, ROWS, demonstrations)
    whole = score_naively(model, model.network, TASK, ROWS, demonstrations)

    assert worst(kept, whole) < 1e-5


@pytest.mark.parametrize("name", EVERY_WAY)
def test_demonstrations_chosen_for_each_row_are_those_that_are_scored(name):
    model, taken = model_of(name), {"great": DEMONSTRATIONS, "bad, bad": DEMONSTRATIONS[:1]}

    def chosen(row):
        return taken.get(row["text"], ())

    together = score(model, model.network, TASK, ROWS, chosen)
    alone = [score(model, model.network, TASK, [row], chosen(row)) for row in ROWS]

    assert worst(together, score_naively(model, model.network, TASK, ROWS, chosen)) < 1e-5
    for scores, one in zip(together.scores, alone, strict=True):
        assert scores.total == pytest.approx(one.scores[0].total, abs=1e-5)
    assert together.prior.total == pytest.approx(alone[0].prior.total, abs=1e-5)
    assert together.tokens == sum(one.tokens for one in alone)


@pytest.mark.parametrize("name", EVERY_CAUSAL)
def test_keys_and_values_are_kept_wherever_the_network_allows_it(name):
    model = model_of(name)

    assert can_cache(model.network, model, longest=12) == (name not in CACHELESS)


@pytest.mark.parametrize("name", SEQ2SEQ)
def test_a_prompt_is_read_once_wherever_the_network_allows_it(name):
    model = tiny_model(name)

    assert not why_whole(model.network, model, longest=12)


def test_a_sequence_longer_than_the_window_is_run_whole():
    model = model_of("mistral")

    assert not can_cache(model.network, model, longest=17)


@pytest.mark.parametrize(
    ("name", "reason"), [("bloom", "was cached"), ("mamba", "keys"), ("llama", "")]
)
def test_a_slower_way_of_asking_is_told_with_its_reason(name, reason, caplog):
    model = replace(model_of(name), id=f"told/{name}")

    slow = score(model, model.network, TASK, ROWS).slow

    assert bool(slow) == bool(reason)
    assert reason in slow
    assert [record.message for record in caplog.records if model.id in record.message] == (
        [slow] if reason else []
    )


@pytest.mark.parametrize("name", [*EVERY_CAUSAL, *MASKED, *SEQ2SEQ])
def test_scores_in_batches_are_the_sums_of_single_steps(name):
    model = model_of(name)

    scored = score(model, model.network, TASK, ROWS, DEMONSTRATIONS)

    for row, scores in list(zip(ROWS, scored.scores, strict=True))[:2]:
        for label in range(len(TASK.labels)):
            assert scores.total[label] == pytest.approx(by_hand(model, row, label), 2e-6, 2e-5)


@pytest.mark.parametrize("name", EVERY_WAY)
def test_restricted_scores_are_a_distribution_over_the_labels(name):
    model = model_of(name)

    for scores in score(model, model.network, TASK, ROWS).scores:
        assert sum(map(math.exp, scores.restricted)) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", ["gpt2", "bert"])
def test_with_one_token_words_restricted_is_total_normalised_over_the_labels(name):
    model = tiny_model(name)

    for scores in score(model, model.network, ONE_TOKEN, ROWS).scores:
        whole = math.log(sum(map(math.exp, scores.total)))
        for total, restricted in zip(scores.total, scores.restricted, strict=True):
            assert restricted == pytest.approx(total - whole, abs=1e-5)


@pytest.mark.parametrize("method", ["lora", "soft_prompt"])
def test_prompts_with_nothing_in_common_agree_too(method):
    model = tiny_model("gpt2")
    model.start_ids = ()
    task = Task("{text} It was", TASK.label_words, "label")
    network = METHODS[method]().build(model)

    kept = score(model, network, task, ROWS)

    assert worst(kept, score_naively(model, network, task, ROWS)) < 1e-5


@pytest.mark.parametrize("name", SEQ2SEQ)
def test_every_prompt_is_read_by_the_encoder_once(name):
    model, read = tiny_model(name), []
    score(model, model.network, TASK, ROWS)  # the way is tried out
    model.network.get_encoder().register_forward_hook(
        lambda module, inputs, output: read.append(len(output.last_hidden_state))
    )

    score(model, model.network, TASK, ROWS)

    assert sum(read) == len(ROWS) + 1 + 1  # the rows, the prior, and the look at what is allowed


@pytest.mark.parametrize("name", SEQ2SEQ)
def test_words_of_one_token_need_no_second_look(name):
    model = tiny_model(name)
    one = Task(TASK.template, {"a": "a", "b": "b"}, "label")

    kept = score(model, model.network, one, ROWS)

    assert kept.prior.length == (1, 1)
    assert worst(kept, score_naively(model, model.network, one, ROWS)) < 1e-5


@pytest.mark.parametrize("name", SEQ2SEQ)
@pytest.mark.parametrize("method", [None, "soft_prompt"])
def test_a_decoder_writes_its_likeliest_answer_token_by_token(name, method):
    model = tiny_model(name)
    network = METHODS[method]().build(model) if method else model.network
    prompt = torch.tensor([[*model.start_ids, *model.tokens("a film"), *model.end_ids]])
    ids = [model.network.config.decoder_start_token_id, *model.start_ids]
    opening = len(ids)
    for _ in range(4):
        with torch.no_grad():
            output = network(input_ids=prompt, decoder_input_ids=torch.tensor([ids]))
        ids.append(int(output.logits[0, -1].argmax()))
    expected = model.tokenizer.decode(ids[opening:], skip_special_tokens=True)

    assert write(model, network, "a film", tokens=4) == expected.split("\n")[0].strip()


def test_the_order_of_rows_and_their_company_change_nothing():
    model = tiny_model("llama")
    forward = score(model, model.network, TASK, ROWS, DEMONSTRATIONS).scores
    backward = score(model, model.network, TASK, ROWS[::-1], DEMONSTRATIONS).scores[::-1]
    alone = score(model, model.network, TASK, ROWS[:1], DEMONSTRATIONS).scores

    for one, other in zip((*forward, forward[0]), (*backward, alone[0]), strict=True):
        assert one.total == pytest.approx(other.total, abs=1e-5)
        assert one.length == other.length


def test_labels_in_another_order_get_the_same_scores():
    model = tiny_model("gpt2")
    turned = Task(
        TASK.template, dict(reversed(TASK.label_words.items())), "label", TASK.instruction
    )

    one = score(model, model.network, TASK, ROWS).scores
    other = score(model, model.network, turned, ROWS).scores

    for a, b in zip(one, other, strict=True):
        assert a.restricted == pytest.approx(b.restricted[::-1], abs=1e-5)


def test_scoring_reports_progress_and_leaves_every_module_in_its_mode():
    model, seen = tiny_model("gpt2"), []
    model.network.train()
    model.network.transformer.h[0].eval()
    before = [module.training for module in model.network.modules()]

    score(model, model.network, ONE_TOKEN, ROWS * 60, progress=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == len(ROWS) * 60
    assert [module.training for module in model.network.modules()] == before


def test_training_goes_on_after_scoring_with_the_same_words():
    model = tiny_model("gpt2")
    words = answer_words(model, ONE_TOKEN)
    with torch.inference_mode():
        tables = words.tables

    assert not tables.ids.is_inference()


def test_rows_that_leave_room_for_different_demonstrations_agree_with_whole_sequences():
    model = tiny_model("llama")
    rows = [{"text": "good film " * n} for n in (1, 9, 25, 60)]

    kept = score(model, model.network, TASK, rows, DEMONSTRATIONS * 2)
    whole = score_naively(model, model.network, TASK, rows, DEMONSTRATIONS * 2)

    assert kept.dropped == 4
    assert kept.cut == 1
    assert worst(kept, whole) < 1e-5


def test_tokens_counts_prompts_as_sent():
    model = tiny_model("bert")
    shown = [prompt_text(model, TASK, row, DEMONSTRATIONS) for row in ROWS]

    scored = score(model, model.network, TASK, ROWS, DEMONSTRATIONS)

    assert scored.tokens == sum(text.tokens for text in shown)
    assert shown[0].before.endswith("Review: a dull film\nSentiment:")


def test_batches_hold_every_sequence_once_and_keep_to_the_budget():
    lengths = [3, 50, 7, 7, 1, 200, 9]
    batches = list(by_length(lengths, Budget(60)))

    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    assert batches[0] == [5]
    assert all(len(b) == 1 or max(lengths[i] for i in b) * len(b) <= 60 for b in batches)


def test_a_long_shared_beginning_makes_batches_smaller():
    assert max(map(len, by_length([10] * 50, Budget(100, prefix=90)))) == 4


def test_label_words_branch_where_their_tokens_do():
    model = tiny_model("llama")
    many = {str(n): word for n, word in enumerate(("go", "good", "good film", "good film film"))}
    task = Task(TASK.template, {**many, "b": "a bad one", "c": "a bad two"}, "label")
    kept = score(model, model.network, task, ROWS, DEMONSTRATIONS[:0])

    assert max(kept.prior.length) > 3
    assert worst(kept, score_naively(model, model.network, task, ROWS)) < 1e-5


def test_eager_attention_takes_the_same_words():
    model = tiny_model("gpt2")
    model.network.set_attn_implementation("eager")

    kept = score(model, model.network, TASK, ROWS)

    assert can_cache(model.network, model, longest=12)
    assert worst(kept, score_naively(model, model.network, TASK, ROWS)) < 1e-5


def test_label_words_are_checked_against_the_tokenizer():
    checks = {check.label: check for check in check_words(tiny_model("gpt2"), TASK)}

    assert "same token" in checks["g"].problem
    assert "same token" not in checks["p"].problem
    assert "tokens" in checks["n"].problem
    assert sum(check.prior for check in checks.values()) == pytest.approx(1, abs=1e-5)
    assert checks["p"].tokens[0].startswith(" ")


def test_writing_is_the_likeliest_continuation_token_by_token():
    model = tiny_model("llama")
    ids = [*model.start_ids, *model.tokens("Review: a good film")]
    for _ in range(5):
        with torch.no_grad():
            ids.append(int(model.network(torch.tensor([ids])).logits[0, -1].argmax()))
    prompt = len(model.start_ids) + len(model.tokens("Review: a good film"))
    expected = model.tokenizer.decode(ids[prompt:], skip_special_tokens=True)

    written = write(model, model.network, "Review: a good film", tokens=5)

    assert written == expected.split("\n")[0].strip()


def test_a_soft_prompt_is_read_once_while_writing():
    model = tiny_model("gpt2")
    network = METHODS["soft_prompt"]().build(model)
    ids = [*model.start_ids, *model.tokens("a film")]
    prompt = len(ids)
    for _ in range(4):
        with torch.no_grad():
            ids.append(int(network(input_ids=torch.tensor([ids])).logits[0, -1].argmax()))
    expected = model.tokenizer.decode(ids[prompt:], skip_special_tokens=True)

    assert write(model, network, "a film", tokens=4) == expected.split("\n")[0].strip()


def test_a_masked_model_does_not_write():
    model = tiny_model("bert")

    with pytest.raises(UserError, match="causal"):
        write(model, model.network, "a film")


def test_scores_are_plain_numbers_in_label_order():
    scores = score(tiny_model("bert"), tiny_model("bert").network, TASK, ROWS).scores[0]

    assert isinstance(scores, LabelScores)
    assert all(type(number) is float for number in (*scores.total, *scores.restricted))
    assert scores.length == tuple(len(ids) for ids in answer_words(tiny_model("bert"), TASK).ids)
