"""P-tuning leaves a soft prompt: vectors in front of its rows."""

from pathlib import Path

from playground.models.language_model import LanguageModel
from playground.serving.injection import Injection
from playground.serving.injections import soft_prompt


def read(model: LanguageModel, folder: Path) -> Injection:
    return soft_prompt.read(model, folder, "P_TUNING")
