"""Folded into the weights, a method answers as it did beside them. Methods that can have `merge`;
one that comes to have it is tried by itself."""

import pytest
import torch

from playground.methods import METHODS
from playground.methods.cards import cards
from tests.methods.cases import LINEAR_KINDS, Case, all_logits, fitting
from tests.methods.shaken import shaken_case
from tests.tiny import tiny_network

pytestmark = pytest.mark.slow

MERGED = [name for name, card in cards().items() if card.merges]


def test_the_methods_that_merge_say_so_on_their_cards() -> None:
    assert set(MERGED) == {name for name, one in METHODS.items() if hasattr(one, "merge")}
    assert {"lora", "ia3", "layernorm_tuning"} <= set(MERGED)


@pytest.mark.parametrize("name", MERGED)
def test_merged_it_answers_the_same_and_nothing_else_has_changed(name: str) -> None:
    cases = fitting(name, LINEAR_KINDS)
    assert cases
    for case in cases:
        _merges(case)


def _merges(case: Case) -> None:
    network, plain = shaken_case(case), tiny_network(case.architecture)
    before, beside = all_logits(plain), all_logits(network)
    merged = case.method.merge(network)
    assert (beside - before).abs().max() > 1e-3, f"{case.id}: nothing was learnt"
    assert (all_logits(merged) - beside).abs().max() <= 1e-5, case.id
    assert type(merged) is type(plain)
    assert merged.state_dict().keys() == plain.state_dict().keys()
    assert torch.equal(all_logits(network), beside), case.id
    base = case.method.remove(network).state_dict()
    assert all(torch.equal(base[key], old) for key, old in plain.state_dict().items()), case.id
