"""What is LoRA's own: counts, merging on every architecture, and which files are opened."""

from pathlib import Path

import peft
import pytest
import torch
from peft.tuners.lora import LoraLayer

from playground.errors import UserError
from playground.methods.common.blocks import blocks, sizes
from playground.methods.common.peft_layers import chosen_layers
from playground.methods.common.saving import task_type
from playground.methods.lora import LoRA
from tests.methods.cases import all_logits
from tests.tiny import tiny_model, tiny_network

PLACEMENTS = ("attention", "feed-forward", "all linear")
# Fused and split projections, transposed weights, and attention to an encoder; what every
# architecture has in common is in the physics and in test_merge.py.
KINDS = ("gpt2", "gpt_neox", "llama", "bert", "t5")
EVERY_KIND = pytest.mark.parametrize("architecture", KINDS)


def trained(architecture: str, method: LoRA) -> peft.PeftModel:
    """A LoRA whose B is no longer zero."""
    network = method.build(tiny_model(architecture))
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.copy_(torch.randn_like(parameter) / 10)
    return network


@EVERY_KIND
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_it_trains_rank_times_inputs_plus_outputs_of_each_matrix(
    architecture: str, placement: str
) -> None:
    method, plain = LoRA(rank=3, placement=placement), tiny_network(architecture)
    chosen = [plain.get_submodule(name) for name in chosen_layers(plain, placement)]
    network = method.build(tiny_model(architecture))
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == sum(3 * sum(sizes(layer)) for layer in chosen)


def test_the_papers_count_for_query_and_value() -> None:
    """2 x adapted matrices x width x rank; BERT: 2 layers, query and value, width 16, rank 8."""
    network = LoRA(rank=8, placement="attention").build(tiny_model("bert"))
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == 2 * (2 * 2) * 16 * 8


@EVERY_KIND
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_merged_into_the_weights_it_answers_the_same(architecture: str, placement: str) -> None:
    _merges(architecture, LoRA(rank=4, placement=placement))


@EVERY_KIND
@pytest.mark.parametrize("switch", ["dora", "rslora"])
def test_so_do_dora_and_rslora(architecture: str, switch: str) -> None:
    _merges(architecture, LoRA(rank=4, **{switch: True}))


def _merges(architecture: str, method: LoRA) -> None:
    network = trained(architecture, method)
    beside = all_logits(network)
    merged = all_logits(method.merge(network))
    network.merge_adapter()
    in_place = all_logits(network)
    network.unmerge_adapter()
    assert (merged - beside).abs().max() <= 1e-5
    assert (in_place - beside).abs().max() <= 1e-5
    assert (all_logits(network) - beside).abs().max() <= 1e-5


@EVERY_KIND
def test_dora_trains_one_number_more_per_output(architecture: str) -> None:
    plain = tiny_network(architecture)
    outputs = [sizes(plain.get_submodule(n))[1] for n in chosen_layers(plain, "all linear")]
    counts = [
        sum(
            p.numel()
            for p in LoRA(dora=dora).build(tiny_model(architecture)).parameters()
            if p.requires_grad
        )
        for dora in (False, True)
    ]
    assert counts[1] - counts[0] == sum(outputs)


def test_rslora_counts_alpha_by_the_root_of_the_rank() -> None:
    """alpha / sqrt(rank) = 6 / 2, where LoRA has 6 / 4."""
    scales = []
    for rslora in (False, True):
        network = LoRA(rank=4, alpha=6, rslora=rslora).build(tiny_model("llama"))
        layer = next(one for one in network.modules() if isinstance(one, LoraLayer))
        scales.append(layer.scaling["default"])
    assert scales == [1.5, 3.0]


@pytest.mark.parametrize(
    ("architecture", "variant"),
    [*((name, "plain") for name in KINDS), ("gpt2", "use_rslora"), ("bert", "use_dora")],
)
def test_we_open_what_plain_peft_saved(architecture: str, variant: str, tmp_path: Path) -> None:
    kind = task_type(tiny_model(architecture))
    targets = chosen_layers(tiny_network(architecture), "attention")
    config = peft.LoraConfig(
        task_type=kind,
        r=2,
        lora_alpha=5,
        target_modules=targets,
        init_lora_weights=False,
        fan_in_fan_out=architecture == "gpt2",
        use_rslora=variant == "use_rslora",
        use_dora=variant == "use_dora",
    )
    theirs = peft.get_peft_model(tiny_network(architecture), config).eval()
    theirs.save_pretrained(tmp_path)
    ours = LoRA().load(tiny_model(architecture), tmp_path)
    assert (all_logits(ours) - all_logits(theirs)).abs().max() <= 1e-6


@pytest.mark.parametrize(("setting", "value"), [("bias", "all"), ("init_lora_weights", "pissa")])
def test_a_lora_that_changes_more_than_its_layers_is_not_opened(
    setting: str, value: object, tmp_path: Path
) -> None:
    config = peft.LoraConfig(task_type="CAUSAL_LM", target_modules=["q_proj"], **{setting: value})
    peft.get_peft_model(tiny_network("llama"), config).save_pretrained(tmp_path)
    with pytest.raises(UserError, match=setting):
        LoRA().load(tiny_model("llama"), tmp_path)


def test_every_layer_of_every_block_is_adapted_by_default() -> None:
    plain = tiny_network("llama")
    assert len(chosen_layers(plain, "all linear")) == 7 * len(list(blocks(plain)))
