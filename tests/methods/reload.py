"""Run in a process of its own: load every saved case and write down its logits.

python -m tests.methods.reload FOLDER OUTPUT
"""

import sys
from pathlib import Path

import torch

from playground.methods import METHODS
from tests.methods.cases import logits, supported
from tests.tiny import ARCHITECTURES, tiny_model


def main() -> None:
    home, found = Path(sys.argv[1]), {}
    for architecture in ARCHITECTURES:
        model = tiny_model(architecture)
        for case in supported():
            if case.architecture == architecture:
                method = METHODS[case.name]()  # the files say the settings, not the caller
                network = method.load(model, home / case.id)
                found[case.id] = logits(network)
                method.remove(network)
    torch.save(found, sys.argv[2])


if __name__ == "__main__":
    main()
