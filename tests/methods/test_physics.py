"""What every method must obey, on every architecture it does not refuse."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from playground.errors import UserError
from playground.methods.cards import cards
from tests.methods.cases import Case, parameters, refusals, supported
from tests.methods.laws import broken
from tests.methods.living import Trained, life
from tests.methods.reload import line_of, noted
from tests.tiny import tiny_model

EVERY_CASE = pytest.mark.parametrize("case", parameters(supported()))


class Lives:
    """Each case's life, lived once, and a process of its own that reads what the cases saved."""

    def __init__(self, home: Path) -> None:
        self.home, self.known = home, {}
        self.reader: subprocess.Popen | None = None

    def lived(self, case: Case) -> Trained:
        if case not in self.known:
            self.known[case] = life(case, self.home / case.id)
        return self.known[case]

    def read_again(self, case: Case) -> torch.Tensor | str:
        """The logits as the other process has them, or what it says went wrong.

        One case at a time, so that a process that tries some of the tests lives no other's cases.
        """
        self.lived(case)
        if self.reader is None:
            given = [sys.executable, "-m", "tests.methods.reload", str(self.home)]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self.reader = subprocess.Popen(given, cwd=Path(__file__).parents[2], **pipes)
        self.reader.stdin.write(line_of(case))
        self.reader.stdin.flush()
        assert self.reader.stdout.readline() == line_of(case)
        return torch.load(noted(self.home, case.id), weights_only=True)

    def close(self) -> None:
        if self.reader is not None:
            self.reader.communicate()  # it ends with its standard input


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    lives = Lives(tmp_path_factory.mktemp("saved"))
    yield lives
    lives.close()


def test_every_method_has_an_architecture_of_each_family() -> None:
    """So that the tests below are not empty for one of them."""
    for name, card in cards().items():
        found = {case.architecture for case in supported() if case.name == name}
        causal = (
            "gpt2" if card.shelf == "main" else "opt"
        )  # peft's further ones do not know GPT-2's
        assert {causal, "bert", "roberta"} <= found, name


@pytest.mark.parametrize("case", refusals(), ids=lambda case: case.id)
def test_a_refusal_is_a_sentence_and_building_says_the_same(case: Case) -> None:
    reason = refusals()[case]
    assert reason.endswith(".")
    with pytest.raises(UserError) as raised:
        case.method.build(tiny_model(case.architecture))
    assert str(raised.value) == reason


@EVERY_CASE
def test_every_law_is_obeyed(case: Case, lives: Lives) -> None:
    assert broken(case, lives.lived(case)) == {}


@pytest.mark.slow
@EVERY_CASE
def test_a_fresh_process_loads_what_was_saved_and_answers_the_same(
    case: Case, lives: Lives
) -> None:
    """One process for all: each base is read once and serves its cases one after the other."""
    found = lives.read_again(case)
    assert isinstance(found, torch.Tensor), found
    assert torch.equal(found, lives.lived(case).logits)
