"""Folded into the weights, a method answers as it did beside them. Methods that can have `merge`;
one that comes to have it is tried by itself."""

import pytest
import torch

from playground.methods import METHODS
from playground.methods.cards import cards
from tests.methods.cases import Case, all_logits, supported
from tests.methods.shaken import shaken_case
from tests.tiny import tiny_network

pytestmark = pytest.mark.slow

KINDS = ("gpt2", "llama", "gpt_neox", "bert", "albert", "t5")  # of layers, tied ones included
MERGED = [
    case for case in supported() if case.architecture in KINDS and hasattr(case.method, "merge")
]


def test_the_methods_that_merge_say_so_on_their_cards() -> None:
    said = {name for name, card in cards().items() if card.merges}
    assert said == {name for name, one in METHODS.items() if hasattr(one, "merge")}
    assert {"lora", "ia3", "layernorm_tuning"} <= {case.name for case in MERGED}
    assert {name for name, one in METHODS.items() if hasattr(one, "merge")} == {
        case.name for case in MERGED
    }


@pytest.mark.parametrize("case", MERGED, ids=lambda case: case.id)
def test_merged_it_answers_the_same_and_nothing_else_has_changed(case: Case) -> None:
    network, plain = shaken_case(case), tiny_network(case.architecture)
    before, beside = all_logits(plain), all_logits(network)
    merged = case.method.merge(network)
    assert (beside - before).abs().max() > 1e-3, "nothing was learnt"
    assert (all_logits(merged) - beside).abs().max() <= 1e-5
    assert type(merged) is type(plain)
    assert merged.state_dict().keys() == plain.state_dict().keys()
    assert torch.equal(all_logits(network), beside)
    base = case.method.remove(network).state_dict()
    assert all(torch.equal(base[key], old) for key, old in plain.state_dict().items())
