"""A soft prompt's vectors stand in front of its rows."""

from pathlib import Path

from playground.methods.saving import read_config, read_tensors
from playground.methods.soft_prompt import KEY
from playground.models.language_model import LanguageModel
from playground.serving.injection import Injection, check


def read(model: LanguageModel, folder: Path) -> Injection:
    read_config(folder, "PROMPT_TUNING")
    vectors = read_tensors(folder)[KEY]
    width = model.network.get_input_embeddings().embedding_dim
    check(model, KEY, tuple(vectors.shape), (len(vectors), width))
    return Injection(front=vectors.to(model.device))
