"""Models people use on one GPU or a laptop: known names, sizes and licences. Light: no torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

BUNDLED = "bundled"


@dataclass(frozen=True)
class ModelCard:
    """What the menu says before anything is loaded. Sizes are of the published weights."""

    id: str
    title: str
    family: Literal["causal", "masked", "seq2seq"]
    parameters: int
    download_bytes: int  # weights and tokenizer; 0: ships with the project
    licence: str
    note: str = ""
    gated: bool = False  # the owner must let you in first
    supported: bool = True


def bundled_folder() -> Path:
    """Where the model that ships with the project lies."""
    return Path(__file__).parent / "bundled" / "tiny-v0"


CATALOGUE: tuple[ModelCard, ...] = ()


def card(model_id: str) -> ModelCard | None:
    """The card of a model in the catalogue, None for any other."""
    return next((entry for entry in CATALOGUE if entry.id == model_id), None)
