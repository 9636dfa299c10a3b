"""What a method does before the first update: told as it goes, stopped, and short of memory."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from playground.errors import UserError
from playground.events import Event, Loading, Noted, Step
from playground.models.answer_logits import plain_network
from playground.models.kv_cache import without_cache
from tests.training.toy import PLAN, Toy, same

BATCHES = 4


def toy() -> Toy:
    """Sparse fine-tuning, which chooses by the gradients of some batches before it trains."""
    return Toy("sparse_fine_tuning", "gpt2", settings={"share": 0.05, "burn_in": BATCHES})


def places(given: Toy) -> dict[str, torch.Tensor]:
    return {name: one.clone() for name, one in given.network.training_hooks.state.items()}


def without_room(most: int) -> Toy:
    """Out of memory above `most` examples while every weight of a block has a gradient, from the
    second batch on: the gradients of the first are there already."""
    given, passes = toy(), itertools.count(1)
    without_cache(plain_network(given.network))  # what it takes is tried out once
    weight = next(iter(given.network.sparse_update.tensors.values()))

    def refuse(module: torch.nn.Module, inputs: tuple, named: dict) -> None:
        if weight.requires_grad and next(passes) > 1 and len(named["input_ids"]) > most:
            raise torch.OutOfMemoryError("no room")

    given.network.register_forward_pre_hook(refuse, with_kwargs=True)
    return given


def losses(events: list[Event]) -> list[float]:
    return [event.loss for event in events if isinstance(event, Step)]


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_it_is_told_batch_by_batch_before_training_starts() -> None:
    events = list(toy().train(replace(PLAN, steps=1)))
    assert kinds(events)[: BATCHES + 2] == ["Loading"] * BATCHES + ["Started", "Step"]
    assert [event.what for event in events[:2]] == [
        "choosing what trains, batch 1 of 4",
        "choosing what trains, batch 2 of 4",
    ]
    assert kinds(list(Toy().train(replace(PLAN, steps=1))))[:2] == ["Started", "Step"]


def test_stop_ends_it_before_its_next_batch_and_leaves_the_network_as_built(
    tmp_path: Path,
) -> None:
    given, asked = toy(), itertools.count()
    before, learnt = places(given), given.learnt()
    kept = replace(PLAN, checkpoint=tmp_path)
    events = list(given.train(kept, stop=lambda: next(asked) == 2))
    assert kinds(events) == ["Loading", "Loading", "Started", "Stopped"]
    assert (events[-1].step, events[-1].best_step) == (0, 0)
    assert same(places(given), before)
    assert same(given.learnt(), learnt)
    assert all(p.grad is None for p in given.network.parameters())
    assert not given.network.training
    assert not list(tmp_path.iterdir()), "a run that goes on from here would never prepare"


def test_a_run_stopped_in_it_prepares_when_it_goes_on(tmp_path: Path) -> None:
    whole, first, second = toy(), toy(), toy()
    wanted = list(whole.train())
    kept = replace(PLAN, checkpoint=tmp_path)
    list(first.train(kept, stop=lambda: True))
    found = list(second.train(kept))
    assert losses(found) == losses(wanted)
    assert same(places(second), places(whole))
    assert same(second.learnt(), whole.learnt())


@pytest.mark.parametrize("steps", [0, 3])
def test_a_run_stopped_after_it_does_not_prepare_again(steps: int, tmp_path: Path) -> None:
    first, second, asked = toy(), toy(), itertools.count()
    kept = replace(PLAN, checkpoint=tmp_path)
    events = list(first.train(kept, stop=lambda: next(asked) >= BATCHES + steps))
    assert events[-1].step == steps
    resumed = list(second.train(kept))
    assert resumed[0].resumed_from == steps
    assert not [event for event in resumed if isinstance(event, Loading)]
    assert same(places(second), places(first))


def test_short_memory_prepares_anew_with_fewer_examples_and_chooses_the_same() -> None:
    """The updates, which need less memory, run with all examples at once again."""
    roomy, tight, sizes = toy(), without_room(2), []
    wanted = list(roomy.train())
    tight.network.register_forward_pre_hook(
        lambda module, inputs, named: sizes.append(len(named["input_ids"])), with_kwargs=True
    )
    found = list(tight.train(replace(PLAN, evaluate_every=12)))
    notes = [event.text for event in found if isinstance(event, Noted)]
    assert notes == [
        "Memory was short: 2 examples run at once while it prepares, and 4 still make one update."
    ]
    assert kinds(found)[:4] == ["Loading", "Loading", "Noted", "Loading"]
    chosen, once = places(tight), places(roomy)
    assert all(set(chosen[name].tolist()) == set(once[name].tolist()) for name in once)
    assert losses(found) == pytest.approx(losses(wanted), rel=1e-4)
    assert sizes[:10] == [4, 2, 2, 2, 2, 2, 2, 2, 2, 4]


def test_memory_for_no_example_ends_in_the_sentence_of_training() -> None:
    given = without_room(0)
    before = places(given)
    with pytest.raises(UserError, match=r"Not even one example at a time fits .* Choose a smaller"):
        list(given.train())
    assert same(places(given), before)
