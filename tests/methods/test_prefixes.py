"""Learnt keys and values stand where words' would, in every layer of every architecture."""

import pytest
import torch

from playground.methods.common.inside_attention import reader
from playground.methods.common.prefix_states import states_of
from playground.methods.p_tuning_v2 import PTuningV2
from playground.methods.prefix_tuning import PrefixTuning
from playground.models.kv_cache import cache_among, cache_argument
from playground.scoring import score, score_naively, write
from playground.tasks.classification import Task
from tests.methods.cases import WORDS, batch_for, logits
from tests.tiny import ARCHITECTURES, CAUSAL, tiny_model, tiny_network

REAL = (1, 77, 88, 99, 66)  # tokens
TEXT = (90, 91, 92, 93, 94)
UNREACHED = ("openai-gpt", "deberta-v2")
INSIDE = ("distilbert", "albert", "modernbert")  # take no cache
SUPPORTED = [name for name in ARCHITECTURES if name not in UNREACHED]
LOOKS_BACK = [name for name in CAUSAL if name not in UNREACHED]
EVERYWHERE = pytest.mark.parametrize("architecture", SUPPORTED)
LENGTH = 4
TASK = Task("A review: {text}\nSentiment:", {"pos": "very good", "neg": "a bad film"}, "label")


def moved(architecture: str, seed: int = 1) -> torch.nn.Module:
    """A prefix away from where it started."""
    network = PTuningV2(length=LENGTH).build(tiny_model(architecture), WORDS)
    torch.manual_seed(seed)
    with torch.no_grad():
        network.prefix.prompt_embeddings.normal_()
    return network


def with_states_of(ids: tuple[int, ...], architecture: str) -> torch.nn.Module:
    """A prefix that is the keys and values of these tokens."""
    model = tiny_model(architecture)
    network = PTuningV2(length=len(ids)).build(model, WORDS)
    states = states_of(tiny_model(architecture), ids).tensor
    with torch.no_grad():
        network.prefix.prompt_embeddings.copy_(states.permute(3, 0, 1, 2, 4).flatten(1))
    return network


@pytest.mark.parametrize("architecture", LOOKS_BACK)
def test_keys_and_values_of_real_words_act_as_those_words(architecture: str) -> None:
    """Whole, and padded on the right."""
    network, plain = with_states_of(REAL, architecture), tiny_network(architecture)
    ids = torch.tensor([[*TEXT, 0, 0], [120, 121, 122, 123, 124, 125, 126]])
    mask = torch.tensor([[1] * 5 + [0] * 2, [1] * 7])
    with torch.no_grad():
        soft = network(input_ids=ids, attention_mask=mask).logits
        for row, length in enumerate(mask.sum(1)):
            hard = plain(torch.tensor([[*REAL, *ids[row, :length]]])).logits[0, len(REAL) :]
            assert (soft[row, :length] - hard).abs().max() <= 1e-5


@pytest.mark.parametrize("architecture", LOOKS_BACK)
def test_four_steps_on_the_cache_are_those_after_the_real_words(architecture: str) -> None:
    network, plain = with_states_of(REAL, architecture), tiny_network(architecture)
    given, cache, seen = torch.tensor([TEXT]), None, list(TEXT)
    argument = cache_argument(plain)
    for _ in range(4):
        mask = torch.ones(1, len(seen) + (len(REAL) if cache else 0), dtype=torch.long)
        with torch.no_grad():
            kept = {argument: cache} if cache else {}
            output = network(input_ids=given, attention_mask=mask, use_cache=True, **kept)
            hard = plain(torch.tensor([[*REAL, *seen]])).logits[0, -1]
        assert (output.logits[0, -1] - hard).abs().max() <= 1e-5
        cache, given = cache_among(output), hard.argmax()[None, None]
        seen.append(int(given))
    assert cache.get_seq_length() == len(REAL) + len(TEXT) + 3


