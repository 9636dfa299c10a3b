"""What the Tasks tab says."""

from collections.abc import Mapping, Sequence

from playground.comparisons.results import Base, TaskAnswer, TaskCard
from playground.inference.replies import Measured, TaskTimes
from playground.ui.words.compare import time
from playground.ui.words.shell import counted
from playground.ui.words.titles import method_title
from playground.ui.words.train import bytes_text

TITLE = "Many tasks, one model"
HELP = (
    "Every run you finish is one more task for the same frozen model: its weights stay as they are,"
    " and each task adds a small file. Ask one of them, or one text of all of them at once: then"
    " every row of a single batch uses another task's file."
)
EMPTY = "No finished run yet. Train one in tab 2: it becomes a task here."
LOADING = "Looking for your tasks …"
TICK = "Ask with the others:"
ASK_ONE = "Ask this task"
ASK_ALL = "Ask all at once"
TEXT = "A text"
PLACEHOLDER = "Type a sentence, then ask one task or all"
ANSWERS_EMPTY = "Every task's answer stands here, a line each."
ASKING = "Asking …"
TIMING = "Timing one batch against one task after the other …"
NOBODY = "No task is ticked. Tick one above, or ask one by its own button."
ALONE = "needs a base of its own, so it is put on and taken off"


def total(base: Base) -> str:
    """What the base and its tasks take, against full copies."""
    count = len(base.tasks)
    small = bytes_text(sum(task.bytes for task in base.tasks))
    if not base.bytes:
        return f"{counted(count, 'task')}: {small} beside the base"
    files = "one file" if count == 1 else f"{count} files"
    copies = "a full copy" if count == 1 else f"{count} full copies"
    return (
        f"{bytes_text(base.bytes)} of base + {files} of {small} together ="
        f" {bytes_text(base.together)}; {copies} would be {bytes_text(base.copies)}"
    )


def about(task: TaskCard) -> str:
    """The method and the bytes of a card."""
    return f"{method_title(task.method)} · {bytes_text(task.bytes)}" + (
        "" if task.mixable else f" · {ALONE}"
    )


def reads(task: TaskCard) -> str:
    """What a task is asked for, and what it answers with."""
    shown = ", ".join(task.labels[:4]) + (" …" if len(task.labels) > 4 else "")
    return f"{', '.join(task.columns)} → {shown}"


def type_all(name: str, columns: Sequence[str]) -> str:
    return (
        f"“{name}” reads {len(columns)} texts: {', '.join(columns)}. Type them, then ask it again."
    )


def left_out(reasons: Mapping[str, str]) -> str:
    """Who was not asked, and why."""
    parts = [f"“{name}” {reason}" for name, reason in reasons.items()]
    return f"Left out: {'; '.join(parts)}." if parts else ""


def cost(answer: TaskAnswer) -> str:
    parts = [counted(answer.tokens, "token"), "text shortened to fit" if answer.cut else ""]
    parts.append("in the same batch" if answer.shared else "asked by itself")
    return " · ".join(part for part in parts if part)


def timed(times: Sequence[TaskTimes]) -> str:
    """One batch against one task after the other, a line for each base."""
    return "\n".join(_timed(one) for one in times)


def _timed(one: TaskTimes) -> str:
    return (
        f"All {one.tasks} in one batch: {time(one.mixed)}. One after the other:"
        f" {time(one.kept)} with every file in memory ({_ratio(one.kept_ratio)}),"
        f" {time(one.switching)} when each is read, put on and taken off"
        f" ({_ratio(one.switching_ratio)}). Medians of {one.repeats} rounds taken in turns,"
        " with 95 % intervals."
    )


def _ratio(ratio: Measured) -> str:
    return f"{ratio.median:.1f} times as long, {ratio.low:.1f} to {ratio.high:.1f}"
