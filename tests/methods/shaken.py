"""A method's network as training might leave it, without training it."""

import torch

from tests.methods.cases import WORDS, Case
from tests.tiny import tiny_model

STEP = 0.1


def shaken(network: torch.nn.Module) -> torch.nn.Module:
    """The network with what trains moved at random."""
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * STEP)
    return network.eval()


def shaken_case(case: Case) -> torch.nn.Module:
    torch.manual_seed(0)
    return shaken(case.method.build(tiny_model(case.architecture), WORDS))
