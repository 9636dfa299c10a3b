"""A soft prompt's vectors stand in front of its rows."""

from pathlib import Path

from playground.methods.common.saving import read_config, read_tensors
from playground.methods.common.virtual_tokens import KEY, embedding_width
from playground.models.language_model import LanguageModel
from playground.serving.injection import Injection, check, tensor_of


def read(model: LanguageModel, folder: Path, kind: str = "PROMPT_TUNING") -> Injection:
    """`kind`: what peft calls a soft prompt of this sort."""
    read_config(folder, kind)
    vectors = tensor_of(read_tensors(folder), KEY)
    check(model, KEY, tuple(vectors.shape), (len(vectors), embedding_width(model)))
    return Injection(front=vectors.to(model.device), virtual_tokens=len(vectors))
