"""What the asking process is asked about many tasks at once; plain values in, plain values out."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from playground.models.language_model import LanguageModel
from playground.runs.fingerprint import fingerprint
from playground.scoring import as_read
from playground.serving.asking import Answered, Asked, ask
from playground.serving.shelf import Adapter, Shelf
from playground.serving.timing import measure
from playground.tasks.classification import Task

Values = dict[str, Any]


def answers(model: LanguageModel, shelf: Shelf, values: Values) -> Values:
    """Every row with its own run's adapter, in one batch on the resident base.

    values["asks"]: {"task", "row", "run"} each. The answers are in the same order; {"problem"} for
    a run whose adapter cannot be used, while the others are asked all the same.
    """
    problems = [
        shelf.problem(model, _adapter(values["model"], one["run"])) for one in values["asks"]
    ]
    good = [one for one, said in zip(values["asks"], problems, strict=True) if not said]
    adapters, asked = _asked({**values, "asks": good})
    found = iter(ask(shelf.mixed(model, adapters), asked)) if good else iter(())
    return {
        "answers": [{"problem": said} if said else _plain(model, next(found)) for said in problems]
    }


def times(model: LanguageModel, shelf: Shelf, values: Values) -> Values:
    """How long the same takes in one batch and one after the other."""
    adapters, asked = _asked(values)
    return asdict(measure(shelf.mixed(model, adapters), asked, adapters))


def _asked(values: Values) -> tuple[Sequence[Adapter], list[Asked]]:
    adapters = [_adapter(values["model"], one["run"]) for one in values["asks"]]
    asked = [
        Asked(Task.from_json(one["task"]), one["row"], number)
        for number, one in enumerate(values["asks"])
    ]
    return adapters, asked


def _adapter(model: str, run: Values) -> Adapter:
    key = f"{model} {fingerprint(model)} {run['id']} {run['content']}"
    return Adapter(key, run["method"], Path(run["folder"]))


def _plain(model: LanguageModel, answered: Answered) -> Values:
    prompt = answered.prompt.prompt
    return {
        "scores": asdict(answered.scores),
        "prompt": as_read(model, prompt.before, prompt.after),
        "tokens": answered.tokens,
        "cut": answered.prompt.cut,
    }
