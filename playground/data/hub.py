"""A data set of the Hugging Face Hub: only the rows that are used are fetched."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playground.data.building import build
from playground.data.problem import Problem, shown
from playground.data.readers.record_grid import grid_of_cells
from playground.data.table import Table
from playground.errors import UserError
from playground.host_token import may_be_used, without_token

SECONDS = 180.0  # until we stop waiting altogether
_ROOT = Path(__file__).parents[2]  # where the package is
_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)


def read_hub(
    dataset_id: str, configuration: str = "", split: str = "", token: str | bool = True
) -> Table:
    """The first rows of a split, labels by their names. No code of the data set is ever run.

    Without a configuration or split the only one is read, or of several splits "train".
    token: of the Hub, of whoever asks; True for this machine's own, False for none: a stranger's.
    Raises UserError when the Hub is out of reach, the data set is not there, not open, made by a
    script, or when there is a choice to make.
    """
    wanted = dataset_id.strip()
    if not _ID.fullmatch(wanted) or ".." in wanted:
        raise UserError(
            f"{shown(dataset_id)} is not the id of a data set. Write it as on its page:"
            " owner/name, such as stanfordnlp/sst2."
        )
    source = (wanted, configuration.strip(), split.strip())
    with TemporaryDirectory(prefix="playground-hub-") as cache:  # what is private stays nowhere
        answer = _ask(source, _environment(token, cache if isinstance(token, str) else ""))
    if "refusal" in answer:
        raise UserError(answer["refusal"])
    rows, header = answer["rows"], tuple(answer["header"])
    problems = [Problem(**problem) for problem in answer["problems"]]
    return build(answer["name"], grid_of_cells(rows, header, problems))


def _ask(source: tuple[str, str, str], environment: dict[str, str]) -> dict:
    """What hub_stream.py, in a process of its own, says."""
    command = [sys.executable, "-m", "playground.data.hub_stream"]
    try:
        done = subprocess.run(
            [*command, *source],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise UserError(
            f"Reading {shown(source[0])} from the Hub broke off. Try again later, or download the"
            " data set elsewhere and bring the file."
        ) from error


def _environment(token: str | bool, cache: str) -> dict[str, str]:
    """For the process that asks. A visitor's own token is in it and nowhere else; cache: a folder
    of its own for what it opens."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    ours = {"PYTHONPATH": path, "USE_TORCH": "0", "USE_TF": "0", "USE_JAX": "0"}
    whole = {**os.environ, **ours}
    if isinstance(token, str):
        own = {"HF_TOKEN": token, "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0", "HF_HOME": cache}
        caches = dict.fromkeys(("HF_HUB_CACHE", "HF_DATASETS_CACHE", "HF_XET_CACHE"), cache)
        return {**without_token(whole), **own, **caches}
    # Strangers choose the id: they must not read what only the owner's token opens.
    return whole if token and may_be_used(os.environ) else without_token(whole)
