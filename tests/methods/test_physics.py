"""What every method must obey, on every architecture it does not refuse."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from playground.errors import UserError
from playground.methods.cards import cards
from tests.methods.cases import CHOICES_ON, Case, all_cases, fitting, parameters, refusal
from tests.methods.laws import broken
from tests.methods.living import Trained, life
from tests.methods.reload import line_of, noted
from tests.tiny import ARCHITECTURES, tiny_model


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


@pytest.mark.parametrize("case", parameters(all_cases()))
def test_a_method_obeys_every_law_or_says_why_it_cannot(case: Case, lives: Lives) -> None:
    reason = refusal(case)
    if reason is None:
        assert broken(case, lives.lived(case)) == {}
        return
    assert reason.endswith(".")
    with pytest.raises(UserError) as raised:
        case.method.build(tiny_model(case.architecture))
    assert str(raised.value) == reason


@pytest.mark.slow
@pytest.mark.parametrize("name", cards())
def test_a_fresh_process_loads_what_was_saved_and_answers_the_same(name: str, lives: Lives) -> None:
    """One process for all, which reads one architecture of every family: how a file is read does
    not depend on which of them it is."""
    cases = fitting(name, CHOICES_ON) or fitting(name, ARCHITECTURES)[:1]
    assert cases, "it refuses every architecture"
    for case in cases:
        found = lives.read_again(case)
        assert isinstance(found, torch.Tensor), f"{case.id}: {found}"
        assert torch.equal(found, lives.lived(case).logits), case.id
