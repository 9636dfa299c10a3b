"""One network of the study: packed for, trained, and asked."""

import argparse
import hashlib
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from playground.events import Started
from playground.pretraining import checkpoint, commands, held_out_sets, history
from playground.pretraining import tokenizer as tokenizers
from playground.pretraining.card import Words
from playground.pretraining.export import export
from playground.pretraining.measuring import zero_shot
from playground.pretraining.packing import NAME
from playground.pretraining.plan import Plan
from playground.pretraining.task_draws import Drawn

HELD_OUT = 0.01  # share of the tokens packed
SPARE = 20_000  # of them: whole documents are held out, and the first may be a long one
LICENCE = "cc-by-sa-4.0"


@dataclass(frozen=True)
class Frame:
    """What all networks of a study share. common: what decides a number, and is stored."""

    given: argparse.Namespace
    asked: dict[str, held_out_sets.Questions]
    plan: Plan
    common: dict[str, Any]

    @property
    def where(self) -> list[str]:
        """What is read."""
        given = self.given
        paths = (*given.text, given.sets, given.tokenizer, *([given.base] if given.base else []))
        return [str(path.resolve()) for path in paths]


def found(drawn: Drawn, frame: Frame) -> dict[str, Any] | None:
    """The line of one network, None where somebody asked to stop."""
    began = time.monotonic()
    folder = _trained(drawn, frame, _packed(drawn, frame))
    position = checkpoint.read_position(folder / checkpoint.LATEST)
    if position is None or position.step < (frame.plan.schedule.steps or 0):
        return None
    model = export(folder, folder / "model", Words(drawn.name, LICENCE))
    right = {
        name: zero_shot(model, asked.wording.template, asked.wording.words, asked.examples).accuracy
        for name, asked in frame.asked.items()
    }
    return {
        "size": frame.given.size,
        "count": len(drawn.tasks),
        "seed": drawn.seed,
        "right": right,
        "sets": {name: asdict(asked.about()) for name, asked in frame.asked.items()},
        "tasks": drawn.tasks,
        "parameters": _parameters(folder),
        "seconds": round(time.monotonic() - began, 1),
        "settings": frame.common,
    }


def _packed(drawn: Drawn, frame: Frame) -> Path:
    """The folder with what this network reads; without a task it is text alone."""
    given = frame.given
    chosen: dict[str, Any] = {
        "tokens": int(frame.common["tokens"] / (1 - HELD_OUT)) + SPARE,
        "seed": drawn.seed,
    }
    chosen |= {"tasks": drawn.tasks, "share_text": given.share_text}
    key = _key(chosen, frame.where[: len(given.text) + 2])
    folder = given.out / "packed" / f"{drawn.name}-{key}"
    if not all((folder / name).is_file() for name in (NAME, tokenizers.NAME)):
        stage = 2 if drawn.tasks else 1
        about = {"stage": stage, "held_out": HELD_OUT, "skip": 0, "emphasis": (), "out": folder}
        commands.packed(options(given, {**chosen, **about}))
    return folder


def _trained(drawn: Drawn, frame: Frame, data: Path) -> Path:
    given = frame.given
    folder = _folder(drawn, frame)
    where = {"data": data, "out": folder, "start_from": given.base}
    where |= {"steps": frame.plan.schedule.steps, "seed": drawn.seed}
    torch.compiler.reset()  # or the ninth network would quietly not be compiled
    with _handlers_kept():
        commands.train(options(given, where), time.monotonic())
    return folder


def options(given: argparse.Namespace, changed: dict[str, Any]) -> argparse.Namespace:
    """Those that the commands pack and train have, as the study's own and as changed."""
    usual = {"stage": 2, "family": "causal", "minutes": None, "resume": True}
    return argparse.Namespace(**{**vars(given), **usual, **changed})


def _folder(drawn: Drawn, frame: Frame) -> Path:
    key = _key(frame.common, frame.where)
    return frame.given.out / "trained" / f"{frame.given.size}-{drawn.name}-{key}"


def _key(*deciding: Any) -> str:
    """Short, and another one where anything is otherwise."""
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()[:8]


def clear(drawn: Drawn, frame: Frame) -> None:
    """The optimiser's state is no longer needed, and is most of what was written."""
    for name in (checkpoint.LATEST, checkpoint.BEFORE_DECAY):
        (_folder(drawn, frame) / name).unlink(missing_ok=True)


def _parameters(folder: Path) -> int:
    return next(one.parameters for one in history.events(folder) if isinstance(one, Started))


@contextmanager
def _handlers_kept() -> Iterator[None]:
    """A training answers to Ctrl-C by ending well; what follows it is to be interrupted again."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
