"""What is sparse fine-tuning's own: which coordinates, how many, and that no other ever moves."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from playground.errors import UserError
from playground.methods.common.blocks import blocks
from playground.methods.common.hooks import hooks_of
from playground.methods.sparse_fine_tuning import SparseFineTuning
from playground.models.answer_logits import answer_logits
from tests.methods.cases import GOLD, batch_for
from tests.tiny import tiny_model, tiny_network
from tests.training.toy import PLAN, Toy

# A tensor is a tensor: transposed ones, tied ones, and those no answer depends on
KINDS = pytest.mark.parametrize(
    "architecture", ["gpt2", "llama", "bert", "albert", "deberta-v2", "t5"]
)
METHOD = SparseFineTuning(share=0.05, burn_in=2)


def of_blocks(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Every parameter of the blocks of a plain network, by name."""
    inside = [path for path, _ in blocks(network)]
    found = network.named_parameters()
    return {n: p.detach().clone() for n, p in found if n.startswith(tuple(inside))}


def gradients(network: torch.nn.Module) -> Callable[[int], None]:
    """As the training loop gives them: of another batch at every step, pulling another way."""

    def add(step: int) -> None:
        scores = answer_logits(network, batch_for(network)).log_softmax(-1)
        gold = (GOLD + 7 * step) % scores.shape[-1]
        ((-1) ** step * scores.gather(-1, gold[..., None]).mean()).backward()

    return add


def indices(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: one.indices for name, one in network.sparse_update.coordinates.items()}


def largest(tensors: dict[str, torch.Tensor], share: float) -> dict[str, set[int]]:
    """By sorting: the coordinates of the floor(share * n) largest absolute values of each."""
    found = {}
    for name, tensor in tensors.items():
        order = tensor.abs().flatten().argsort(descending=True).tolist()
        found[name] = set(order[: int(share * tensor.numel())])
    return {name: coordinates for name, coordinates in found.items() if coordinates}


@KINDS
def test_the_count_is_a_share_of_every_tensor(architecture: str) -> None:
    network = METHOD.build(tiny_model(architecture))
    sizes = [tensor.numel() for tensor in of_blocks(tiny_network(architecture)).values()]
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == sum(int(0.05 * size) for size in sizes) <= 0.05 * sum(sizes)


@KINDS
def test_with_weight_decay_no_more_than_the_share_ever_changes(
    architecture: str, tmp_path: Path
) -> None:
    """AdamW over every parameter; counted in the weights themselves, which are the base's plus what
    is kept."""
    before = dict(tiny_network(architecture).named_parameters())
    network = METHOD.build(tiny_model(architecture))
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.1, weight_decay=0.5)
    for step in range(3):
        optimiser.zero_grad()
        gradients(network)(step)
        optimiser.step()
    METHOD.save(network, tmp_path)
    loaded = dict(METHOD.load(tiny_model(architecture), tmp_path).named_parameters())
    kept, changed = load_file(tmp_path / "adapter_model.safetensors"), 0
    for name, old in before.items():
        wanted = old.detach().flatten().clone()
        if f"{name}.indices" in kept:
            wanted[kept[f"{name}.indices"].long()] += kept[f"{name}.values"]
        assert torch.equal(loaded[name].flatten(), wanted), name
        changed += (loaded[name] != old).sum().item()
    whole = sum(tensor.numel() for tensor in of_blocks(tiny_network(architecture)).values())
    assert 0 < changed <= 0.05 * whole


@KINDS
def test_sam_takes_the_largest_summed_gradients_of_the_base(architecture: str) -> None:
    """Summed with their signs, over both batches, by a plain network's own backward."""
    plain = tiny_network(architecture)
    for step in (1, 2):
        gradients(plain)(step)
    found = {n: p.grad for n, p in plain.named_parameters() if n in of_blocks(plain)}
    wanted = largest({n: grad for n, grad in found.items() if grad is not None}, 0.05)
    network = METHOD.build(tiny_model(architecture))
    list(hooks_of(network).prepare(gradients(network)))
    for name, coordinates in wanted.items():
        if (
            found[name].flatten().abs().topk(len(coordinates)).values[-1] > 1e-6
        ):  # else all is rounding
            assert set(indices(network)[name].tolist()) == coordinates, name


def test_choosing_leaves_nothing_behind_and_does_the_same_again() -> None:
    model = tiny_model("gpt2")
    for module in model.network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.5  # it has no say in what is chosen
    network = METHOD.build(model).train()
    chosen = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        list(hooks_of(network).prepare(gradients(network)))
        chosen.append({name: coordinates.clone() for name, coordinates in indices(network).items()})
    assert all(torch.equal(coordinates, chosen[1][name]) for name, coordinates in chosen[0].items())
    assert network.training
    frozen = [p for p in network.parameters() if not p.requires_grad]
    assert len(frozen) == len(list(tiny_network("gpt2").parameters()))
    assert all(p.grad is None for p in frozen)


def test_what_was_chosen_is_kept_for_a_run_that_goes_on() -> None:
    """Where sums are not exact, choosing again could give others."""
    network = METHOD.build(tiny_model("bert"))
    list(hooks_of(network).prepare(gradients(network)))
    kept = {name: coordinates.clone() for name, coordinates in hooks_of(network).state.items()}
    assert kept.keys() == indices(network).keys()
    for coordinates in indices(network).values():
        coordinates.zero_()
    for name, coordinates in hooks_of(network).state.items():
        coordinates.copy_(kept[name])  # as the checkpoint does
    assert all(
        torch.equal(coordinates, kept[name]) for name, coordinates in indices(network).items()
    )


def test_the_training_loop_prepares() -> None:
    toy = Toy("sparse_fine_tuning", "gpt2")
    before = {name: coordinates.clone() for name, coordinates in indices(toy.network).items()}
    list(toy.train(replace(PLAN, steps=1)))
    assert not all(
        torch.equal(coordinates, before[n]) for n, coordinates in indices(toy.network).items()
    )


@KINDS
def test_the_magnitude_mask_takes_the_largest_weights(architecture: str) -> None:
    network = replace(METHOD, mask="magnitude").build(tiny_model(architecture))
    list(hooks_of(network).prepare(gradients(network)))
    found = {name: set(coordinates.tolist()) for name, coordinates in indices(network).items()}
    assert found == largest(of_blocks(tiny_network(architecture)), 0.05)


def test_the_random_mask_depends_on_the_seed_and_takes_no_place_twice() -> None:
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        network = replace(METHOD, mask="random").build(tiny_model("llama"))
        list(hooks_of(network).prepare(gradients(network)))
        drawn.append(torch.cat(list(indices(network).values())).tolist())
        assert all(
            len(coordinates) == len(coordinates.unique())
            for coordinates in indices(network).values()
        )
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_share_of_no_weight_at_all_is_refused_with_the_way_out() -> None:
    reason = SparseFineTuning(share=0.0005).refuse(tiny_model("llama"))
    assert reason == (
        "A share of 0.0005 is not one weight of any tensor in tiny/llama, whose largest has 512."
        " Choose a larger share."
    )


def test_quantised_weights_are_refused() -> None:
    model = tiny_model("llama")
    linear = model.network.model.layers[0].mlp.down_proj
    linear.weight = torch.nn.Parameter(linear.weight.to(torch.uint8), requires_grad=False)
    assert "quantised" in METHOD.refuse(model)
    with pytest.raises(UserError, match="Try LoRA"):
        METHOD.build(model)
