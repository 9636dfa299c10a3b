"""What the inference worker replies, and what is made of it for a page or a script."""

from dataclasses import dataclass, field

from playground.evaluation.answers import LabelScores


@dataclass(frozen=True)
class WordCheck:
    """One label word as the model's tokenizer and its prior see it.

    prior: the word's probability among the label words when every text is "N/A"; `problem`: ""
    where all is well.
    """

    label: str
    word: str
    tokens: tuple[str, ...]
    prior: float
    problem: str


@dataclass(frozen=True)
class Preview:
    """One row as the model will read it: `before`, the answer, `after`.

    text: the whole, with the answer slot as "___". tokens: its length; room: how many the model can
    read. cut: whether the row's text was shortened; dropped: demonstrations left out. chat: whether
    the model has a chat template that a prompt may be sent through."""

    text: str
    before: str
    after: str
    tokens: int
    room: int
    cut: bool
    dropped: int
    words: tuple[WordCheck, ...]
    chat: bool = False


@dataclass(frozen=True)
class Cost:
    """What a method costs on a model, counted on the real thing without its weights.

    trainable, parameters: of the method and of the base; share: one over the other.
    bytes_per_task: what has to be stored for one more task.
    memory: bytes by purpose ("weights", "gradients", "optimiser", "activations", "total",
        "available"). refused: why the method does not fit this model, "" where it does.
    """

    trainable: int
    share: float
    bytes_per_task: int
    parameters: int
    memory: dict[str, int] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True)
class Machine:
    """Where models are asked: the device in words, and the bytes of its memory that are free."""

    device: str
    available: int


@dataclass(frozen=True)
class Measured:
    """A median, of times or of ratios of times, and its 95 % interval."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class TaskTimes:
    """Seconds for all `tasks` of one base together, each the median of `repeats` rounds.

    mixed: one batch. kept: one task after the other, with every adapter in memory. switching: the
    same, each adapter read, put on and taken off. The ratios are those of the same round.
    """

    model: str
    tasks: int
    repeats: int
    mixed: float
    kept: float
    switching: float
    kept_ratio: Measured
    switching_ratio: Measured


@dataclass(frozen=True)
class ArmScores:
    """The label scores of some rows, in their order, and what asking for them took.

    prior: the scores where the text is "N/A". dropped: demonstrations that one row had no room for
    at most; cut: rows whose text was shortened. tokens: of all prompts; seconds: for all rows.
    parameters: of the model. trainable, bytes_per_task: of a baseline, None where a model answers.
    """

    scores: tuple[LabelScores, ...]
    prior: LabelScores
    dropped: int
    cut: int
    tokens: int
    seconds: float
    parameters: int
    trainable: int | None = None
    bytes_per_task: int | None = None


@dataclass(frozen=True)
class Prediction:
    """The scores of one row, its prompt as sent, and what the model would generate, "" for one
    that generates nothing."""

    scored: ArmScores
    prompt: str
    generated: str


@dataclass(frozen=True)
class TaskPrediction:
    """What one task's run scored a row. cut: whether the text was shortened."""

    scores: LabelScores
    prompt: str
    tokens: int
    cut: bool


@dataclass(frozen=True)
class TaskOutcome:
    """The prediction of one run; or None, and the problem with its adapter."""

    prediction: TaskPrediction | None
    problem: str = ""


@dataclass(frozen=True)
class TaskOutcomes:
    """One for each row that was asked, in order."""

    outcomes: tuple[TaskOutcome, ...]


@dataclass(frozen=True)
class RunTiming:
    """Milliseconds for one answer of a run, and how many times the full copy's that is.

    merged: with the adapter merged into the weights; None, and why not, where it cannot be.
    """

    unmerged: Measured
    unmerged_ratio: Measured
    merged: Measured | None
    merged_ratio: Measured | None
    not_mergeable: str


@dataclass(frozen=True)
class AnswerTimings:
    """The runs in the order asked. full: milliseconds of the full copy; repeats: rounds timed."""

    repeats: int
    full: Measured
    runs: tuple[RunTiming, ...]


@dataclass(frozen=True)
class ChatUsable:
    """The model has a chat template that can be used."""


@dataclass(frozen=True)
class Merged:
    """The model was written. difference: the largest in a label's score it makes, in nats."""

    difference: float
