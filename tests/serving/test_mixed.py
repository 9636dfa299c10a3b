"""Every row of a mixed batch is answered as its adapter alone answers it; the base stays itself."""

import dataclasses
from functools import cache
from pathlib import Path

import peft
import pytest
import torch

from playground.errors import UserError
from playground.methods.cards import cards
from playground.models.answer_logits import take_rows
from playground.models.families import Encoded, collate
from playground.models.language_model import LanguageModel
from playground.scoring import score
from playground.serving import mixable
from playground.serving.asking import ask
from playground.serving.injection import read
from playground.serving.mixed import Mixed
from playground.serving.stacked import NotByRow
from tests.serving.adapters import (
    TASKS,
    TEXTS,
    Made,
    asked_of,
    injections,
    line,
    logits_alone,
    make,
    make_all,
    scores_alone,
)
from tests.tiny import tiny_model

pytestmark = pytest.mark.slow
CLOSE = 1e-5
# One of each kind of position, layer and normalisation; deberta-v2 has layers all rows share.
BY_ROW_NAMES = (
    *("gpt2", "llama", "gemma", "gpt_neox", "opt", "bloom"),
    *("bert", "roberta", "distilbert", "albert", "modernbert", "t5", "bart"),
)
BY_ROW = pytest.mark.parametrize("architecture", BY_ROW_NAMES)
# One of every family and way of asking; rows of deberta-v2 are asked one by one.
EVERY_WAY = pytest.mark.parametrize(
    "architecture", ["gpt2", "llama", "bloom", "bert", "t5", "deberta-v2"]
)
World = tuple[LanguageModel, list[Made], Mixed]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory):
    """By architecture: a base, adapters that were made elsewhere, and all of them on that base."""

    @cache
    def of(architecture: str) -> World:
        base = tiny_model(architecture)
        made = make_all(architecture, tmp_path_factory.mktemp(architecture))
        return base, made, Mixed(base, injections(base, made))

    return of


def everybody(made: list[Made]) -> list[int | None]:
    """Every adapter with the base among them, then some again in another order."""
    users = [None, *range(len(made))]
    return [*users, *users[::-2]]


def gap(one: torch.Tensor, other: torch.Tensor) -> float:
    return (one - other).abs().max().item()


@BY_ROW
def test_each_row_of_a_mixed_batch_has_the_logits_of_its_adapter_alone(architecture, world) -> None:
    base, made, mixed = world(architecture)
    lines = [line(architecture, i, user) for i, user in enumerate(everybody(made))]

    with torch.inference_mode():
        found = mixed.logits(lines)

    for one, logits in zip(lines, found, strict=True):
        network = base.network if one.user is None else made[one.user].network
        assert gap(logits, logits_alone(network, one)) <= CLOSE, one.user


@pytest.mark.parametrize("architecture", ["gpt2", "llama", "opt"])
def test_all_methods_together_are_one_forward_of_the_base(architecture, world) -> None:
    base, made, mixed = world(architecture)
    assert len({one.method for one in made}) >= 6
    forwards: list[int] = []
    ask(mixed, asked_of([0]))  # the first time the base is also tried out
    counting = base.network.register_forward_pre_hook(lambda *_: forwards.append(1))

    with counting:
        ask(mixed, asked_of(range(len(made))))

    assert len(forwards) == 1


@BY_ROW
def test_the_adapters_differ_so_that_a_wrong_one_would_show(architecture, world) -> None:
    _, made, mixed = world(architecture)
    same = [line(architecture, 3, user) for user in (None, *range(len(made)))]

    with torch.inference_mode():
        found = mixed.logits(same)

    for i in range(len(found)):
        for j in range(i):
            assert gap(found[i], found[j]) > 100 * CLOSE, (i, j)


@EVERY_WAY
def test_rows_of_many_tasks_are_scored_as_each_run_alone_scores_them(architecture, world) -> None:
    base, made, mixed = world(architecture)
    asked = asked_of(everybody(made))

    found = ask(mixed, asked)

    for one, answer in zip(asked, found, strict=True):
        numbers = torch.tensor([*answer.scores.total, *answer.scores.restricted])
        wanted = torch.tensor(scores_alone(one, made, base))
        assert len(answer.scores.total) == len(one.task.labels)
        assert gap(numbers, wanted) <= CLOSE, one.user


