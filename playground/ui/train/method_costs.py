"""What each method would cost, beside its tick: counted on the model, without its weights."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from playground.api import Playground
from playground.errors import UserError
from playground.inference.replies import Cost
from playground.methods.cards import cards, checked
from playground.methods.common.rates import default_rate
from playground.runs.spec import Value
from playground.tasks.classification import Task
from playground.ui.components.notice import notice_text
from playground.ui.train import model_picker
from playground.ui.train.method_list import chosen
from playground.ui.words import train as words

PASSES = 2.0  # a training step takes about twice as long as asking about its examples
Json = dict[str, Any]


@dataclass(frozen=True)
class Costs:
    """The reactions that only count."""

    playground: Playground

    def count(self, model: str, task: Json, pace: float, methods: object) -> gr.HTML:
        """The lines of the methods in sight: what each trains, stores and takes, or why it is not
        possible. The ticks themselves are left alone, they may have changed in the meantime."""
        choice = chosen(methods)
        return gr.HTML(
            costs={
                name: self._line(name, model, task, pace, choice.of(name))
                for name in choice.in_sight
            }
        )

    def _line(
        self, name: str, model: str, task: Json, pace: float, settings: dict[str, Value]
    ) -> Json:
        try:
            known = checked(name, settings)
        except UserError as error:
            return _line_payload(str(error))
        try:
            cost = self._describe(name, model, task, known)
        except UserError:  # of the model: said once, below the model
            return _line_payload(words.NOT_COUNTED)
        if cost.refused:
            return _line_payload(cost.refused, refused=True)
        line = words.cost(cost.share, cost.bytes_per_task, _seconds(known, pace))
        return {**_line_payload(line), "rate": default_rate(cards()[name], cost.parameters)}

    def fits(self, model: str, task: Json, methods: object) -> dict[str, str]:
        """Whether the hungriest of the ticked methods fits into memory."""
        try:
            costs = [self._describe(name, model, task, {}) for name in chosen(methods).ticked]
        except UserError as error:
            return notice_text(str(error), "error")
        needs = [cost.memory for cost in costs if cost.memory]
        most = max(needs, key=lambda memory: memory["total"], default=None)
        memory = words.fits(most["total"], most["available"]) if most else words.TICK_TO_COUNT
        return model_picker.about(model, memory)

    def _describe(self, name: str, model: str, task: Json, settings: dict[str, Value]) -> Cost:
        return self.playground.describe(model, name, settings, Task.from_json(task))


def _line_payload(line: str, refused: bool = False) -> Json:
    return {"line": line, "refused": refused}


def _seconds(settings: dict[str, Value], pace: float) -> float | None:
    """A guess at the time a run takes, None before anything was measured here."""
    if not pace:
        return None
    return PASSES * pace * float(settings["steps"]) * float(settings["batch_size"])