@pytest.mark.parametrize("architecture", [name for name in LOOKS_BACK if name != "bloom"])
def test_positions_given_by_the_caller_are_counted_from_the_text(architecture: str) -> None:
    network, text = moved(architecture), torch.tensor([TEXT])
    with torch.no_grad():
        given = network(input_ids=text, position_ids=torch.arange(len(TEXT))[None]).logits
        found = network(text).logits
    assert torch.equal(given, found)


@EVERYWHERE
def test_every_layer_sees_its_own_part(architecture: str) -> None:
    """Keys and values of each layer have a gradient: in none of them the prefix is ignored."""
    network = moved(architecture)
    batch = batch_for(network)
    network(**batch.inputs()).logits[:, 1:].log_softmax(-1)[..., 60].sum().backward()
    prefix = network.prefix
    gradient = prefix.prompt_embeddings.grad
    by_layer = gradient.view(LENGTH, prefix.layers, 2, -1).abs().amax((0, 3))
    assert (by_layer > 1e-6).all(), by_layer


@EVERYWHERE
def test_a_prefix_of_zeros_is_not_nothing(architecture: str) -> None:
    network = moved(architecture)
    with torch.no_grad():
        network.prefix.prompt_embeddings.zero_()
    assert (logits(network) - logits(tiny_network(architecture))).abs().max() > 1e-3


@EVERYWHERE
@pytest.mark.parametrize("reparametrise", [False, True])
def test_labels_score_the_same_on_kept_keys_and_values(
    architecture: str, reparametrise: bool
) -> None:
    """What prompts share is cached with the prefix prepended, which runs once."""
    model = tiny_model(architecture)
    method = PrefixTuning(length=LENGTH, hidden=5, reparametrise=reparametrise)
    network = method.build(model, WORDS)
    rows = [{"text": text} for text in ("a good film", "what", "a dull and lifeless film")]
    fast, slow = (asked(model, network, TASK, rows) for asked in (score, score_naively))
    for one, other in zip((*fast.scores, fast.prior), (*slow.scores, slow.prior), strict=True):
        assert one.total == pytest.approx(other.total, abs=1e-4)


@pytest.mark.parametrize("architecture", LOOKS_BACK)
def test_what_it_writes_is_the_likeliest_next_token_every_time(architecture: str) -> None:
    network, model = moved(architecture), tiny_model(architecture)
    model.network, prompt = network, "A review"
    ids, chosen = [*model.start_ids, *model.tokens(prompt)], []
    while len(chosen) < 4:
        with torch.no_grad():
            chosen.append(int(network(torch.tensor([[*ids, *chosen]])).logits[0, -1].argmax()))
    wanted = model.tokenizer.decode(chosen, skip_special_tokens=True)
    written = write(model, network, prompt, tokens=4)
    assert wanted.split("\n", 1)[0].strip().startswith(written)
    assert written


@EVERYWHERE
def test_rows_of_a_batch_may_have_prefixes_of_their_own(architecture: str) -> None:
    networks = [moved(architecture, seed) for seed in (1, 2)]
    apart = [logits(network) for network in networks]
    first, second = (network.prefix.stacked() for network in networks)
    networks[0].prefix.rows = torch.stack([first, second, first]).detach()
    mixed = logits(networks[0])
    assert (mixed[[0, 2]] - apart[0][[0, 2]]).abs().max() <= 1e-6
    assert (mixed[1] - apart[1][1]).abs().max() <= 1e-6


@pytest.mark.parametrize("architecture", INSIDE)
def test_a_forward_leaves_nothing_behind_whether_it_fails_or_not(architecture: str) -> None:
    """Else the keys, the values and all that they were made from stay in memory."""
    network = moved(architecture)
    logits(network)
    assert reader.get() is None
    with pytest.raises(IndexError):
        network(input_ids=torch.tensor([[10_000]]))
    assert reader.get() is None
