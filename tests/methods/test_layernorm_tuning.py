"""What is LayerNorm tuning's own: which norms train."""

import pytest

from playground.methods.layernorm_tuning import LayerNormTuning
from tests.tiny import tiny_model, tiny_network

# Trained numbers: norms of width 16, two blocks
COUNTS = {
    "gpt2": (2 * 2 + 1) * 2 * 16,  # blocks and a last one, each with gain and offset
    "llama": (2 * 2 + 1) * 16,  # gain alone
    "bert": (2 * 2 + 1) * 2 * 16,  # blocks and the output head's, not the embedding's
    "opt": (2 * 2 + 1) * 2 * 16,
    "gpt_neox": (2 * 2 + 1) * 2 * 16,
    "t5": (2 * 2 + 1 + 2 * 3 + 1) * 16,  # encoder and decoder
}


@pytest.mark.parametrize("architecture", COUNTS)
def test_the_norms_of_every_block_and_after_the_last_train(architecture: str) -> None:
    network = LayerNormTuning().build(tiny_model(architecture))
    found = {name: p.numel() for name, p in network.named_parameters() if p.requires_grad}
    assert sum(found.values()) == COUNTS[architecture]
    assert not any("embed" in name for name in found)


def test_the_file_opens_on_the_base_and_leaves_its_norms(tmp_path) -> None:
    method, model = LayerNormTuning(), tiny_model("llama")
    method.save(method.build(model), tmp_path)
    network = method.load(tiny_model("llama"), tmp_path)
    assert network.base_model.model.model.norm.base_layer.weight.equal(
        tiny_network("llama").model.norm.weight
    )
