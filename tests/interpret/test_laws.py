"""What every view owes: a card, an answer its table bears out, and a network left as it was."""

from functools import cache
from pathlib import Path

import pytest
import torch

from playground import interpret, methods
from playground.errors import UserError
from playground.interpret.seen import Opened, Seen
from playground.methods import METHODS
from playground.models.answer_words import answer_words
from tests.tiny import tiny_model
from tests.training.toy import TASK

NAMES = sorted(interpret.cards())
FILES = Path(interpret.__file__).parent


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def opened(method: str, architecture: str = "llama") -> Opened:
    """A run of a method on a tiny model."""
    model = tiny_model(architecture)
    torch.manual_seed(0)
    network = methods.create(method, {}).build(model, answer_words(model, TASK))
    return Opened(model, network.eval(), method, TASK)


@cache
def willing(name: str) -> list[Opened]:
    """A run of every method that the view has something to say about; built once."""
    view, found = interpret.create(name, {}), []
    for method in METHODS:
        try:
            one = opened(method)
        except UserError:  # not on this model
            continue
        if view.refuse(one) is None:
            found.append(one)
    return found


def test_every_file_that_says_so_is_found_and_says_all_of_itself(name: str) -> None:
    card = interpret.cards()[name]
    found = [path.stem for path in FILES.glob("*.py") if "\nVIEW = " in path.read_text()]

    assert sorted(found) == NAMES
    assert card.title.endswith("?")
    assert card.about
    assert {one.name: one.default for one in card.settings} == vars(interpret.create(name, {}))
    with pytest.raises(UserError, match="has no setting 'magic'"):
        interpret.create(name, {"magic": 1})
    with pytest.raises(UserError, match="no view 'magic'"):
        interpret.create("magic", {})


def test_it_answers_for_some_method_and_refuses_others_in_a_sentence(name: str) -> None:
    view = interpret.create(name, {})
    assert willing(name)

    one = opened("lora")
    if reason := view.refuse(one):
        assert reason.endswith(".")
        with pytest.raises(UserError):
            view.look(one)


def test_looking_moves_nothing_and_sees_the_same_twice(name: str) -> None:
    for one in willing(name):
        before = {key: value.clone() for key, value in one.network.state_dict().items()}
        random = torch.get_rng_state()
        seen = interpret.create(name, {}).look(one)

        assert interpret.create(name, {}).look(one) == seen
        after = one.network.state_dict()
        assert all(torch.equal(value, after[key]) for key, value in before.items())
        assert torch.equal(torch.get_rng_state(), random)
        assert not one.network.training
        _check(seen)


def _check(seen: Seen) -> None:
    assert seen.answer.endswith(".")
    assert seen.rows
    assert {len(row) for row in seen.rows} == {len(seen.heads)}
    assert len(set(seen.heads)) == len(seen.heads)
