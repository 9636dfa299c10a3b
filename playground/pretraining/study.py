"""Zero-shot against the number of training tasks (T0, FLAN and ZeroPrompt, at desk size).

The same stage 2 from the same base, with the same number of tokens and share of text, once for
every count of tasks and every seed; then zero-shot on sets whose types of task were held out.
"""

import argparse
from pathlib import Path
from typing import Any

from playground.errors import UserError
from playground.evaluation.answers import DEFAULT_RULE
from playground.pretraining import held_out_sets, history, settings
from playground.pretraining.beginning import is_model
from playground.pretraining.plan import Plan, check_same
from playground.pretraining.results import Results
from playground.pretraining.study_cell import Frame, clear, found, options
from playground.pretraining.task_draws import drawable, draws
from playground.studies import task_count


def study(given: argparse.Namespace) -> None:
    """Train and ask every network there is no line of yet; each is a line as soon as it is known.

    A kill loses no finished training: the same command goes on. Raises UserError where the folder
    holds networks of the same size that were trained otherwise.
    """
    names = drawable(given)
    frame = _frame(given, names)
    results = Results(given.out)
    for known in results.lines(given.size):
        check_same(known["settings"], frame.common)
    for drawn in draws(given, names):
        if (given.size, len(drawn.tasks), drawn.seed) in results.done():
            continue
        new = found(drawn, frame)
        if new is None:
            print("Stopped. The same command goes on.")
            return
        results.add(new)
        clear(drawn, frame)
        right = ", ".join(f"{name} {share:.3f}" for name, share in new["right"].items())
        print(f"{len(drawn.tasks)} tasks, seed {drawn.seed}: {right}", flush=True)


def figures(given: argparse.Namespace) -> None:
    """Store what was found, for the page."""
    for one in Results(given.study).studies():
        print(task_count.store(one, given.out))


def _frame(given: argparse.Namespace, names: tuple[str, ...]) -> Frame:
    plan = _plan(given, steps=1)
    each = plan.batch * plan.length
    if given.tokens < each:
        raise UserError(f"One update alone reads {each:,} tokens: give as many to --tokens.")
    steps = given.tokens // each
    plan = _plan(given, steps)
    schedule = plan.schedule
    common = {
        "tokens": steps * each,
        "length": plan.length,
        "batch": plan.batch,
        "rate": schedule.peak,
        "warm_up": schedule.warm_up,
        "decay": schedule.decay,
        "answer_weight": plan.answer_weight,
        "precision": plan.precision,
        "share_text": given.share_text,
        "questions": given.questions,
        "rule": DEFAULT_RULE,
        "types_held_out": sorted(given.types_held_out),
        "tasks_held_out": sorted(given.tasks_held_out),
        "available": len(names),
        "base": _base(given.base),
    }
    return Frame(given, held_out_sets.questions(given.sets, given.questions), plan, common)


def _plan(given: argparse.Namespace, steps: int) -> Plan:
    return settings.plan(options(given, {"steps": steps, "seed": 0}), settings.device(given.device))


def _base(folder: Path | None) -> dict[str, Any]:
    """kind: "fresh", "text", "prompted" (prompts were among what it read) or "model" (nobody
    knows); tokens: read so far."""
    if folder is None:
        return {"kind": "fresh", "tokens": 0}
    if is_model(folder):
        return {"kind": "model", "tokens": None}
    stages = history.stages(folder)
    only_text = all(stage["stage"] == 1 and not stage["continued"] for stage in stages)
    tokens = sum(stage["tokens"] for stage in stages)
    return {"kind": "text" if only_text else "prompted", "tokens": tokens}
