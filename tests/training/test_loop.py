"""The training loop on tiny models: its events, its honesty, and what it does when interrupted."""

import itertools
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from playground.errors import UserError
from playground.evaluation.answers import DEFAULT_RULE
from playground.events import Evaluated, Event, Finished, Loading, Noted, Started, Step, Stopped
from playground.methods import METHODS
from playground.methods.cards import SHARED
from playground.optim import precision
from playground.training.evaluating import accuracy_and_loss, subset
from playground.training.plan import OBJECTIVES
from tests.methods.cases import LINEAR_KINDS, fitting
from tests.training.toy import PLAN, TASK, Toy, examples, same, swapped

BEST_KNOWN = ("lora", "soft_prompt")
EVERY_METHOD = pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in BEST_KNOWN else pytest.mark.slow) for n in METHODS]
)
# The causal and the masked network in turns; the best known methods learn on both.
LEARNING = [
    *((name, ("qwen2", "bert")[number % 2]) for number, name in enumerate(METHODS)),
    *((name, ("bert", "qwen2")[[*METHODS].index(name) % 2]) for name in BEST_KNOWN),
]


def losses(events: list[Event]) -> list[float]:
    return [event.loss for event in events if isinstance(event, Step)]


def held_out(events: list[Event]) -> list[Evaluated]:
    return [e for e in events if isinstance(e, Evaluated) and e.part == "held_out"]


@pytest.mark.parametrize(("name", "architecture"), LEARNING)
def test_every_method_learns_and_tells_it_in_events(name: str, architecture: str) -> None:
    """The last epoch's loss is below the first's, although the network is random: at ten times the
    method's own rate, as it is tiny too."""
    toy = Toy(name, architecture)
    rate = 10 * toy.method.learning_rate
    plan = replace(PLAN, steps=30, learning_rate=rate, evaluate_every=30)
    events = [event for event in toy.train(plan) if not isinstance(event, Loading)]
    steps = [event for event in events if isinstance(event, Step)]
    assert [step.step for step in steps] == list(range(1, 31))
    assert [step.seconds for step in steps] == sorted(step.seconds for step in steps)
    assert sum(losses(events)[-3:]) < sum(losses(events)[:3])
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert (events[-1].step, events[-1].best_step, events[-1].early) == (30, 30, False)
    assert events[-1].peak_bytes > 0


def test_what_is_started_is_counted() -> None:
    toy = Toy()
    first = next(toy.train())
    plain = Toy("prompt_based_fine_tuning").model.network
    assert first.trainable == sum(tensor.numel() for tensor in toy.learnt().values())
    assert first.parameters == sum(tensor.numel() for tensor in plain.parameters())
    assert (first.train, first.validation, first.held_out, first.labels) == (12, 0, 8, 2)
    assert (first.steps, first.dtype, first.resumed_from) == (12, "float32", 0)


def test_held_out_is_asked_after_the_first_step_and_then_now_and_then() -> None:
    events = list(Toy().train(replace(PLAN, evaluate_every=5)))
    assert [event.step for event in held_out(events)] == [1, 5, 10, 12]
    assert all(event.n == 8 for event in held_out(events))
    assert isinstance(events[1], Step), "the first loss waits for nothing"
    assert isinstance(events[2], Evaluated)


@pytest.mark.parametrize("architecture", ["gpt2", "bert"])
@pytest.mark.parametrize("objective", ["label words", "all words"])
def test_training_minimises_the_number_that_scoring_reports(
    architecture: str, objective: str
) -> None:
    """The first loss, of all examples in one batch, is the score of the untrained network."""
    toy = Toy("lora", architecture)
    found, _ = accuracy_and_loss(toy.model, toy.network, TASK, toy.data.train, objective)
    plan = replace(PLAN, batch_size=12, steps=1, objective=objective)
    first = losses(list(toy.train(plan)))[0]
    assert math.isclose(first, found.loss, rel_tol=1e-4)


def test_the_default_objective_and_the_default_rule_agree() -> None:
    assert OBJECTIVES[PLAN.objective] == DEFAULT_RULE
    assert OBJECTIVES[SHARED["objective"].default] == DEFAULT_RULE


def test_guessing_among_the_label_words_costs_ln_2() -> None:
    """Both words forced to the same score: one token each, one row of the head."""
    toy = Toy("prompt_based_fine_tuning", "gpt2")
    with torch.no_grad():
        toy.network.transformer.ln_f.weight.zero_()
        toy.network.transformer.ln_f.bias.zero_()
    among = replace(PLAN, objective="label words")
    assert math.isclose(losses(list(toy.train(among)))[0], math.log(2), rel_tol=1e-5)


