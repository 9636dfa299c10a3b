"""Tokenizers as they really come, on tiny networks: those of ../shared/tokenizers."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from playground.models.language_model import LanguageModel
from playground.models.tokenizing import special_ids
from tests.tiny import tiny_model

FOLDER = Path(__file__).parents[2] / "../shared/tokenizers"
KINDS = (
    *("albert", "bert", "gemma-like", "llama-legacy", "llama-new", "qwen", "roberta"),
    *("smol-nopad", "smol-prefix", "t5", "xlmr"),
)
MASKED = ("albert", "bert", "roberta", "xlmr")  # those with a mask token
here = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs ../shared/tokenizers")


@cache
def tokenizer_of(kind: str) -> PreTrainedTokenizerBase:
    return AutoTokenizer.from_pretrained(FOLDER / kind)


@cache
def read_by(kind: str, architecture: str = "gpt2") -> LanguageModel:
    """A tiny model that reads with this tokenizer; its network knows other pieces."""
    tokenizer, model = tokenizer_of(kind), tiny_model(architecture)
    start, end = special_ids(tokenizer)
    ends = () if model.family.name == "causal" else end
    return replace(model, tokenizer=tokenizer, start_ids=start, end_ids=ends, max_length=2_000)
