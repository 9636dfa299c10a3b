"""Run in a process of its own: load what cases saved, as they are named, and note their logits.

python -m tests.methods.reload FOLDER OUTPUT, with the ids of cases on lines of standard input
"""

import sys
from pathlib import Path

import torch

from playground.methods import METHODS
from playground.models.language_model import LanguageModel
from tests.methods.cases import Case, logits
from tests.tiny import tiny_model


def main() -> None:
    home, models, found = Path(sys.argv[1]), {}, {}
    for line in sys.stdin:
        identity, name, architecture = line.rstrip("\n").split("\t")
        model = models.get(architecture) or tiny_model(architecture)
        models[architecture] = model
        try:
            found[identity] = _answers(name, model, home / identity)
        except Exception as error:  # of this case alone: the others are still to be read
            found[identity] = repr(error)
            del models[architecture]  # who knows what is left on it
    torch.save(found, sys.argv[2])


def _answers(name: str, model: LanguageModel, folder: Path) -> torch.Tensor:
    method = METHODS[name]()  # the files say the settings, not the caller
    network = method.load(model, folder)
    found = logits(network)
    method.remove(network)
    return found


def line_of(case: Case) -> str:
    """How a case is named on standard input."""
    return f"{case.id}\t{case.name}\t{case.architecture}\n"


if __name__ == "__main__":
    main()