@pytest.mark.parametrize("name", BEST_KNOWN)
def test_the_same_seed_gives_the_same_curve_and_another_seed_another(name: str) -> None:
    """That every method's curve is the same again is seen below, where a run is resumed."""
    plans = [replace(PLAN, seed=seed) for seed in (3, 3, 4)]
    curves = [losses(list(Toy(name, "qwen2").train(plan))) for plan in plans]
    assert curves[0] == curves[1]
    assert curves[0] != curves[2]


def test_held_out_labels_cannot_reach_the_weights() -> None:
    """Not through training, not through early stopping: other labels, same weights to the bit."""
    learnt, accuracies = [], []
    for change in (list, swapped):
        toy = Toy()
        labelled = examples(12)
        toy.data = replace(
            toy.data,
            train=labelled[:8],
            validation=labelled[8:],
            held_out=change(list(toy.data.held_out)),
        )
        events = list(toy.train(replace(PLAN, evaluate_every=2, patience=2)))
        learnt.append(toy.learnt())
        accuracies.append([event.accuracy for event in held_out(events)])
    assert same(*learnt)
    assert accuracies[0] != accuracies[1]


def test_it_stops_early_on_validation_and_keeps_the_best_weights() -> None:
    """Validation labelled the wrong way round gets worse with every step, so the first evaluation
    stays the best: the weights are those of a run that ended there."""
    slow = replace(PLAN, learning_rate=1e-2, schedule="constant", warmup=0.0)
    plan = replace(slow, steps=20, evaluate_every=4, patience=2)
    toy, short = Toy(), Toy()
    toy.data = replace(toy.data, validation=swapped(list(toy.data.held_out)))
    events = list(toy.train(plan))
    list(short.train(replace(plan, steps=4)))
    assert (events[-1].early, events[-1].step, events[-1].best_step) == (True, 12, 4)
    assert same(toy.learnt(), short.learnt())


def test_stop_keeps_what_was_learnt() -> None:
    toy = Toy()
    before, asked = toy.learnt(), itertools.count()
    events = list(toy.train(stop=lambda: next(asked) >= 5))
    assert isinstance(events[-1], Stopped)
    assert (events[-1].step, events[-1].best_step) == (5, 5)
    assert not same(toy.learnt(), before)
    assert not toy.network.training


@pytest.mark.parametrize(
    ("name", "how"),
    [
        pytest.param(name, how, marks=() if name in BEST_KNOWN else pytest.mark.slow)
        for name in METHODS
        for how in ("killed", "stopped")
        if how == "killed" or name in BEST_KNOWN  # a stop keeps its state as a kill finds it
    ],
)
def test_a_resumed_run_ends_with_the_weights_of_one_never_interrupted(
    name: str, how: str, tmp_path: Path
) -> None:
    """A model with its dropout on, so that random numbers count, and early stopping at work."""
    fits = fitting(name, ("gpt2", "gpt_neox")) or fitting(name, LINEAR_KINDS)
    architecture = fits[0].architecture

    def begin() -> Toy:
        toy = Toy(name, architecture)
        for module in toy.network.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.1
        toy.data = replace(toy.data, validation=list(toy.data.held_out))
        return toy

    plan = replace(PLAN, steps=8, evaluate_every=4, patience=9)
    whole, first, second = begin(), begin(), begin()
    curve = losses(list(whole.train(plan)))
    kept = replace(plan, checkpoint=tmp_path, checkpoint_seconds=0.0)
    before: list[float] = []
    for event in first.train(kept, lambda: how == "stopped" and len(before) == 5):
        before.extend(losses([event]))
        if how == "killed" and len(before) == 6:
            break
    resumed = list(second.train(kept))
    assert resumed[0].resumed_from >= 1
    assert all(event.step > 0 for event in held_out(resumed))
    assert (before[: resumed[0].resumed_from] + losses(resumed)) == curve
    assert same(second.learnt(), whole.learnt())


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", bytes(64)])
def test_a_state_that_cannot_be_read_is_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "state.safetensors").write_bytes(content)
    with pytest.raises(UserError, match="Start the run anew"):
        list(Toy().train(replace(PLAN, checkpoint=tmp_path)))


