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

    text: the whole, with the answer slot shown as "___". tokens: its length; room: how many the
    model can read. cut: whether the row's text was shortened; dropped: demonstrations left out.
    """

    text: str
    before: str
    after: str
    tokens: int
    room: int
    cut: bool
    dropped: int
    words: tuple[WordCheck, ...]


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
    answer. written: what the model would write on its own, "" where it cannot write.
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
