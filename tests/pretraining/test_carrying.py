"""A masked network that begins with a causal one's weights reads as that one does."""

import pytest
import torch

from playground.pretraining import architectures
from playground.pretraining.carrying import carry

VOCABULARY, LENGTH = 300, 24


@pytest.fixture
def two() -> tuple[torch.nn.Module, torch.nn.Module]:
    """A causal network with gains of its own in the norms, and a masked one that begins with it.

    Whatever is written to the causal network's states has mean zero, and its embeddings are of one
    length: there the two kinds of norm agree.
    """
    causal = architectures.build("causal", "tiny", VOCABULARY, seed=1).eval()
    random = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for name, weight in causal.named_parameters():
            if "norm" in name:
                weight.uniform_(0.5, 2.0, generator=random)
            elif "embed" in name:
                weight.copy_(3 * torch.nn.functional.layer_norm(weight, weight.shape[1:]))
            else:
                weight.mul_(5)
            if "o_proj" in name or "down_proj" in name:
                weight.sub_(weight.mean(dim=0))
    masked = architectures.build("masked", "tiny", VOCABULARY, seed=3).eval()
    carry(causal, masked)
    return causal, masked


def states(network: torch.nn.Module, ids: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
    with torch.no_grad():
        return network.model(input_ids=ids, attention_mask=mask).last_hidden_state[0]


def test_looking_back_alone_it_has_the_states_of_the_causal_network(two) -> None:
    causal, masked = two
    ids = torch.randint(4, VOCABULARY, (1, LENGTH), generator=torch.Generator().manual_seed(4))
    back = torch.ones(LENGTH, LENGTH, dtype=torch.bool).tril()[None, None]
    torch.testing.assert_close(
        states(masked, ids, back), states(causal, ids, None), atol=0.05, rtol=0
    )
    assert not torch.allclose(states(masked, ids, None), states(causal, ids, None), atol=0.5)


def test_words_in_and_out_stay_one_matrix(two) -> None:
    causal, masked = two
    assert masked.decoder.weight is masked.model.embeddings.tok_embeddings.weight
    assert torch.equal(masked.decoder.weight, causal.lm_head.weight)


def test_networks_of_two_sizes_do_not_fit() -> None:
    causal = architectures.build("causal", "tiny", VOCABULARY, seed=1)
    masked = architectures.build("masked", "tiny", VOCABULARY + 1, seed=1)
    with pytest.raises(RuntimeError, match="size mismatch"):
        carry(causal, masked)
