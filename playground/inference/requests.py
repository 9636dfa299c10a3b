"""What the inference worker can be asked: one dataclass a request, each with its reply's."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast, get_args

from playground.data.example import Example
from playground.executors import codec
from playground.inference.replies import (
    AnswerTimings,
    ArmScores,
    ChatUsable,
    Cost,
    Machine,
    Merged,
    Prediction,
    Preview,
    TaskOutcomes,
    TaskTimes,
)
from playground.runs.spec import Value
from playground.tasks.classification import Task

ReplyT = TypeVar("ReplyT")
Row = dict[str, str]


@dataclass(frozen=True)
class Request(Generic[ReplyT]):
    """A request whose reply is a ReplyT, a dataclass of `replies`. Add one here, to REQUESTS, and
    its handler to inference/jobs/.

    model: what the worker loads for it, "" where that is none.
    """

    model: str = field(default="", kw_only=True)

    def decode_reply(self, values: object) -> ReplyT:
        """The reply that was sent as these plain values. Raises codec.Mismatch for another."""
        return codec.from_json(reply_type(type(self)), values)


@dataclass(frozen=True)
class RunAdapter:
    """A finished run's adapter. content: a hash of its files, another once it is trained on."""

    run_id: str
    folder: str
    content: str
    method: str
    settings: dict[str, Value]


@dataclass(frozen=True)
class Arm:
    """How one arm asks its model: with demonstrations, or with a run's adapter.

    nearest: 0, or how many of the demonstrations are chosen for each row, the most similar ones.
    """

    task: Task
    demonstrations: tuple[Example, ...] = ()
    nearest: int = 0
    adapter: RunAdapter | None = None


@dataclass(frozen=True)
class TaskRow:
    """One row for one run of the model, with the task the run was trained for."""

    task: Task
    row: Row
    adapter: RunAdapter


@dataclass(frozen=True)
class ScoreArm(Request[ArmScores]):
    """The label scores of some rows."""

    arm: Arm
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PredictRow(Request[Prediction]):
    """The label scores of one row, its prompt as sent, and what the model would generate."""

    arm: Arm
    row: Row


@dataclass(frozen=True)
class ScoreBaseline(Request[ArmScores]):
    """The label scores of some rows by the baseline, fitted on the training examples."""

    task: Task
    train: tuple[Example, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PredictBaseline(Request[Prediction]):
    """`ScoreBaseline` for one row, with its text."""

    task: Task
    train: tuple[Example, ...]
    row: Row


@dataclass(frozen=True)
class PredictTasks(Request[TaskOutcomes]):
    """The label scores of one row for each of several runs, in one mixed batch."""

    rows: tuple[TaskRow, ...]


@dataclass(frozen=True)
class TimeTasks(Request[TaskTimes]):
    """How long that takes, against asking the runs one after the other."""

    rows: tuple[TaskRow, ...]


@dataclass(frozen=True)
class TimeAnswers(Request[AnswerTimings]):
    """How long single answers of runs take, of the same runs merged, and of the full copy."""

    task: Task
    adapters: tuple[RunAdapter, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PreviewPrompt(Request[Preview]):
    """The prompt of one row and the label words, as the model reads them."""

    task: Task
    row: Row
    demonstrations: tuple[Example, ...] = ()


@dataclass(frozen=True)
class CheckChat(Request[ChatUsable]):
    """Whether the model has a chat template that can be used: an error where it has not."""


@dataclass(frozen=True)
class EstimateCost(Request[Cost]):
    """Trainable parameters, bytes and memory of a method on a model."""

    method: str
    settings: dict[str, Value]
    task: Task | None


@dataclass(frozen=True)
class DescribeMachine(Request[Machine]):
    """Where models run."""


@dataclass(frozen=True)
class MergeAdapter(Request[Merged]):
    """Write the model with the adapter merged into its weights, and its tokenizer, into a folder.

    rows: what both have to answer alike.
    """

    task: Task
    adapter: RunAdapter
    rows: tuple[Row, ...]
    into: str


REQUESTS: dict[str, type[Request[Any]]] = {
    kind.__name__: kind
    for kind in (
        *(ScoreArm, PredictRow, ScoreBaseline, PredictBaseline, PredictTasks, TimeTasks),
        *(TimeAnswers, PreviewPrompt, CheckChat, EstimateCost, DescribeMachine, MergeAdapter),
    )
}


def reply_type(kind: type[Request[ReplyT]]) -> type[ReplyT]:
    """The dataclass of a request's reply, as its base class names it."""
    (base,) = kind.__dict__["__orig_bases__"]
    (reply,) = get_args(base)
    return cast(type[ReplyT], reply)


def decode(job: str, values: object) -> Request[Any]:
    """The request that was sent so. Raises codec.Mismatch for what is none of REQUESTS."""
    if job not in REQUESTS:
        raise codec.Mismatch(f"no request is called {job[:60]!r}; use one of {list(REQUESTS)}")
    return codec.from_json(REQUESTS[job], values)
