"""The pretraining loop: it learns, keeps its time, and a killed training goes on exactly."""

import itertools
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from playground.errors import UserError
from playground.events import Evaluated, Finished, Noted, Started, Step, Stopped, from_line
from playground.optim.schedule import Schedule
from playground.pretraining import architectures, checkpoint, history
from playground.pretraining.__main__ import main
from playground.pretraining.loop import pretrain
from playground.pretraining.objectives import Batches, losses_of
from playground.pretraining.plan import Place, Plan
from playground.pretraining.updating import Updating, optimiser_for
from tests.pretraining.made import PIECES, packed
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
SCHEDULE = Schedule(peak=5e-3, warm_up=5, decay=0.2, steps=40)
PLAN = Plan(SCHEDULE, length=64, batch=8, micro_batch=8, evaluate_every=10)
BOTH = pytest.mark.parametrize("family", architectures.FAMILIES)
pytestmark = pytest.mark.slow


def tiny(family: str):
    return architectures.build(family, "tiny", PIECES, seed=0)


def same(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def kinds(events: list, kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


@BOTH
def test_it_learns_and_tells_it_in_events(tmp_path, family):
    data = packed(tmp_path / "data")
    plan = replace(PLAN, schedule=replace(SCHEDULE, steps=120))
    events = list(pretrain(tiny(family), data, plan, Place(tmp_path)))
    held_out = [e for e in kinds(events, Evaluated) if e.part == "held_out"]
    answers = [e for e in kinds(events, Evaluated) if e.part == "answers"]

    assert isinstance(events[0], Started)
    assert events[0].labels == PIECES
    assert isinstance(events[-1], Finished)
    assert [step.step for step in kinds(events, Step)] == list(range(1, 121))
    assert held_out[-1].loss < held_out[0].loss - 1.5
    assert answers[-1].loss < answers[0].loss - 1.5
    assert [e.step for e in held_out] == list(range(0, 121, 10))


def test_a_killed_training_goes_on_bit_for_bit(tmp_path):
    family = "causal"
    packed(tmp_path / "data")
    once = [*command(tmp_path, family), "--out", str(tmp_path / "once")]
    assert main(once) == 0
    killed = [*command(tmp_path, family), "--out", str(tmp_path / "killed")]
    process = subprocess.Popen(
        [sys.executable, "-m", "playground.pretraining", *killed, "--checkpoint-minutes", "0.003"],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
    )
    kept_at = tmp_path / "killed" / checkpoint.LATEST
    until(lambda: kept_at.is_file())
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    kept = checkpoint.read_position(kept_at)
    assert main([*killed, "--resume"]) == 0

    assert 0 < kept.step < 120
    one, other = (trained(tmp_path / name, family) for name in ("once", "killed"))
    assert same(one, other)
    losses = [
        [event.loss for event in history.events(tmp_path / name) if isinstance(event, Step)]
        for name in ("once", "killed")
    ]
    assert losses[0] == losses[1]
    assert len(losses[0]) == 120


def command(folder: Path, family: str) -> list[str]:
    given = f"--family {family} --size tiny --steps 120 --length 32 --batch 4 --no-compile"
    exact = "--precision float32 --threads 1 --evaluate-every 100"
    return ["train", "--data", str(folder / "data"), *given.split(), *exact.split()]


def trained(folder: Path, family: str) -> torch.nn.Module:
    network = tiny(family)
    checkpoint.restore_weights(folder / checkpoint.LATEST, network)
    return network


@BOTH
def test_one_that_was_stopped_goes_on_bit_for_bit(tmp_path, family):
    data = packed(tmp_path / "data")
    whole, parts = tiny(family), tiny(family)
    list(pretrain(whole, data, PLAN, Place(tmp_path / "whole")))
    stops = itertools.chain([False] * 17, itertools.repeat(True))
    events = list(pretrain(parts, data, PLAN, Place(tmp_path / "parts"), lambda: next(stops)))
    again = architectures.build(family, "tiny", PIECES, seed=99)
    rest = list(pretrain(again, data, PLAN, Place(tmp_path / "parts")))

    assert isinstance(events[-1], Stopped)
    assert events[-1].step == 17
    assert rest[0].resumed_from == 17
    assert not same(parts, whole)
    assert same(again, whole)


def test_more_steps_go_on_from_before_the_decay(tmp_path):
    data = packed(tmp_path / "data")
    longer = replace(PLAN, schedule=replace(SCHEDULE, steps=80))
    once, twice = tiny("causal"), tiny("causal")
    list(pretrain(once, data, longer, Place(tmp_path / "once")))
    list(pretrain(twice, data, PLAN, Place(tmp_path / "twice")))
    rest = list(pretrain(twice, data, longer, Place(tmp_path / "twice")))

    assert rest[0].resumed_from == 32  # of 40 steps the last 8 decay
    assert same(once, twice)


@BOTH
def test_parts_of_a_batch_add_up_to_the_whole(tmp_path, family):
    stream = packed(tmp_path).train
    gradients = []
    for micro in (8, 3):
        network, plan = tiny(family), replace(PLAN, micro_batch=micro)
        batches = Batches(stream, family, 64, 8, 3.0, 0)
        updating = Updating(
            network,
            plan,
            batches,
            losses_of(network, False, plan.length),
            optimiser_for(network, plan),
        )
        loss = updating.gradients(batches.of_step(1))
        gradients.append((loss, [weight.grad for weight in network.parameters()]))
    (one, whole), (other, parts) = gradients

    assert one == pytest.approx(other, rel=1e-5)
    for a, b in zip(whole, parts, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-6)


def test_the_loss_is_weighted_and_normalised_as_it_says(tmp_path):
    network = tiny("causal")
    batches = Batches(packed(tmp_path).train, "causal", 64, 8, 3.0, 0)
    plan = replace(PLAN, micro_batch=8)
    updating = Updating(
        network, plan, batches, losses_of(network, False, plan.length), optimiser_for(network, plan)
    )
    batch = batches.of_step(1)
    logits = network(input_ids=batch.ids).logits[:, :-1]
    each = -torch.log_softmax(logits, -1).gather(-1, batch.ids[:, 1:, None])[..., 0]
    weights = torch.where(batch.answers[:, :-1], 3.0, 1.0) * (batch.ids[:, 1:] != 2)
    plain = updating.gradients(batch)
    found = network.model.layers[0].mlp.up_proj.weight.grad.clone()
    network.zero_grad()
    ((each * weights).sum() / weights.sum()).backward()

    assert plain == pytest.approx(each[weights > 0].mean().item(), rel=1e-5)
    torch.testing.assert_close(
        network.model.layers[0].mlp.up_proj.weight.grad, found, rtol=1e-3, atol=1e-7
    )


def test_the_rate_rises_stays_and_falls_to_nothing():
    rates = [SCHEDULE.rate(step, 0.0) for step in range(1, 41)]

    assert rates[:5] == pytest.approx([1e-3, 2e-3, 3e-3, 4e-3, 5e-3])
    assert rates[5:33] == pytest.approx([5e-3] * 28)
    assert rates[33:] == pytest.approx([5e-3 * left / 8 for left in range(7, 0, -1)])


def test_minutes_end_the_decay_and_the_training_in_time(tmp_path):
    data = packed(tmp_path / "data")
    passed = itertools.count()
    now = [0.0]

    def stop() -> bool:
        now[0] = float(next(passed))  # a step takes a second
        return False

    schedule = Schedule(peak=5e-3, warm_up=5, decay=0.2, minutes=5)
    plan = replace(PLAN, schedule=schedule, evaluate_every=1000)
    place = Place(tmp_path, clock=lambda: now[0])
    events = list(pretrain(tiny("causal"), data, plan, place, stop))
    steps = kinds(events, Step)

    assert 298 <= events[-1].seconds <= 300
    assert steps[-1].learning_rate < 0.05 * 5e-3
    level = [step for step in steps[5:] if step.learning_rate == 5e-3]
    assert level[-1].seconds == pytest.approx(240, abs=2)
    assert "tokens a second" in kinds(events, Noted)[0].text


def test_a_resumed_training_must_read_the_same_data(tmp_path, capsys):
    packed(tmp_path / "data")
    given = [*command(tmp_path, "causal"), "--out", str(tmp_path / "out")]
    given[given.index("--steps") + 1] = "3"
    assert main(given) == 0

    assert main(given) == 2
    assert "--resume" in capsys.readouterr().err
    assert main([*given, "--resume", "--seed", "1"]) == 2
    assert "begun with seed 0" in capsys.readouterr().err


def test_a_log_counts_a_step_that_was_done_anew_once(tmp_path):
    lines = ["1", "2", "3"]
    step = '{{"event": "Step", "step": {}, "loss": {}, "learning_rate": 0.1, "seconds": 1}}'
    first = [step.format(number, number) for number in lines]
    started = (
        '{"event": "Started", "time": 0, "steps": 4, "train": 1, "validation": 0, "held_out": 0,'
        ' "labels": 2, "trainable": 1, "parameters": 1, "device": "", "dtype": "",'
        ' "resumed_from": 2}'
    )
    half = '{"event": "St'
    text = "\n".join([*first, half, started, step.format(3, 30)])
    (tmp_path / history.EVENTS).write_text(text, encoding="utf-8")
    steps = [event for event in history.events(tmp_path) if isinstance(event, Step)]

    assert [event.loss for event in steps] == [1, 2, 30]
    assert from_line(first[0]) == steps[0]


def test_weights_of_another_size_are_refused(tmp_path):
    list(pretrain(tiny("causal"), packed(tmp_path / "data"), PLAN, Place(tmp_path)))
    other = architectures.build("causal", "tiny", PIECES + 8, seed=0)

    with pytest.raises(UserError, match="another size"):
        checkpoint.restore_weights(tmp_path / checkpoint.LATEST, other)
