"""What each method would cost, beside its tick: counted on the model, without its weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from playground.api import Playground
from playground.data.task import Task
from playground.errors import UserError
from playground.methods.cards import checked
from playground.runs.replies import Cost
from playground.runs.spec import Value
from playground.ui import models
from playground.ui.method_list import MethodRow
from playground.ui.notice import said
from playground.ui.words import train as words

PASSES = 2.0  # a training step takes about twice as long as asking about its examples


@dataclass(frozen=True)
class Costs:
    """The reactions that only count."""

    playground: Playground
    methods: tuple[MethodRow, ...]

    def count(
        self, rows: Sequence[MethodRow], model: str, task: dict, pace: float, *values: Value
    ) -> Any:
        """The lines of some methods: what each trains, stores and takes, or why it is not possible.
        The ticks themselves are left alone, they may have changed in the meantime."""
        given, lines = iter(values), []
        for row in rows:
            settings = {name: next(given) for name in row.widgets}
            lines.append(self._line(row, model, task, pace, settings))
        return lines if len(lines) > 1 else lines[0]

    def _line(
        self, row: MethodRow, model: str, task: dict, pace: float, settings: dict[str, Value]
    ) -> gr.Checkbox:
        try:
            checked(row.card.name, settings)
        except UserError as error:
            return gr.Checkbox(info=str(error))
        try:
            cost = self._describe(row, model, task, settings)
        except UserError:  # of the model: said once, below the model
            return gr.Checkbox(info=words.NOT_COUNTED)
        if cost.refused:
            return gr.Checkbox(value=False, info=cost.refused, interactive=False)
        line = words.cost(cost.share, cost.bytes_per_task, _seconds(settings, pace))
        return gr.Checkbox(info=line, interactive=True)

    def fits(self, model: str, task: dict, *ticks: bool) -> dict[str, str]:
        """Whether the hungriest of the ticked methods fits into memory."""
        rows = [row for row, tick in zip(self.methods, ticks, strict=True) if tick]
        try:
            costs = [self._describe(row, model, task, {}) for row in rows]
        except UserError as error:
            return said(str(error), "error")
        needs = [cost.memory for cost in costs if cost.memory]
        most = max(needs, key=lambda memory: memory["total"], default=None)
        memory = words.fits(most["total"], most["available"]) if most else words.TICK_TO_COUNT
        return models.about(model, memory)

    def _describe(self, row: MethodRow, model: str, task: dict, settings: dict[str, Value]) -> Cost:
        name = row.card.name
        return self.playground.describe(model, name, settings, Task.from_json(task))


def _seconds(settings: dict[str, Value], pace: float) -> float | None:
    """A guess at the time a run takes, None before anything was measured here."""
    if not pace:
        return None
    return PASSES * pace * float(settings["steps"] or 0) * float(settings["batch_size"] or 0)
