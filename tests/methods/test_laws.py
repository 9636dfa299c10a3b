"""The laws themselves: each speaks when the thing it guards breaks, and only then."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.methods.cases import Case
from tests.methods.laws import LAWS, broken
from tests.methods.living import Trained, life

CASE = Case("lora", (), "gpt2")
Broken = Callable[[Trained], Trained]
WAYS: dict[str, Broken] = {
    "training_starts_from_the_base_where_the_method_says_so": lambda found: replace(
        found, fresh_logits=found.fresh_logits + 1e-3, logits=found.logits + 1
    ),
    "frozen_weights_do_not_move": lambda found: replace(found, frozen_moved=["wte"]),
    "the_gradient_reaches_everything_that_trains": lambda found: replace(
        found, without_gradient=["lora_A"]
    ),
    "training_changes_the_answers": lambda found: replace(found, fresh_logits=found.logits),
    "a_padded_row_answers_as_it_does_alone": lambda found: replace(found, alone=found.alone + 1e-4),
    "the_output_of_a_plain_call_lines_up_with_its_input": lambda found: replace(
        found, by_row=[row.roll(1, dims=0) for row in found.by_row]
    ),
    "removing_it_gives_the_base_back_bit_for_bit": lambda found: replace(
        found, removed_logits=found.removed_logits + 1e-7 * found.removed_logits.abs().max()
    ),
    "the_count_is_the_same_without_any_weight_in_memory": lambda found: replace(
        found, counted_without_weights=found.trainable - 1
    ),
    "nothing_but_safetensors_and_json_is_saved": lambda found: replace(
        found, saved=[*found.saved, Path("adapter_model.bin")]
    ),
}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return life(CASE, tmp_path_factory.mktemp("home") / CASE.id)


def test_a_method_in_order_breaks_none(lived: Trained) -> None:
    assert broken(CASE, lived) == {}


@pytest.mark.parametrize("law", WAYS)
def test_a_law_speaks_when_its_thing_breaks(law: str, lived: Trained) -> None:
    assert law in broken(CASE, WAYS[law](lived))


def test_a_path_in_what_is_saved_is_seen(lived: Trained, tmp_path: Path) -> None:
    config = tmp_path / "saved" / "adapter_config.json"
    config.parent.mkdir()
    config.write_text(f'{{"base": "{tmp_path}/model"}}')

    found = broken(CASE, replace(lived, saved=[config]))

    assert list(found) == ["no_path_of_this_machine_is_saved"]


def test_every_law_is_tried_here() -> None:
    assert {law.__name__ for law in LAWS} == {*WAYS, "no_path_of_this_machine_is_saved"}
