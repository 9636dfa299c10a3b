"""Run in a process of its own: load what cases saved, as they are named, and note their logits.

python -m tests.methods.reload FOLDER, with a case on each line of standard input; the same line on
standard output once it is done
"""

import os
import sys
from pathlib import Path

import torch

from playground.methods import METHODS
from playground.models.language_model import LanguageModel
from tests.methods.cases import Case, logits
from tests.tiny import tiny_model


def main() -> None:
    home, models = Path(sys.argv[1]), {}
    done = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no reply
    for line in sys.stdin:
        identity, name, architecture = line.rstrip("\n").split("\t")
        model = models.get(architecture) or tiny_model(architecture)
        models[architecture] = model
        try:
            found = _answers(name, model, home / identity)
        except Exception as error:  # of this case alone: the others are still to be read
            found = repr(error)
            del models[architecture]  # who knows what is left on it
        torch.save(found, noted(home, identity))
        done.write(line)
        done.flush()


def _answers(name: str, model: LanguageModel, folder: Path) -> torch.Tensor:
    method = METHODS[name]()  # the files say the settings, not the caller
    network = method.load(model, folder)
    found = logits(network)
    method.remove(network)
    return found


def noted(home: Path, identity: str) -> Path:
    """Where the logits of a case are, or what went wrong."""
    return home / f"{identity}.pt"


def line_of(case: Case) -> str:
    """How a case is named on standard input."""
    return f"{case.id}\t{case.name}\t{case.architecture}\n"


if __name__ == "__main__":
    main()
