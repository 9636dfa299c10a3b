"""The arms that need no training, as levels in the chart of a run."""

from dataclasses import asdict
from typing import Any

from playground.api import Playground
from playground.comparisons.question import arm_name
from playground.comparisons.results import Progress
from playground.errors import UserError
from playground.evaluation.baselines import tfidf
from playground.evaluation.comparison import Arm
from playground.ui.components.styles import baseline_style, prompt_style

SHOTS = (0, 8)
Json = dict[str, Any]


def levels(playground: Playground, key: str) -> list[Json] | None:
    """One entry for each of SHOTS and for the baseline: how far it is, and its accuracy once known.

    `message`: why an arm could not be asked; it then has no accuracy to wait for. None for a key
    that is not known any more, after a restart of the server.
    """
    try:
        progress = playground.progress(key)
    except UserError:
        return None
    known = _known(playground, key, progress)
    styles = {arm_name(shots): (shots, prompt_style(shots)) for shots in SHOTS}
    styles[tfidf.NAME] = (0, baseline_style())
    return [
        {
            **asdict(arm),
            "shots": styles[arm.name][0],
            **asdict(styles[arm.name][1]),
            "accuracy": known[arm.name].accuracy if arm.name in known else None,
        }
        for arm in progress.arms
        if arm.name in styles
    ]


def _known(playground: Playground, key: str, progress: Progress) -> dict[str, Arm]:
    if not any(arm.state == "done" for arm in progress.arms):
        return {}
    return {arm.name: arm for arm in playground.comparison(key).arms}
