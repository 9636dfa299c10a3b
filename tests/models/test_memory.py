import pytest
import torch

from playground.models.answer_logits import answer_logits
from playground.models.devices import available_bytes, choose_dtype, peak_bytes, total_bytes
from playground.models.families import Encoded, collate
from playground.models.loading import load
from playground.models.memory import estimate
from tests.tiny import tiny_model

CPU = torch.device("cpu")
BATCH, LENGTH = 8, 64


def kept_for_backward(network: torch.nn.Module, decoder: tuple[int, ...] = ()) -> int:
    """Bytes that one forward pass keeps for the backward pass, beside the weights."""
    weights = {p.untyped_storage().data_ptr() for p in network.parameters()}
    kept: dict[int, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    ids = tuple(range(10, 10 + LENGTH))
    rows = (len(decoder or ids) - 1,)
    batch = collate([Encoded(ids, rows, decoder)] * BATCH, pad_id=2)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        loss = answer_logits(network, batch).logsumexp(-1).sum()
    assert loss.requires_grad
    return sum(kept.values())


def test_activations_are_of_the_measured_order():
    model = load("bundled", CPU)
    model.network.requires_grad_(True)
    measured = kept_for_backward(model.network)

    guessed = estimate(load("bundled", empty=True), 6_917_376, BATCH, LENGTH, CPU).activations

    assert measured / 3 < guessed < measured * 3


@pytest.mark.parametrize("name", ["t5", "bart"])
def test_an_encoder_and_its_decoder_are_counted_too(name):
    model = tiny_model(name)
    model.network.requires_grad_(True)
    measured = kept_for_backward(model.network, decoder=(0,))

    guessed = estimate(model, 0, BATCH, LENGTH, CPU).activations

    assert measured / 3 < guessed < measured * 3


def test_what_trains_has_a_gradient_and_two_averages():
    memory = estimate(load("bundled", empty=True), 1000, BATCH, LENGTH, CPU)

    assert memory.gradients == 4000
    assert memory.optimiser == 8000
    assert memory.weights == 6_917_376 * 4


def test_the_total_is_the_sum_and_grows_with_the_batch():
    empty = load("bundled", empty=True)
    small, large = (estimate(empty, 1000, batch, LENGTH, CPU) for batch in (4, 8))

    parts = small.weights + small.gradients + small.optimiser + small.activations
    assert small.total == parts
    assert large.activations == 2 * small.activations


def test_memory_figures_of_this_machine_make_sense():
    assert 0 < available_bytes(CPU) <= total_bytes(CPU)
    assert 1e7 < peak_bytes(CPU) < total_bytes(CPU)


@pytest.mark.parametrize("training", [True, False])
def test_a_cpu_scores_in_float32(training):
    dtype = choose_dtype(CPU, training)

    assert dtype == torch.float32 or (training and dtype == torch.bfloat16)
