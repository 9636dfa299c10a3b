"""What arms and tasks answer, as values a page or a script can show."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ArmAnswer:
    """What one arm says to one text.

    probabilities: by label, summing to 1. prompt: the very text the model read, up to the
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
class TaskCard:
    """One finished run on its base: a task that can be asked.

    bytes: what is stored for it, on disk. mixable: it can share a batch with other tasks.
    """

    run_id: str
    name: str
    method: str
    columns: tuple[str, ...]  # texts it reads
    labels: tuple[str, ...]
    data: str  # the table it was trained on
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
