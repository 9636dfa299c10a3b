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
from tests.methods.reload import line_of
from tests.tiny import tiny_model

EVERY_CASE = pytest.mark.parametrize("case", parameters(supported()))


class Lives:
    """Each case's life, lived once; what it saved is read at once by a process of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.known, self.found = home, {}, {}
        given = [sys.executable, "-m", "tests.methods.reload", str(home), str(home / "logits.pt")]
        self.reader = subprocess.Popen(
            given, stdin=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )

    def lived(self, case: Case) -> Trained:
        if case not in self.known:
            self.known[case] = life(case, self.home / case.id)
            if self.reader.poll() is None and not self.reader.stdin.closed:
                self.reader.stdin.write(line_of(case))
                self.reader.stdin.flush()
        return self.known[case]

    def read_again(self, wanted: list[pytest.Item]) -> dict[str, torch.Tensor | str]:
        """The logits by case, as the other process has them, or what it says went wrong.

        wanted: the tests that ask; their cases are lived first, those that were not yet.
        """
        if not self.found:
            for item in wanted:
                self.lived(item.callspec.params["case"])
            self.reader.stdin.close()
            assert self.reader.wait() == 0
            self.found = torch.load(self.home / "logits.pt", weights_only=True)
        return self.found


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    lives = Lives(tmp_path_factory.mktemp("saved"))
    yield lives
    lives.reader.kill()
    lives.reader.wait()


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
    case: Case, lives: Lives, request: pytest.FixtureRequest
) -> None:
    """One process for all: each base is read once and serves its cases one after the other."""
    found = lives.read_again([item for item in request.session.items if same_test(item, request)])
    assert isinstance(found[case.id], torch.Tensor), found[case.id]
    assert torch.equal(found[case.id], lives.lived(case).logits)


def same_test(item: pytest.Item, request: pytest.FixtureRequest) -> bool:
    return getattr(item, "function", None) is request.function
