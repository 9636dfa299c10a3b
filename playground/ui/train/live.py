"""The live view: what its script asks for once a second, and what it is told.

Everything the browser sends is checked here; only runs the visitor may see are answered.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Literal

import gradio as gr

from playground import limits
from playground.api import Playground
from playground.errors import UserError
from playground.runs.record import Record
from playground.runs.store import owns
from playground.ui.components import curves
from playground.ui.components.assets import script
from playground.ui.components.styles import method_styles
from playground.ui.http.origin import origin
from playground.ui.session import visitor
from playground.ui.train import reference_levels
from playground.ui.words import train as words

CURSOR_DIGITS = 15
NAME_CHARACTERS = 200
Json = dict[str, Any]

TEMPLATE = f"""
<div class="live">
  <div class="live-tools">
    <details class="live-help"><summary>{words.HOW_TO_READ}</summary>
      <p>{words.EXPLANATION}</p></details>
    <p class="live-notice"></p>
    <label><input type="checkbox" class="live-log-scale"> {words.LOG}</label>
    <label><input type="checkbox" class="live-smooth"> {words.SMOOTH}</label>
  </div>
  <div class="live-chart" role="img" aria-label="{words.EMPTY}" data-points="0"></div>
  <ul class="live-runs"></ul>
  <p class="live-said" role="status" aria-live="polite"></p>
</div>
"""


def live_view(playground: Playground, elem_id: str) -> gr.HTML:
    """The component; output a `live_payload(...)` to it."""

    def poll_runs(asked: object) -> Json:
        try:
            return poll(playground, asked)
        except UserError as error:
            return {"problem": str(error)}

    def stop_run(asked: object) -> Json:
        return act(playground, asked, "stop")

    def resume_run(asked: object) -> Json:
        return act(playground, asked, "resume")

    return gr.HTML(
        live_payload("", []),
        html_template=TEMPLATE,
        js_on_load=script("components/styles.js") + script("train/live.js"),
        server_functions=[poll_runs, stop_run, resume_run],
        apply_default_css=False,
        elem_id=elem_id,
    )


def live_payload(
    owner: str, run_ids: Sequence[str], question: str = "", steps: int = 100, labels: int = 0
) -> Json:
    """The value of a live view.

    question: key of the prompting arms drawn as levels. steps, labels: for the empty chart.
    """
    return {
        "owner": owner,
        "runs": list(run_ids),
        "question": question,
        "steps": steps,
        "labels": labels,
        "notice": words.EMPTY,
        "gone": words.NOT_SEEN,
        "lost": words.CONNECTION_LOST,
        "unreached": words.UNREACHED,
    }


def poll(playground: Playground, asked: object, clock: Callable[[], float] = time.time) -> Json:
    """What is new: of each run since its cursor, and of the prompting arms.

    asked: {"owner", "runs": [[run id, cursor]], "question"}. `more`: ask again at once.
    """
    owner, runs, question = _checked(asked)
    runs_news = [_news(playground, owner, run_id, since) for run_id, since in runs]
    seen = [news for news in runs_news if "gone" not in news]
    for news, style in zip(seen, method_styles([n["method"] for n in seen]), strict=True):
        news.update(asdict(style))
    return {
        "now": clock(),
        "runs": runs_news,
        "more": any(news.get("more") for news in seen),
        "reference_levels": reference_levels.levels(playground, question) if question else None,
    }


def act(playground: Playground, asked: object, verb: Literal["stop", "resume"]) -> Json:
    """Stop or resume a run of the visitor; `problem` says why it could not be done."""
    values = asked if isinstance(asked, dict) else {}
    try:
        owner, run_id = visitor.checked(values.get("owner")), _text(values.get("run"))
        if verb == "stop":
            playground.stop(run_id, owner)
        else:
            playground.resume(run_id, owner, origin())
    except UserError as error:
        return {"problem": str(error)}
    return {"problem": ""}


def _checked(asked: object) -> tuple[str, list[tuple[str, int]], str]:
    """UserError for anything that our own script would not send."""
    values = asked if isinstance(asked, dict) else {}
    runs = values.get("runs")
    wanted = runs[: visitor.OPEN_RUNS] if isinstance(runs, list) else []
    pairs = [_pair(one) for one in wanted]
    return visitor.checked(values.get("owner")), pairs, _text(values.get("question"))


def _pair(one: object) -> tuple[str, int]:
    if not (isinstance(one, list) and len(one) == 2):
        raise UserError("The page asked for a run in a way that is not understood. Reload it.")
    run_id, cursor = one
    known = isinstance(cursor, int) and 0 <= cursor < 10**CURSOR_DIGITS
    return _text(run_id), cursor if known else 0


def _text(value: object) -> str:
    return value[:NAME_CHARACTERS] if isinstance(value, str) else ""


def _news(playground: Playground, owner: str, run_id: str, since: int) -> Json:
    """One run: its state, and what happened after the cursor `since`."""
    try:
        record = playground.record(run_id, owner=owner)
        new, cursor = playground.events(run_id, since=since, owner=owner)
    except UserError:
        return {"id": run_id, "gone": True}
    return {
        **_state(record, owns(record, owner)),
        "id": run_id,
        "method": record.spec.method,
        "cursor": cursor,
        "more": len(new) >= limits.EVENTS_PER_POLL,
        "parts": [asdict(part) for part in curves.parts(new)],
    }


def _state(record: Record, own: bool) -> Json:
    unwell = record.status in ("died", "failed")
    return {
        "name": record.name,
        "status": record.status,
        "state_words": words.state(record.status, record.position, record.damage),
        "can_stop": own and record.status in ("queued", "starting", "running"),
        "can_resume": own and record.status in ("stopped", "failed", "died"),
        "log_tail": record.log_tail if own and unwell else "",
    }
