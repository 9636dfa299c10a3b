"""Who is looking: a secret token and what was open, kept in the visitor's own browser."""

import secrets
from typing import Any

from playground import limits
from playground.errors import UserError

TOKEN_CHARACTERS = 16  # the shortest token accepted: "" is the owner of local scripts' runs
OPEN_RUNS = 12  # runs remembered as open in one browser

# {"owner": token, "runs": [run ids], "data": {"table", "task", "labels_per_class", "seed"}}
Saved = dict[str, Any]


def welcome(saved: object) -> Saved:
    """What the browser had saved, or a new visitor with a fresh token."""
    known = saved if isinstance(saved, dict) else {}
    token = known.get("owner")
    fits = isinstance(token, str) and TOKEN_CHARACTERS <= len(token) <= limits.OWNER_CHARACTERS
    if not fits:
        return {"owner": secrets.token_urlsafe(24), "runs": []}
    data = {"data": known["data"]} if isinstance(known.get("data"), dict) else {}
    return {"owner": token, "runs": open_runs(known), **data}


def owner(saved: object) -> str:
    """The visitor's token. UserError when the browser sent none."""
    token = saved.get("owner") if isinstance(saved, dict) else None
    return checked(token)


def checked(token: object) -> str:
    """The token itself. UserError when it is too short to be a secret, or far too long."""
    if isinstance(token, str) and TOKEN_CHARACTERS <= len(token) <= limits.OWNER_CHARACTERS:
        return token
    if isinstance(token, str) and len(token) > limits.OWNER_CHARACTERS:
        raise UserError(
            f"The owner has {len(token):,} characters; {limits.OWNER_CHARACTERS:,} are possible."
            " Send a shorter secret text of your own."
        )
    raise UserError(
        f"The owner is missing or shorter than {TOKEN_CHARACTERS} characters, so nobody could tell"
        " whose runs these are. Reload the page, or send a longer secret text of your own."
    )


def open_runs(saved: object) -> list[str]:
    """Ids of the runs that were open, newest last."""
    runs = saved.get("runs") if isinstance(saved, dict) else None
    known = runs if isinstance(runs, list) else []
    return [run for run in known if isinstance(run, str)][-OPEN_RUNS:]


def remember(saved: object, runs: list[str]) -> Saved:
    """The same visitor with these runs open; the page then writes them into its address."""
    return {**welcome(saved), "runs": runs[-OPEN_RUNS:]}


def keep(saved: object, data: dict[str, Any]) -> Saved:
    """The same visitor, working on this data."""
    return {**welcome(saved), "data": data}


def data(saved: object) -> dict[str, Any]:
    """What the visitor worked on, {} when that is not known."""
    return welcome(saved).get("data", {})
