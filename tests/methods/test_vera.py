"""What is VeRA's own: its count, and random matrices that are shared, drawn again, or saved."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from playground.methods.common.blocks import sizes
from playground.methods.common.peft_layers import chosen_layers
from playground.methods.common.saving import WEIGHTS
from playground.methods.vera import VeRA
from tests.tiny import ARCHITECTURES, tiny_model, tiny_network


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_it_trains_the_rank_and_the_outputs_of_each_matrix(architecture: str) -> None:
    plain = tiny_network(architecture)
    layers = [plain.get_submodule(name) for name in chosen_layers(plain, "all linear")]
    network = VeRA(rank=5).build(tiny_model(architecture))
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == sum(5 + sizes(layer)[1] for layer in layers)


@pytest.mark.parametrize("kept", [False, True])
def test_the_random_matrices_are_in_the_file_only_when_asked_for(
    kept: bool, tmp_path: Path
) -> None:
    """llama: 16 inputs at least, 32 at most, and as many outputs."""
    method = VeRA(rank=5, save_projection=kept)
    method.save(method.build(tiny_model("llama")), tmp_path)
    found = {
        name: tuple(tensor.shape)
        for name, tensor in load_file(tmp_path / WEIGHTS).items()
        if "lambda" not in name
    }
    wanted = {"base_model.vera_A": (5, 32), "base_model.vera_B": (32, 5)}
    assert found == (wanted if kept else {})


def test_the_random_matrices_are_one_pair_and_do_not_hang_on_the_seed_of_a_run() -> None:
    networks = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        networks.append(VeRA(rank=5).build(tiny_model("llama")))
    one, other = (network.base_model.vera_A["default"] for network in networks)
    assert torch.equal(one, other)
    layers = [m for m in networks[0].modules() if hasattr(m, "vera_lambda_d")]
    assert {m.vera_A["default"].data_ptr() for m in layers} == {one.data_ptr()}
