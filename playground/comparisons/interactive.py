"""What a person asks and waits for: one text to every arm, a preview, the cost of a method."""

import json
from collections.abc import Mapping, Sequence

from playground import limits
from playground.comparisons.arms import ArmPlan, plans
from playground.comparisons.question import Question, subject
from playground.comparisons.results import ArmAnswer
from playground.data.example import Example
from playground.errors import UserError
from playground.evaluation.answers import DEFAULT_RULE, probabilities, values
from playground.executors.codec import to_json
from playground.inference.client import InferenceClient
from playground.inference.replies import Cost, Machine, Prediction, Preview
from playground.inference.requests import (
    CheckChat,
    DescribeMachine,
    EstimateCost,
    PreviewPrompt,
)
from playground.methods.cards import checked
from playground.runs.spec import Value
from playground.runs.store import Store
from playground.tasks.classification import Task


class Interactive:
    """Asks the inference worker and waits; everything here may raise UserError."""

    def __init__(self, store: Store, client: InferenceClient) -> None:
        self.store = store
        self.client = client
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
        replies = [self.client.submit(plan.prediction(row)) for plan in asked]
        return [
            _answer(plan, reply.result(), rule or DEFAULT_RULE)
            for plan, reply in zip(asked, replies, strict=True)
        ]

    def preview(
        self, task: Task, row: Mapping[str, str], model: str, demonstrations: Sequence[Example]
    ) -> Preview:
        """The row as the model will read it, and the label words as it knows them."""
        texts = {column: str(text) for column, text in row.items()}
        return self.client.ask(PreviewPrompt(task, texts, tuple(demonstrations), model=model))

    def check_chat(self, task: Task, model: str) -> None:
        """Raises UserError where the task is posed through a chat template and the model has none
        that can be used."""
        if task.chat:
            self.client.ask(CheckChat(model=model))

    def describe(
        self, model: str, method: str, settings: Mapping[str, Value], task: Task | None
    ) -> Cost:
        """Parameters, bytes and memory of a method on a model, counted without its weights."""
        request = EstimateCost(method, checked(method, settings), task, model=model)
        key = json.dumps(to_json(request))
        found = self._costs.get(key)
        if found is None:
            found = self.client.ask(request)
            if len(self._costs) >= limits.COSTS:
                self._costs.pop(next(iter(self._costs)), None)
            self._costs[key] = found
        return found

    def machine(self) -> Machine:
        """Where models are asked."""
        return self.client.ask(DescribeMachine())


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


def _answer(plan: ArmPlan, reply: Prediction, rule: str) -> ArmAnswer:
    scored = reply.scored
    (scores,) = scored.scores
    by_label = probabilities(values(scores, rule, scored.prior))
    labels = plan.task.labels
    return ArmAnswer(
        arm=plan.name,
        kind=plan.kind,
        label=labels[max(range(len(labels)), key=by_label.__getitem__)],
        probabilities=dict(zip(labels, by_label, strict=True)),
        prompt=reply.prompt,
        written=reply.generated,
        tokens=scored.tokens,
        seconds=scored.seconds,
        dropped=scored.dropped,
        cut=bool(scored.cut),
        shots=plan.shots,
        nearest=plan.nearest > 0,
    )