@pytest.mark.parametrize("architecture", ["gpt2", "bert"])
def test_a_large_batch_is_scored_as_small_ones(architecture, world) -> None:
    """Two hundred rows: more than one batch holds."""
    _, made, mixed = world(architecture)
    asked = asked_of((everybody(made) * 40)[:200])

    whole = ask(mixed, asked)
    alone = [ask(mixed, [one])[0] for one in asked[:20]]

    for one, other in zip(whole, alone, strict=False):
        assert gap(torch.tensor(one.scores.total), torch.tensor(other.scores.total)) <= CLOSE


@EVERY_WAY
def test_the_base_is_bit_for_bit_the_same_before_between_and_after(architecture, world) -> None:
    base, made, mixed = world(architecture)
    weights = {name: tensor.clone() for name, tensor in base.network.state_dict().items()}
    rows = [{"text": text} for text in TEXTS]
    before = score(base, base.network, TASKS[1], rows).scores

    ask(mixed, asked_of(everybody(made)))

    assert score(base, base.network, TASKS[1], rows).scores == before
    assert base.network.state_dict().keys() == weights.keys()
    for name, tensor in base.network.state_dict().items():
        assert torch.equal(tensor, weights[name]), name
    assert not [m for m in base.network.modules() if m._forward_hooks or m._forward_pre_hooks]


def test_a_forward_that_fails_leaves_no_hook_behind(world) -> None:
    base, _, mixed = world("llama")
    too_large = dataclasses.replace(line("llama", 2, 0), ids=(1, 10_000, 2, 3))

    with pytest.raises(IndexError):
        mixed.logits([too_large, line("llama", 3, 1)])

    assert not [m for m in base.network.modules() if m._forward_hooks or m._forward_pre_hooks]


def test_a_base_whose_layers_read_what_rows_share_answers_them_one_by_one(world) -> None:
    """DeBERTa's query layer also reads its relative positions, which belong to no row."""
    _, made, mixed = world("deberta-v2")
    lora = [one.method for one in made].index("lora")
    lines = [line("deberta-v2", number, lora) for number in range(3)]

    with pytest.raises(NotByRow):
        mixed.logits(lines)
    with torch.inference_mode():
        alone = mixed.logits(lines[:1])[0]

    assert gap(alone, logits_alone(made[lora].network, lines[0])) <= CLOSE


@pytest.mark.parametrize("architecture", ["gpt2", "bert"])
def test_lora_rows_are_those_of_pefts_own_mixed_batch(architecture, tmp_path: Path) -> None:
    """peft mixes LoRA by `adapter_names`, in evaluation and for no other method."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder, rank in zip(folders, (2, 5), strict=True):
        make("lora", {"rank": rank}, architecture, folder)
    base, users = tiny_model(architecture), [0, None, 1, 1, 0]
    mixed = Mixed(base, [read(base, "lora", folder) for folder in folders])
    lines = [line(architecture, i, user) for i, user in enumerate(users)]
    oracle = peft.PeftModel.from_pretrained(tiny_model(architecture).network, folders[0], "0")
    oracle.load_adapter(folders[1], "1")
    names = ["__base__" if user is None else str(user) for user in users]
    batch = collate([Encoded(one.ids, one.rows) for one in lines], pad_id=0)

    with torch.inference_mode():
        found = mixed.logits(lines)
        whole = oracle.eval()(
            input_ids=batch.input_ids, attention_mask=batch.attention_mask, adapter_names=names
        ).logits

    assert gap(found, take_rows(whole, batch.rows)) <= CLOSE


def test_what_can_share_a_batch_is_what_stands_beside_a_frozen_base() -> None:
    assert {name for name in cards() if mixable(name)} >= {"lora", "soft_prompt", "adapter"}
    assert not mixable("prompt_based_fine_tuning")
    assert not mixable("../mixed")


@pytest.mark.parametrize("method", [name for name in cards() if mixable(name)])
def test_an_adapter_of_another_model_is_refused_with_a_sentence(method, tmp_path: Path) -> None:
    made = make(method, {}, "gpt2", tmp_path)
    assert made is not None
    other = tiny_model("llama")
    if method in ("soft_prompt", "p_tuning"):  # fits whatever has the same width
        other.network.resize_token_embeddings(8)
        other.network.set_input_embeddings(torch.nn.Embedding(8, 4))

    with pytest.raises(UserError, match="does not fit"):
        read(other, method, tmp_path)
