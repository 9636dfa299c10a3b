"""The laws of physics that a method's life must obey. Each says what is broken, or nothing."""

import math
from collections.abc import Callable
from pathlib import Path

import torch

from tests.methods.cases import Case
from tests.methods.living import SHORTEST, Trained

CLOSE = 1e-5
SAVED = {".json", ".safetensors"}
Law = Callable[[Case, Trained], object]  # what is broken; anything false where nothing is


def training_starts_from_the_base_where_the_method_says_so(case: Case, found: Trained) -> object:
    gap = difference(found.fresh_logits, found.base_logits)
    return (gap <= CLOSE) != case.method.starts_as_base and f"it starts {gap:.1e} from the base"


def frozen_weights_do_not_move(case: Case, found: Trained) -> object:
    nothing_frozen = not found.frozen and found.trainable < found.parameters
    return found.frozen_moved or (nothing_frozen and "nothing is frozen, and not all trains")


def the_gradient_reaches_everything_that_trains(case: Case, found: Trained) -> object:
    return found.without_gradient


def training_changes_the_answers(case: Case, found: Trained) -> object:
    gap = difference(found.logits, found.fresh_logits)
    return gap <= 1e-3 and f"they differ by {gap:.1e}"


def a_padded_row_answers_as_it_does_alone(case: Case, found: Trained) -> object:
    return _far(found.logits[SHORTEST], found.alone)


def the_output_of_a_plain_call_lines_up_with_its_input(case: Case, found: Trained) -> object:
    """Position t of the output belongs to the input's t, virtual tokens or not."""
    pairs = zip(found.logits, found.by_row, strict=True)
    return [said for row, whole in pairs if (said := _far(row, whole[-2:]))]


def removing_it_gives_the_base_back_bit_for_bit(case: Case, found: Trained) -> object:
    other = not torch.equal(found.removed_logits, found.base_logits)
    return found.changed_by_removal or (other and "the base answers otherwise")


def the_count_is_the_same_without_any_weight_in_memory(case: Case, found: Trained) -> object:
    counted = found.counted_without_weights
    return counted not in (None, found.trainable) and f"{counted} and not {found.trainable}"


def nothing_but_safetensors_and_json_is_saved(case: Case, found: Trained) -> object:
    return {path.name for path in found.saved if path.suffix not in SAVED} or not found.saved


def no_path_of_this_machine_is_saved(case: Case, found: Trained) -> object:
    return [path.name for path in found.saved if path.suffix == ".json" and _names_its_home(path)]


LAWS: tuple[Law, ...] = (
    training_starts_from_the_base_where_the_method_says_so,
    frozen_weights_do_not_move,
    the_gradient_reaches_everything_that_trains,
    training_changes_the_answers,
    a_padded_row_answers_as_it_does_alone,
    the_output_of_a_plain_call_lines_up_with_its_input,
    removing_it_gives_the_base_back_bit_for_bit,
    the_count_is_the_same_without_any_weight_in_memory,
    nothing_but_safetensors_and_json_is_saved,
    no_path_of_this_machine_is_saved,
)


def broken(case: Case, found: Trained) -> dict[str, object]:
    """What is broken, by law."""
    said = {law.__name__: law(case, found) for law in LAWS}
    return {name: what for name, what in said.items() if what}


def difference(one: torch.Tensor, other: torch.Tensor) -> float:
    """The largest; infinite for a classifier head beside a vocabulary."""
    if one.shape != other.shape:
        return math.inf
    return (one - other).abs().max().item()


def _far(one: torch.Tensor, other: torch.Tensor) -> str:
    gap = difference(one, other)
    return "" if gap <= CLOSE else f"{gap:.1e} apart"


def _names_its_home(path: Path) -> bool:
    return str(path.parents[1]) in path.read_text(encoding="utf-8")