def test_the_state_of_another_method_is_a_sentence(tmp_path: Path) -> None:
    kept = replace(PLAN, checkpoint=tmp_path, checkpoint_seconds=0.0)
    list(Toy("lora").train(kept))
    with pytest.raises(UserError, match="Start the run anew"):
        list(Toy("adapter").train(kept))


def test_short_memory_runs_fewer_examples_at_once_for_the_same_update() -> None:
    """A network that runs out of memory above two examples learns what one with room learns."""
    roomy, tight = Toy(), Toy()
    _limit(tight, 2)
    wanted, found = list(roomy.train()), list(tight.train())
    notes = [event.text for event in found if isinstance(event, Noted)]
    assert notes == ["Memory was short: 2 examples run at once now, and 4 still make one update."]
    assert losses(found) == pytest.approx(losses(wanted), rel=1e-4)


def test_no_memory_for_a_single_example_is_a_sentence() -> None:
    toy = Toy()
    _limit(toy, 0)
    with pytest.raises(UserError, match="Choose a smaller model"):
        list(toy.train())


def test_one_answer_for_everything_is_reported() -> None:
    toy = Toy("prompt_based_fine_tuning", "gpt2")
    positive = toy.data.words.path("pos")[0]
    with torch.no_grad():
        toy.network.transformer.ln_f.weight.zero_()
        toy.network.transformer.ln_f.bias.copy_(toy.network.lm_head.weight[positive])
    found, _ = accuracy_and_loss(toy.model, toy.network, TASK, toy.data.held_out, "label words")
    assert (found.one_label, found.accuracy, found.n) == ("pos", 0.5, 8)


def test_the_live_subset_is_the_same_each_time_and_keeps_the_order() -> None:
    given = examples(30)
    drawn = subset(given, 10, seed=1)
    assert drawn == subset(given, 10, seed=1) != subset(given, 10, seed=2)
    assert len(drawn) == 10
    assert [one.line for one in drawn] == sorted(one.line for one in drawn)
    assert subset(given, 30, seed=1) == given


def test_bfloat16_is_named_and_gives_nearly_the_same_loss() -> None:
    exact = list(Toy().train(replace(PLAN, steps=1)))
    rough = list(Toy().train(replace(PLAN, steps=1, precision="bfloat16")))
    assert rough[0].dtype == "bfloat16 autocast"
    assert losses(rough)[0] == pytest.approx(losses(exact)[0], abs=0.05)
    assert losses(rough)[0] != losses(exact)[0]


def test_trying_precisions_out_leaves_no_trace() -> None:
    network, tried = torch.nn.Linear(2, 2), []

    def try_out(step: int, computed_in: str) -> None:
        tried.append(computed_in)
        network(torch.rand(1, 2)).sum().backward()

    before = torch.get_rng_state()
    found = precision.faster(network, try_out)
    assert found in precision.FORMATS
    assert set(tried) == set(precision.FORMATS)
    assert torch.equal(torch.get_rng_state(), before)
    assert network.weight.grad is None


def test_a_small_network_is_not_tried_out_on_a_cpu() -> None:
    tried = []
    cpu = torch.device("cpu")
    chosen = precision.choose(torch.nn.Linear(2, 2), cpu, lambda *given: tried.append(given))
    assert (chosen, tried) == ("float32", [])


def test_the_rate_rises_then_falls_or_stays() -> None:
    falling = replace(PLAN, steps=10, warmup=0.2, learning_rate=1.0)
    staying = replace(falling, schedule="constant")
    assert [round(falling.rate(step), 3) for step in (1, 2, 3, 10)] == [0.5, 1.0, 1.0, 0.125]
    assert [staying.rate(step) for step in (1, 2, 3, 10)] == [0.5, 1.0, 1.0, 1.0]


def _limit(toy: Toy, most: int) -> None:
    """Make training (not asking) run out of memory above `most` examples."""

    def refuse(module: torch.nn.Module, inputs: tuple, named: dict) -> None:
        if torch.is_grad_enabled() and len(named["input_ids"]) > most:
            raise torch.OutOfMemoryError("no room")

    toy.network.register_forward_pre_hook(refuse, with_kwargs=True)


@pytest.mark.parametrize(("architecture", "told"), [("bloom", 1), ("llama", 0)])
def test_a_slow_way_of_evaluating_is_noted_once(architecture: str, told: int) -> None:
    events = list(Toy("lora", architecture).train(replace(PLAN, steps=2, evaluate_every=1)))
    assert sum("slower way" in e.text for e in events if isinstance(e, Noted)) == told
