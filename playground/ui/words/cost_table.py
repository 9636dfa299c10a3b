"""What the cost table on the Runs tab says."""

from collections.abc import Sequence

from playground.comparisons.cost_rows import CostRow
from playground.inference.replies import Measured

TITLE = "What it costs"
HELP = (
    "Each run next to the full copy of its model that it replaces. Memory is the most the training"
    " process held, its program included (on a GPU, what it held there)."
)
EMPTY = "What a run costs stands here once it has finished, or was stopped after learning a little."
HEADS = (
    "Run",
    "Trainable parameters",
    "Share of the model, %",
    "On disk, MB",
    "Peak memory, MB",
    "One step, s",
    "One answer, ms",
    "One answer merged, ms",
)
TIME = "Time the answers"
TIMING = "Timing single answers, of every run and of the full copy in turns …"
NOT_TIMED = "not timed"
NOT_TRAINED = "–"  # the full copy, in what only training tells
THE_SAME = "the same"  # a full copy is merged as it is


def full_copy(model: str, data: str) -> str:
    return f"Full copy of {model}, for {data}"


def interval(median: str, low: str, high: str) -> str:
    return f"{median} ({low} to {high})"


def left_out(names: Sequence[str]) -> str:
    return f"Not listed, as it has learnt nothing yet: {', '.join(names)}."


def timing(done: int) -> str:
    return f"{TIMING} {done} answers of each so far."


def timed(rows: Sequence[CostRow]) -> str:
    """How it was measured, then for each run how many times as long as the full copy it takes."""
    answers = min(row.repeats for row in rows)
    how = f"Medians of at least {answers} single answers each, taken in turns, with 95 % intervals."
    return "\n".join([how, *(_against(row, row.answer_ratio) for row in rows if row.answer_ratio)])


def _against(row: CostRow, ratio: Measured) -> str:
    merged = f"; merged {_times(row.merged_ratio)}" if row.merged_ratio else ""
    return f"“{row.name}” takes {_times(ratio)} times as long as the full copy{merged}."


def _times(ratio: Measured) -> str:
    return f"{ratio.median:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"
