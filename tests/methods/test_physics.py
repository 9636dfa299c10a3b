"""What every method must obey, on every architecture it does not refuse."""

import copy
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path

import pytest
import torch

from playground.errors import UserError
from playground.methods import METHODS
from playground.models.language_model import LanguageModel
from playground.models.loading import AUTO_CLASSES
from tests.methods.cases import SHORTEST, Case, Trained, life, refusals, supported
from tests.methods.reload import line_of
from tests.tiny import tiny_model

CLOSE = 1e-5
EVERY_CASE = pytest.mark.parametrize("case", supported(), ids=lambda case: case.id)
OF_DEFAULTS = [case for case in supported() if not case.settings]
EVERY_DEFAULT = pytest.mark.parametrize("case", OF_DEFAULTS, ids=lambda case: case.id)
Lived = Callable[[Case], Trained]


class Lives:
    """Each case's life, lived once; what it saved is read at once by a process of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.known = home, {}
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

    @cached_property
    def read_again(self) -> dict[str, torch.Tensor | str]:
        """The logits by case, as the other process has them, or what it says went wrong."""
        self.reader.stdin.close()
        assert self.reader.wait() == 0
        return torch.load(self.home / "logits.pt", weights_only=True)


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    lives = Lives(tmp_path_factory.mktemp("saved"))
    yield lives
    lives.reader.kill()
    lives.reader.wait()


@pytest.fixture
def lived(lives: Lives) -> Lived:
    return lives.lived


def difference(one: torch.Tensor, other: torch.Tensor) -> float:
    if one.shape != other.shape:
        return math.inf  # a classifier head beside a vocabulary
    return (one - other).abs().max().item()


def test_every_method_has_an_architecture_of_each_family() -> None:
    """So that the tests below are not empty for one of them."""
    for name in METHODS:
        found = {case.architecture for case in supported() if case.name == name}
        assert {"gpt2", "bert", "roberta"} <= found, name


@pytest.mark.parametrize("case", refusals(), ids=lambda case: case.id)
def test_a_refusal_is_a_sentence_and_building_says_the_same(case: Case) -> None:
    reason = refusals()[case]
    assert reason.endswith(".")
    with pytest.raises(UserError) as raised:
        case.method.build(tiny_model(case.architecture))
    assert str(raised.value) == reason


@EVERY_CASE
def test_training_starts_from_the_base_where_the_method_says_so(case: Case, lived: Lived) -> None:
    found = lived(case)
    gap = difference(found.fresh_logits, found.base_logits)
    assert (gap <= 1e-6) == case.method.starts_as_base


@EVERY_CASE
def test_frozen_weights_do_not_move(case: Case, lived: Lived) -> None:
    found = lived(case)
    assert found.frozen_moved == []
    assert found.frozen or found.trainable >= found.parameters


@EVERY_CASE
def test_the_gradient_reaches_everything_that_trains(case: Case, lived: Lived) -> None:
    assert lived(case).without_gradient == []


@EVERY_CASE
def test_training_changes_the_answers(case: Case, lived: Lived) -> None:
    found = lived(case)
    assert difference(found.logits, found.fresh_logits) > 1e-3


@EVERY_CASE
def test_a_padded_row_answers_as_it_does_alone(case: Case, lived: Lived) -> None:
    found = lived(case)
    assert difference(found.logits[SHORTEST], found.alone) <= CLOSE


@EVERY_CASE
def test_the_output_of_a_plain_call_lines_up_with_its_input(case: Case, lived: Lived) -> None:
    """Position t of the output belongs to the input's t, virtual tokens or not."""
    found = lived(case)
    for row, whole in zip(found.logits, found.by_row, strict=True):
        assert difference(row, whole[-2:]) <= CLOSE


@EVERY_CASE
def test_removing_it_gives_the_base_back_bit_for_bit(case: Case, lived: Lived) -> None:
    found = lived(case)
    assert found.changed_by_removal == []
    assert torch.equal(found.removed_logits, found.base_logits)


@EVERY_DEFAULT
def test_the_count_is_the_same_without_any_weight_in_memory(case: Case, lived: Lived) -> None:
    network = case.method.build(_weightless(case.architecture))
    counted = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert counted == lived(case).trainable
    assert next(network.parameters()).device.type == "meta"


@EVERY_CASE
def test_nothing_but_safetensors_and_json_is_saved(case: Case, lives: Lives) -> None:
    lives.lived(case)
    kinds = {path.suffix for path in (lives.home / case.id).iterdir()}
    texts = [p.read_text() for p in (lives.home / case.id).glob("*.json")]
    assert kinds == {".json", ".safetensors"}
    assert not any(str(lives.home) in text for text in texts)


@EVERY_CASE
def test_a_fresh_process_loads_what_was_saved_and_answers_the_same(
    case: Case, lives: Lives, request: pytest.FixtureRequest
) -> None:
    """One process for all: each base is read once and serves its cases one after the other."""
    for item in request.session.items:  # those that run on their own, like this one
        if item.function is request.function:
            lives.lived(item.callspec.params["case"])
    found = lives.read_again[case.id]
    assert isinstance(found, torch.Tensor), found
    assert torch.equal(found, lives.lived(case).logits)


@cache
def _meta(architecture: str) -> LanguageModel:
    model = tiny_model(architecture)
    with torch.device("meta"):
        model.network = AUTO_CLASSES[model.family.name].from_config(model.network.config)
    model.device = torch.device("meta")
    return model


def _weightless(architecture: str) -> LanguageModel:
    """Of its own, as a method may change the network it is given."""
    model = _meta(architecture)
    return replace(model, network=copy.deepcopy(model.network))
