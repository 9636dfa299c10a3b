"""Sequence-to-sequence models with configurations as published ones are written."""

import copy
import json
from pathlib import Path

import pytest
import torch
from tokenizers import processors
from transformers import AutoConfig, AutoModelForSeq2SeqLM

from playground.models.loading import load
from playground.scoring import score, score_naively, write
from playground.tasks.classification import Task
from tests.tiny import tiny_tokenizer

T5 = {
    **{"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2, "vocab_size": 400},
    **{"decoder_start_token_id": 0, "eos_token_id": 1, "is_encoder_decoder": True},
    **{"n_positions": 512, "relative_attention_num_buckets": 8, "pad_token_id": 0},
}
BART = {
    **{"d_model": 16, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 2},
    **{"decoder_attention_heads": 2, "encoder_ffn_dim": 32, "decoder_ffn_dim": 32},
    **{"vocab_size": 400, "max_position_embeddings": 64, "is_encoder_decoder": True},
}
PUBLISHED: dict[str, tuple[dict, tuple[int, ...]]] = {
    "t5": (T5, (0,)),
    "mt5": (T5, (0,)),
    "umt5": (T5, (0,)),
    "pegasus": ({**BART, "decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0}, (0,)),
    "bart": ({**BART, "decoder_start_token_id": 2, "pad_token_id": 1, "bos_token_id": 0}, (2,)),
    "marian": ({**BART, "decoder_start_token_id": 58, "pad_token_id": 58}, (58,)),
    "mbart": ({**BART, "pad_token_id": 0, "eos_token_id": 2}, (2,)),  # what a target ends with
    "led": (
        {
            **{key: value for key, value in BART.items() if key != "max_position_embeddings"},
            **{"max_encoder_position_embeddings": 64, "max_decoder_position_embeddings": 64},
            **{"attention_window": [8, 8], "decoder_start_token_id": 2, "pad_token_id": 1},
        },
        (2,),
    ),
}
TASK = Task("Review: {text}\nSentiment:", {"p": "positive", "n": "not good"}, "label")
ROWS = [{"text": "a dull film"}, {"text": "great"}]


def saved(kind: str, config: dict, folder: Path) -> Path:
    """A tiny random model; its config.json holds what is given and nothing else."""
    written = {"model_type": kind, **config}
    (folder / "config.json").write_text(json.dumps(written))
    torch.manual_seed(0)
    AutoModelForSeq2SeqLM.from_config(AutoConfig.from_pretrained(folder)).save_pretrained(folder)
    (folder / "config.json").write_text(json.dumps(written))
    (folder / "generation_config.json").unlink(missing_ok=True)
    tokenizer = copy.deepcopy(tiny_tokenizer())
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 2)]
    )
    tokenizer.bos_token = tokenizer.cls_token = None
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("kind", PUBLISHED)
def test_a_published_configuration_answers_and_writes(kind, tmp_path):
    config, begins = PUBLISHED[kind]
    model = load(str(saved(kind, config, tmp_path)), torch.device("cpu"))

    kept = score(model, model.network, TASK, ROWS)
    whole = score_naively(model, model.network, TASK, ROWS)

    assert model.decoder_start == begins
    for one, other in zip(kept.scores, whole.scores, strict=True):
        assert one.total == pytest.approx(other.total, abs=1e-4)
    assert isinstance(write(model, model.network, "Review: a good film", tokens=3), str)


@pytest.mark.parametrize(
    ("missing", "generation", "begins"),
    [
        (("pad_token_id",), {}, 0),
        (("decoder_start_token_id",), {"decoder_start_token_id": 7}, 7),
        (("decoder_start_token_id",), {"bos_token_id": 9}, 9),
        (("decoder_start_token_id", "pad_token_id"), {}, 0),  # the tokenizer's padding
    ],
)
def test_a_sparse_configuration_begins_as_generate_would(missing, generation, begins, tmp_path):
    config = {key: value for key, value in T5.items() if key not in missing}
    saved("t5", config, tmp_path)
    if generation:
        (tmp_path / "generation_config.json").write_text(json.dumps(generation))
    model = load(str(tmp_path), torch.device("cpu"))

    assert model.decoder_start == (begins,)
    assert max(score(model, model.network, TASK, ROWS).scores[0].total) < 0
