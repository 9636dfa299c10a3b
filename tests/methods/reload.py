"""Run in a process of its own: load what cases saved, as they are named, and note their logits.

python -m tests.methods.reload FOLDER OUTPUT, with the ids of cases on lines of standard input
"""

import sys
from pathlib import Path

import torch

from playground.methods import METHODS
from tests.methods.cases import Case, logits
from tests.tiny import tiny_model


def main() -> None:
    home, models, found = Path(sys.argv[1]), {}, {}
    for line in sys.stdin:
        identity, name, architecture = line.rstrip("\n").split("\t")
        model = models.setdefault(architecture, None) or tiny_model(architecture)
        models[architecture] = model
        method = METHODS[name]()  # the files say the settings, not the caller
        network = method.load(model, home / identity)
        found[identity] = logits(network)
        method.remove(network)
    torch.save(found, sys.argv[2])


def line_of(case: Case) -> str:
    """How a case is named on standard input."""
    return f"{case.id}\t{case.name}\t{case.architecture}\n"


if __name__ == "__main__":
    main()
