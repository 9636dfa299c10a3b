"""A sparse update as files and in the weights: small, exact, and refused where it does not fit."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from playground.methods.sparse_fine_tuning import SparseFineTuning
from tests.methods.cases import logits
from tests.methods.refusing import base_that_refuses, change_config
from tests.methods.shaken import shaken
from tests.tiny import tiny_model

METHOD = SparseFineTuning(share=0.05)


def test_a_coordinate_that_is_kept_takes_eight_bytes(tmp_path: Path) -> None:
    network = METHOD.build(tiny_model("bert"))
    METHOD.save(network, tmp_path)
    kept = load_file(tmp_path / "adapter_model.safetensors").values()
    count = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert sum(tensor.nbytes for tensor in kept) == 8 * count


def test_small_updates_of_a_bfloat16_base_are_not_lost(tmp_path: Path) -> None:
    """The values stay float32; written into the weights they answer as they did beside them."""
    model = tiny_model("llama")
    model.network.bfloat16()
    before = {name: p.clone() for name, p in model.network.named_parameters()}
    network = shaken(METHOD.build(model))
    tuned = logits(network)
    METHOD.save(network, tmp_path)
    METHOD.remove(network)
    assert torch.equal(logits(METHOD.load(model, tmp_path)), tuned)
    METHOD.remove(model.network)
    assert all(torch.equal(model.network.get_parameter(n), old) for n, old in before.items())
    kept = load_file(tmp_path / "adapter_model.safetensors")
    assert {t.dtype for n, t in kept.items() if n.endswith("values")} == {torch.float32}


def test_the_parameters_keep_their_order(tmp_path: Path) -> None:
    """An optimiser counts them by it."""
    model = tiny_model("bert")
    before = [name for name, _ in model.network.named_parameters()]
    METHOD.save(METHOD.build(model), tmp_path)
    assert [name for name, _ in METHOD.remove(model.network).named_parameters()] == before
    METHOD.remove(METHOD.load(model, tmp_path))
    assert [name for name, _ in model.network.named_parameters()] == before
    assert type(next(m for m in model.network.modules() if isinstance(m, torch.nn.Linear))) is (
        torch.nn.Linear
    )


@pytest.mark.parametrize("place", [-1, 10**6])
def test_a_coordinate_outside_its_tensor_is_refused_and_the_base_stays_usable(
    place: int, tmp_path: Path
) -> None:
    METHOD.save(METHOD.build(tiny_model("gpt2")), tmp_path)
    file = tmp_path / "adapter_model.safetensors"
    tensors = load_file(file)
    first = next(name for name in tensors if name.endswith("indices"))
    tensors[first][0] = place
    save_file(tensors, file)
    said = "does not fit this model: a coordinate lies outside"
    assert not hasattr(base_that_refuses(METHOD, "gpt2", tmp_path, said), "sparse_update")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"share": 0.1}, "does not fit this model"),
        ({"share": 7.0}, "share is 7.0"),
        ({"mask": "sharp"}, "mask is 'sharp'"),
        ({"peft_type": "SHIRA"}, "says peft_type 'SHIRA'"),
    ],
)
def test_a_changed_file_is_refused_and_the_base_stays_usable(
    change: dict, said: str, tmp_path: Path
) -> None:
    METHOD.save(METHOD.build(tiny_model("gpt2")), tmp_path)
    change_config(tmp_path, change)
    assert not hasattr(base_that_refuses(METHOD, "gpt2", tmp_path, said), "sparse_update")
