"""What the asking process answers, as plain values a page or a script can show."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class WordCheck:
    """One label word as the model's tokenizer and its prior belief see it.

    prior: share of belief the word gets when every text is "N/A"; `problem`: "" where all is well.
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
class ArmAnswer:
    """What one arm says to one text.

    probabilities: belief per label, summing to 1. prompt: the very text the model read, up to the
    answer. written: what the model would write on its own, "" where it cannot write. shots:
    demonstrations asked for; nearest: whether they were chosen for this text.
    """

    arm: str
    kind: str
    label: str
    probabilities: dict[str, float]
    prompt: str
    written: str
    tokens: int
    seconds: float
    dropped: int = 0
    cut: bool = False
    shots: int = 0
    nearest: bool = False


@dataclass(frozen=True)
class ArmProgress:
    """How far one arm is. state: "waiting", "asking", "done", or "failed" (see `message`)."""

    name: str
    done: int
    total: int
    state: str
    message: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a question is, arm by arm, in the order asked."""

    arms: tuple[ArmProgress, ...]

    @property
    def over(self) -> bool:
        """Whether no arm is still to come."""
        return all(arm.state in ("done", "failed") for arm in self.arms)


@dataclass(frozen=True)
class Machine:
    """Where models are asked: the device in words, and the bytes of its memory that are free."""

    device: str
    available: int


@dataclass(frozen=True)
class TaskCard:
    """One finished run on the shelf of its base: a task that can be asked.

    bytes: what is stored for it, on disk. mixable: it can share a batch with other tasks.
    """

    run_id: str
    name: str
    method: str
    columns: tuple[str, ...]  # texts it reads
    labels: tuple[str, ...]
    data: str  # the table it was taught with
    bytes: int
    mixable: bool


@dataclass(frozen=True)
class Base:
    """A frozen model and the finished runs on it.

    bytes: of one full copy of it, at four bytes a number; 0 where no run has said its size.
    """

    model: str
    bytes: int
    tasks: tuple[TaskCard, ...]

    @property
    def together(self) -> int:
        """Bytes of the base and all that is stored beside it."""
        return self.bytes + sum(task.bytes for task in self.tasks)

    @property
    def copies(self) -> int:
        """Bytes of one full copy for each task."""
        return self.bytes * len(self.tasks)


@dataclass(frozen=True)
class TaskAnswer:
    """What one task's run says to a text, among its own labels.

    shared: it was answered in one batch with the others of its base; else by putting its adapter
    on and off.
    """

    run_id: str
    name: str
    method: str
    label: str
    probabilities: dict[str, float]
    prompt: str
    tokens: int
    cut: bool
    shared: bool


@dataclass(frozen=True)
class TaskAnswers:
    """All that were asked, in the order asked. left_out: why a run was not, by its name."""

    answers: tuple[TaskAnswer, ...]
    left_out: dict[str, str]


@dataclass(frozen=True)
class MedianRatio:
    """A median of ratios and its 95 % interval."""

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
    kept_ratio: MedianRatio
    switching_ratio: MedianRatio
