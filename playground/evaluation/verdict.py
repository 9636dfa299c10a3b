"""The verdict of a comparison in words a lecture hall can read."""

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # comparing.py calls this file
    from playground.evaluation.comparison import Arm, Comparison, Pair

LEVEL = 0.05
POWER = 0.8
HUMBLE = " with logistic regression, no language model,"


def sentence(comparison: "Comparison") -> str:
    """Who gets how much right, whether tuning beat prompting, and whether that is settled."""
    ranked = sorted(comparison.arms, key=lambda arm: -arm.accuracy)
    prompts = [arm for arm in ranked if arm.kind == "prompt"]
    runs = [arm for arm in ranked if arm.kind == "run"]
    said = [_scores(ranked)]
    if prompts and runs:
        said.append(_settled(comparison.pair(prompts[0].name, runs[0].name), prompts[0], runs[0]))
    elif not runs:
        said.append("Nothing is tuned yet.")
    said += _alarms(comparison, ranked)
    return " ".join(said)


def examples_needed(pair: "Pair", n: int) -> int | None:
    """Held-out examples that would settle a difference of this size, None where there is none.

    For the paired (McNemar) test at level 0.05 and power 0.8, from the share of examples the
    two arms disagree on (Connor 1987, Biometrics 43, equation 1).
    """
    disagree, gap = (pair.fixed + pair.broken) / n, abs(pair.difference)
    if gap == 0:
        return None
    normal = NormalDist()
    level, power = normal.inv_cdf(1 - LEVEL / 2), normal.inv_cdf(POWER)
    spread = math.sqrt(max(disagree - gap * gap, 0.0))
    return math.ceil(((level * math.sqrt(disagree) + power * spread) / gap) ** 2)


def percent(share: float) -> str:
    """A share as whole per cent, with a thin no-break space."""
    return f"{100 * share:.0f}\u202f%"


def p_value(p: float) -> str:
    """A p-value as text, never a bare zero."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def _scores(ranked: "list[Arm]") -> str:
    best, others = ranked[0], ranked[1:]
    humbles = best.kind == "baseline" and others and best.accuracy > others[0].accuracy
    name = best.name[:1].upper() + best.name[1:] + HUMBLE * bool(humbles)
    text = f"{name} gets {percent(best.accuracy)} of {best.n} held-out examples right"
    if others:
        text += ": it humbles " if humbles else "; "
        text += ", ".join(f"{arm.name} {percent(arm.accuracy)}" for arm in others)
    return text + "."


def _settled(pair: "Pair", prompt: "Arm", run: "Arm") -> str:
    subject = "Tuning" if run.accuracy >= prompt.accuracy else f"Against that, {run.name}"
    text = f"{subject} fixed {pair.fixed} that {prompt.name} got wrong and broke {pair.broken}"
    text += f" ({p_value(pair.p_holm)})"
    if pair.p_holm < LEVEL:
        return text + (": settled." if pair.difference > 0 else ": settled, prompting is better.")
    if pair.fixed == pair.broken:
        return text + ": no difference to be seen."
    # corrected or not, the size is what this pair alone would need
    needed = examples_needed(pair, run.n)
    if needed is None or needed <= run.n:
        return text + ": not settled once all pairs are counted."
    return text + f": not settled; about {needed:,} held-out examples would settle it."


def _alarms(comparison: "Comparison", ranked: "list[Arm]") -> list[str]:
    said = [
        f"Careful: {arm.name} answers “{arm.one_label}” to {percent(arm.majority_share)}"
        " of the examples, so it hardly reads them."
        for arm in ranked
        if arm.one_label
    ]
    if ranked[0].accuracy <= comparison.majority_accuracy:
        said.append(
            f"Always answering “{comparison.majority_label}” would get"
            f" {percent(comparison.majority_accuracy)}: no arm does better."
        )
    return said
