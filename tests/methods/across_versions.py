"""Adapters written under one version of the libraries, to be opened under every other.

`python -m tests.methods.across_versions write FOLDER` saves a tiny llama, an adapter of every
method with weights moved at random, and what each answers; `… check FOLDER` opens what it finds
there, under whichever versions it runs, and prints how far the logits are off. adapters/ was
written under transformers 5.10.1, peft 0.21.0 and torch 2.10.0.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from playground.methods import METHODS
from playground.models.loading import load
from tests.methods.cases import WORDS, logits
from tests.tiny import save_tiny

ARCHITECTURE = "llama"
BASE, LOGITS, KEY = "base", "logits.safetensors", "logits"
WRITTEN = Path(__file__).parent / "adapters"
SPREAD = 0.05  # of the random numbers that stand for training


def write(home: Path) -> None:
    """A base model, an adapter of every method that fits, and what each answers."""
    base = save_tiny(ARCHITECTURE, home / BASE)
    for name in METHODS:
        model = load(str(base))
        method = METHODS[name]()
        if method.refuse(model) is None:
            _write_one(method.build(model, WORDS), name, home / name)


def _write_one(network: torch.nn.Module, name: str, folder: Path) -> None:
    torch.manual_seed(0)
    with torch.no_grad():
        for weight in network.parameters():
            if weight.requires_grad:
                weight.add_(torch.randn_like(weight) * SPREAD)
    METHODS[name]().save(network.eval(), folder)
    save_file({KEY: logits(network)}, folder / LOGITS)


def names(home: Path) -> list[str]:
    """Of the methods whose adapters lie in a folder."""
    return sorted(path.parent.name for path in home.glob(f"*/{LOGITS}"))


def difference(home: Path, name: str) -> float:
    """How far the logits of a method's adapter are from those that were noted."""
    network = METHODS[name]().load(load(str(home / BASE)), home / name)
    return float((logits(network) - load_file(home / name / LOGITS)[KEY]).abs().max())


if __name__ == "__main__":
    command, place = sys.argv[1], Path(sys.argv[2]).resolve()
    if command == "write":
        write(place)
    else:
        print(json.dumps({name: difference(place, name) for name in names(place)}, indent=1))
