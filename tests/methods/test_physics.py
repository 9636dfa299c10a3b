"""What every method must obey, on every architecture it does not refuse."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM

from playground.errors import UserError
from playground.methods import METHODS
from playground.models.language_model import LanguageModel
from tests.methods.cases import (
    SEQUENCES,
    Case,
    Trained,
    all_cases,
    life,
    settings_of,
    supported,
)
from tests.tiny import ARCHITECTURES, CAUSAL, tiny_model

CLOSE = 1e-5
EVERY_CASE = pytest.mark.parametrize("case", supported(), ids=lambda case: case.id)
Lived = Callable[[Case], Trained]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lived, Path]:
    """Each case's life, lived once, and the folder that holds what each saved."""
    home, known = tmp_path_factory.mktemp("saved"), {}

    def lived(case: Case) -> Trained:
        if case.id not in known:
            known[case.id] = life(case, home / case.id)
        return known[case.id]

    return lived, home


@pytest.fixture
def lived(lives: tuple[Lived, Path]) -> Lived:
    return lives[0]


def difference(one: torch.Tensor, other: torch.Tensor) -> float:
    return (one - other).abs().max().item()


def test_every_method_has_an_architecture_of_each_family() -> None:
    """So that the tests below are not empty for one of them."""
    for name in METHODS:
        found = {case.architecture for case in supported() if case.name == name}
        assert {"gpt2", "llama", "bert", "roberta"} <= found, name


def test_a_refusal_is_a_sentence_and_building_says_the_same() -> None:
    refused = [case for case in all_cases() if case not in supported()]
    for case in refused:
        model = tiny_model(case.architecture)
        reason = case.method.refuse(model)
        assert reason.endswith(".")
        with pytest.raises(UserError, match=reason[:20]):
            case.method.build(model)


@EVERY_CASE
def test_training_starts_from_the_base_where_the_method_says_so(case: Case, lived: Lived) -> None:
    found = lived(case)
    gap = difference(found.fresh_logits, found.base_logits)
    assert (gap <= 1e-6) == case.method.starts_as_base


@EVERY_CASE
def test_frozen_weights_do_not_move(case: Case, lived: Lived) -> None:
    found = lived(case)
    assert found.frozen_moved == []
    assert found.frozen or found.trainable == sum(
        p.numel() for p in found.model.network.parameters()
    )


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
    for row, alone in zip(found.logits, found.alone, strict=True):
        assert difference(row, alone) <= CLOSE


@EVERY_CASE
def test_the_output_of_a_plain_call_lines_up_with_its_input(case: Case, lived: Lived) -> None:
    """Position t of the output belongs to the input's t, virtual tokens or not."""
    found, start = lived(case), 0
    for row, ids in zip(found.logits, SEQUENCES, strict=True):
        last_two = found.aligned[start + len(ids) - 2 : start + len(ids)]
        assert difference(row, last_two) <= CLOSE
        start += len(ids)


@EVERY_CASE
def test_removing_it_gives_the_base_back_bit_for_bit(case: Case, lived: Lived) -> None:
    found = lived(case)
    assert torch.equal(found.removed_logits, found.base_logits)
    assert found.removed.keys() == found.before.keys()
    assert all(torch.equal(found.removed[key], old) for key, old in found.before.items())


@pytest.mark.parametrize(
    "case", [case for case in supported() if not case.settings], ids=lambda case: case.id
)
def test_the_count_is_the_same_without_any_weight_in_memory(case: Case, lived: Lived) -> None:
    model = _weightless(tiny_model(case.architecture))
    network = case.method.build(model)
    counted = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert counted == lived(case).trainable
    assert next(network.parameters()).device.type == "meta"


def test_a_fresh_process_loads_what_was_saved_and_answers_the_same(
    lives: tuple[Lived, Path], tmp_path: Path
) -> None:
    """One process for all: each base is read once and serves its cases one after the other."""
    lived, home = lives
    expected = {case.id: lived(case).logits for case in supported()}
    subprocess.run(
        [sys.executable, "-m", "tests.methods.reload", str(home), str(tmp_path / "logits.pt")],
        check=True,
        cwd=Path(__file__).parents[2],
    )
    found = torch.load(tmp_path / "logits.pt", weights_only=True)
    assert found.keys() == expected.keys()
    for name, logits in expected.items():
        assert torch.equal(found[name], logits), name


@pytest.mark.parametrize("name", list(METHODS))
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_nothing_but_safetensors_and_json_is_saved(
    name: str, architecture: str, lives: tuple[Lived, Path]
) -> None:
    lived, home = lives
    case = Case(name, settings_of(name)[0], architecture)
    lived(case)
    kinds = {path.suffix for path in (home / case.id).iterdir()}
    texts = [p.read_text() for p in (home / case.id).glob("*.json")]
    assert kinds == {".json", ".safetensors"}
    assert not any(str(home) in text for text in texts)


def _weightless(model: LanguageModel) -> LanguageModel:
    kind = (
        AutoModelForCausalLM if model.network.config.model_type in CAUSAL else AutoModelForMaskedLM
    )
    with torch.device("meta"):
        model.network = kind.from_config(model.network.config)
    model.device = torch.device("meta")
    return model
