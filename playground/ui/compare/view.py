"""A comparison as plain values for the page: rows of the table, one page of examples."""

from dataclasses import asdict
from typing import Any

from playground.comparisons.results import ArmAnswer, Progress
from playground.evaluation.comparison import Arm, Comparison, Row
from playground.ui.components.styles import Style, arm_styles
from playground.ui.words import compare as words
from playground.ui.words.train import bytes_text

PAGE = 12  # examples shown at once
LONG = 240  # characters of a text shown before it is folded
MOST = 4_000  # characters of a text sent to the page
Json = dict[str, Any]


def table(comparison: Comparison | None, progress: Progress | None) -> Json:
    """One row per arm, done or not, in the order asked."""
    known = {arm.name: arm for arm in comparison.arms} if comparison else {}
    styles = arm_styles(comparison.arms) if comparison else {}
    rows = [_done(known[a.name], styles[a.name]) for a in _order(progress) if a.name in known]
    pending = [
        {**asdict(arm), "state": words.STATES[arm.state]}
        for arm in _order(progress)
        if arm.name not in known
    ]
    return {"rows": rows, "pending": pending, "head": words.HEAD, "help": words.HEAD_HELP}


def to_come(progress: Progress, waiting: list[str]) -> str:
    """Who is still asked, and which runs will join."""
    asked = [arm.name for arm in progress.arms if arm.state in ("waiting", "asking")]
    return " ".join(part for part in (words.asking(asked), words.waiting_for(waiting)) if part)


def best_pair(comparison: Comparison) -> tuple[str, str]:
    """The best prompting arm and the best run; without runs, zero-shot and the best other arm."""
    ranked = sorted(comparison.arms, key=lambda arm: -arm.accuracy)
    prompts = [arm.name for arm in ranked if arm.kind == "prompt"]
    runs = [arm.name for arm in ranked if arm.kind == "run"]
    if prompts and runs:
        return prompts[0], runs[0]
    names = [arm.name for arm in comparison.arms]
    others = [arm.name for arm in ranked if arm.name != names[0]]
    return names[0], (others or names)[0]


def examples(comparison: Comparison, pair: tuple[str, str], show: str, page: int) -> Json:
    """One page of the held-out examples that `show` picks (a key of words.FILTERS)."""
    names = [arm.name for arm in comparison.arms]
    a, b = (names.index(name) for name in pair)
    kinds = [_kind(row, a, b) for row in comparison.rows]
    picked = [r for r, kind in zip(comparison.rows, kinds, strict=True) if show in ("all", kind)]
    pages = max(1, -(-len(picked) // PAGE))
    page = min(page, pages - 1)
    styles = arm_styles(comparison.arms)
    counts = {name: kinds.count(name) for name in words.FILTERS} | {"all": len(kinds)}
    return {
        "arms": [{"name": name, **asdict(styles[name])} for name in names],
        "pair": list(pair),
        "show": show,
        "counts": counts,
        "page": page,
        "pages": pages,
        "rows": [_example(row) for row in picked[page * PAGE : (page + 1) * PAGE]],
    }


def answers(found: list[ArmAnswer], styles: dict[str, Style]) -> list[Json]:
    """What every arm said to a typed text."""
    return [
        {
            "arm": one.arm,
            **asdict(styles[one.arm]),
            "label": one.label,
            "probabilities": list(one.probabilities.items()),
            "prompt": one.prompt,
            "written": one.written,
            "cost": words.asked_of(one.tokens, one.seconds, one.dropped, one.cut),
        }
        for one in found
    ]


def _order(progress: Progress | None) -> tuple[Any, ...]:
    return progress.arms if progress else ()


def _done(arm: Arm, style: Style) -> Json:
    return {
        **asdict(style),
        "arm": arm.name,
        "accuracy": words.accuracy(arm),
        "interval": words.interval(arm),
        "macro_f1": f"{arm.macro_f1:.2f}",
        "seconds": words.time(arm.seconds_per_example),
        "trainable": f"{arm.trainable:,}",
        "bytes": bytes_text(arm.bytes_per_task) if arm.bytes_per_task else "0",
        "difference": words.difference(arm),
        "note": words.note(arm),
    }


def _kind(row: Row, a: int, b: int) -> str:
    """Seen from the pair: "fixed", "broken", "wrong" (both are) or "right"."""
    first, second = row.answers[a] == row.label, row.answers[b] == row.label
    if first:
        return "right" if second else "broken"
    return "fixed" if second else "wrong"


def _example(row: Row) -> Json:
    return {
        "texts": [[column, text[:MOST]] for column, text in row.row.items()],
        "label": row.label,
        "answers": [
            {"label": label, "right": label == row.label, "probability": max(probabilities)}
            for label, probabilities in zip(row.answers, row.probabilities, strict=True)
        ],
    }
