"""What a person asks and waits for: one text to every arm, a preview, the cost of a method."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from playground import limits
from playground.comparisons.arms import ArmPlan, plans
from playground.comparisons.kept_answers import scores_of
from playground.comparisons.question import Question, subject
from playground.data.example import Example
from playground.errors import UserError
from playground.evaluation.answers import DEFAULT_RULE, LabelScores, probabilities, values
from playground.inference.client import Asker
from playground.inference.replies import ArmAnswer, Cost, Machine, Preview, WordCheck
from playground.methods.cards import checked
from playground.runs.spec import Value
from playground.runs.store import Store
from playground.tasks.classification import Task


class Interactive:
    """Asks the asking process and waits; everything here may raise UserError."""

    def __init__(self, store: Store, asker: Asker) -> None:
        self.store = store
        self.asker = asker
        self._costs: dict[str, Cost] = {}  # a method's cost on a model never changes

    def answer(
        self, text: str | Mapping[str, str], question: Question, rule: str | None
    ) -> list[ArmAnswer]:
        """What every arm of the question says to one text or one row, in the order of its arms."""
        about = subject(question, self.store)
        asked = plans(about, question)
        row = row_of(
            text, tuple({column: 0 for plan in asked for column in plan.task.text_columns})
        )
        replies = [self.asker.submit("say", plan.job([row])) for plan in asked]
        return [
            _answer(plan, reply.result(), rule or DEFAULT_RULE)
            for plan, reply in zip(asked, replies, strict=True)
        ]

    def preview(
        self, task: Task, row: Mapping[str, str], model: str, demonstrations: Sequence[Example]
    ) -> Preview:
        """The row as the model will read it, and the label words as it knows them."""
        given = [example.to_json() for example in demonstrations]
        job = {"model": model, "task": task.to_json(), "row": dict(row), "demonstrations": given}
        reply = self.asker.ask("preview", job)
        words = (WordCheck(**{**word, "tokens": tuple(word["tokens"])}) for word in reply["words"])
        return Preview(**{**reply, "words": tuple(words)})

    def check_chat(self, task: Task, model: str) -> None:
        """Raises UserError where the task is posed through a chat template and the model has none
        that can be used."""
        if task.chat:
            self.asker.ask("chat", {"model": model})

    def describe(
        self, model: str, method: str, settings: Mapping[str, Value], task: Task | None
    ) -> Cost:
        """Parameters, bytes and memory of a method on a model, counted without its weights."""
        job = {
            "model": model,
            "method": method,
            "settings": checked(method, settings),
            "task": task.to_json() if task else None,
        }
        key = json.dumps(job)
        found = self._costs.get(key)
        if found is None:
            found = Cost(**self.asker.ask("describe", job))
            if len(self._costs) >= limits.COSTS:
                self._costs.pop(next(iter(self._costs)), None)
            self._costs[key] = found
        return found

    def machine(self) -> Machine:
        """Where models are asked."""
        return Machine(**self.asker.ask("machine", {}))


def row_of(text: str | Mapping[str, str], columns: tuple[str, ...]) -> dict[str, str]:
    """The typed text as a row with these columns. Raises UserError when one is missing."""
    if isinstance(text, str):
        if len(columns) > 1:
            raise UserError(
                f"This task reads {len(columns)} texts ({', '.join(columns)}); give each of them,"
                " by column."
            )
        text = {columns[0]: text}
    missing = [column for column in columns if not str(text.get(column, "")).strip()]
    if missing:
        raise UserError(f"The text for {', '.join(missing)} is empty. Type something.")
    row = {column: str(text[column]) for column in columns}
    if (length := sum(map(len, row.values()))) > limits.EXAMPLE_CHARACTERS:
        raise UserError(
            f"The text has {length} characters; {limits.EXAMPLE_CHARACTERS} are possible."
            " Shorten it."
        )
    return row


def _answer(plan: ArmPlan, reply: Mapping[str, Any], rule: str) -> ArmAnswer:
    scores: LabelScores = scores_of(reply["scores"][0])
    beliefs = probabilities(values(scores, rule, scores_of(reply["prior"])))
    labels = plan.task.labels
    return ArmAnswer(
        arm=plan.name,
        kind=plan.kind,
        label=labels[max(range(len(labels)), key=beliefs.__getitem__)],
        probabilities=dict(zip(labels, beliefs, strict=True)),
        prompt=reply["prompt"],
        written=reply["written"],
        tokens=reply["tokens"],
        seconds=reply["seconds"],
        dropped=reply["dropped"],
        cut=bool(reply["cut"]),
        shots=plan.shots,
        nearest=plan.nearest > 0,
    )
