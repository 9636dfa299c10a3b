"""A model is tried when it is loaded: what would answer wrongly is refused, or put right."""

from dataclasses import replace

import pytest
import torch
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    BertLMHeadModel,
)

from playground.errors import UserError
from playground.models.language_model import LanguageModel
from playground.scoring import score, score_naively
from playground.scoring.long_texts import probe_length
from playground.scoring.probe import probed
from playground.tasks.classification import Task
from tests.models.more import EVERY_CAUSAL, model_of
from tests.tiny import FAST, MASKED, SEQ2SEQ, tiny_model, tiny_tokenizer

BLOCK = {
    **{"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2},
    **{"num_attention_heads": 4, "max_position_embeddings": 66, "embedding_size": 32},
}
TASK = Task("{text}\nSentiment:", {"p": "positive", "n": "not good"}, "label")
ROWS = [{"text": "a dull film"}, {"text": "a film so long, " * 4}]
FUNNEL = {"d_model": 32, "d_inner": 64, "n_head": 4, "d_head": 8, "block_sizes": [1, 1]}
LED = {
    **{"d_model": 16, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 2},
    **{"decoder_attention_heads": 2, "encoder_ffn_dim": 32, "decoder_ffn_dim": 32},
    **{"max_encoder_position_embeddings": 64, "max_decoder_position_embeddings": 32},
    **{"attention_window": [8, 8], "decoder_start_token_id": 2},
}
MPT = {"d_model": 32, "n_layers": 2, "n_heads": 4, "max_seq_len": 64}


def made(kind: str, auto: type, like: str, **sizes: object) -> LanguageModel:
    """A random model whose tokenizer names no length."""
    special = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    config = AutoConfig.for_model(kind, vocab_size=len(tiny_tokenizer()), **special, **sizes)
    torch.manual_seed(0)
    network = auto.from_config(config) if hasattr(auto, "from_config") else auto(config)
    with torch.no_grad():
        for weight in network.parameters():
            if weight.dim() > 1:
                weight.mul_(4)
    named = getattr(config, "max_position_embeddings", 512)
    return replace(tiny_model(like), id=kind, network=network.eval(), max_length=named)


@pytest.mark.parametrize(
    ("kind", "auto", "like", "sizes", "says"),
    [
        ("fnet", AutoModelForMaskedLM, "bert", BLOCK, "padding shows"),
        ("convbert", AutoModelForMaskedLM, "bert", BLOCK, "padding shows"),
        ("funnel", AutoModelForMaskedLM, "bert", FUNNEL, "padding shows"),
        ("nystromformer", AutoModelForMaskedLM, "bert", BLOCK, "padding shows"),
        ("bert", BertLMHeadModel, "gpt2", BLOCK, "comes after"),
    ],
)
def test_what_answers_wrongly_is_refused(kind, auto, like, sizes, says):
    with pytest.raises(UserError, match=says):
        probed(made(kind, auto, like, **sizes))


@pytest.mark.parametrize("name", [*EVERY_CAUSAL, *MASKED, *SEQ2SEQ])
def test_what_answers_rightly_is_taken_as_it_is(name):
    model = model_of(name)
    before = model.max_length

    assert probed(model) == ()
    assert model.max_length == before


@pytest.mark.parametrize(
    ("kind", "auto", "like", "sizes", "reads"),
    [
        ("mpnet", AutoModelForMaskedLM, "bert", BLOCK, 64),
        ("mpt", AutoModelForCausalLM, "gpt2", MPT, 64),
        ("led", AutoModelForSeq2SeqLM, "bart", LED, 64),
    ],
)
def test_a_length_that_is_promised_and_not_kept_is_put_right(kind, auto, like, sizes, reads):
    model = made(kind, auto, like, **sizes)

    (said,) = probed(model)

    assert model.max_length == reads
    assert f"reads {reads} tokens" in said
    long = [{"text": "a good film " * 200}]
    assert score(model, model.network, TASK, long).cut == 1


def test_what_reads_next_to_nothing_is_refused():
    with pytest.raises(UserError, match="no text of 32 tokens"):
        probed(
            made("mpnet", AutoModelForMaskedLM, "bert", **{**BLOCK, "max_position_embeddings": 30})
        )


def test_kept_keys_and_values_that_answer_otherwise_are_not_used():
    model = model_of("gpt2")

    def mislead(module: torch.nn.Module, inputs: tuple, given: dict) -> tuple[tuple, dict]:
        if given.get("position_ids") is not None:  # as only the quick way gives them
            given["position_ids"] = given["position_ids"] * 0
        return inputs, given

    model.network.register_forward_pre_hook(mislead, with_kwargs=True)

    kept, whole = (way(model, model.network, TASK, ROWS) for way in (score, score_naively))
    assert kept.scores == whole.scores
    assert "run whole" in kept.slow


def test_weights_that_are_no_numbers_are_refused():
    model = model_of("gpt2")
    model.network.transformer.wte.weight.data[:] = float("nan")

    with pytest.raises(UserError, match="no number"):
        probed(model)


def test_an_answer_that_changes_each_time_is_refused():
    model = model_of("llama")
    model.network.lm_head.register_forward_hook(
        lambda module, inputs, output: output + torch.rand_like(output)
    )

    with pytest.raises(UserError, match="each time"):
        probed(model)


@pytest.mark.parametrize("name", FAST)
def test_of_a_large_model_one_block_is_run_for_a_long_text(name):
    model, ran = tiny_model(name), []
    blocks = [m for m in model.network.modules() if isinstance(m, torch.nn.ModuleList)]
    blocks[0][-1].register_forward_hook(
        lambda module, inputs, output: ran.append(inputs[0].shape[1])
    )

    with torch.inference_mode():
        assert probe_length(model, cheap=0) == ()

    assert ran
    assert max(ran) < model.max_length


@pytest.mark.parametrize("name", FAST)
def test_a_text_and_a_pair_are_asked_alike_where_only_the_pair_is_dear(name):
    model = tiny_model(name)
    between = 2 * model.parameters * model.max_length  # the text is 5/8 of it, the pair 13/8

    with torch.inference_mode():
        assert probe_length(model, cheap=between) == ()


def test_the_models_that_ship_are_not_tried_again():
    model = replace(tiny_model("bert"), id="bundled")
    model.network.register_forward_hook(lambda *call: pytest.fail("it was asked"))

    assert probed(model) == ()
