"""A data set of the Hugging Face Hub: only the rows that are used are fetched."""

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from playground import limits
from playground.data.confined import Bounds, started, table_from_reply
from playground.data.problem import shown
from playground.data.table import Table
from playground.errors import UserError
from playground.host_token import may_be_used, without_token

STREAMED = Bounds(
    limits.HUB_READ_SECONDS,
    f"{limits.HUB_READ_CPU_SECONDS} seconds",
    f"{limits.HUB_READ_MEMORY_BYTES / 1e9:g} GB",
    "Try again later, or download the data set elsewhere and bring the file.",
)
LEAN = {  # by themselves libraries set memory aside, more the more cores there are
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
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
    if any("\0" in part for part in source):
        raise UserError("A configuration and a split are names. Write them as on the set's page.")
    module = ["playground.data.hub_stream", str(os.getpid()), *source]
    # It works in an empty folder: the library takes one of the data set's name for the data set.
    with TemporaryDirectory(prefix="playground-hub-") as cache:  # what is private stays nowhere
        environment = _environment(token, cache if isinstance(token, str) else "")
        with started(wanted, module, environment, cache) as process:
            return table_from_reply(process, wanted, STREAMED)


def _environment(token: str | bool, cache: str) -> dict[str, str]:
    """For the process that asks. A visitor's own token is in it and nowhere else; cache: a folder
    of its own for what it opens."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    ours = {"PYTHONPATH": path, "USE_TORCH": "0", "USE_TF": "0", "USE_JAX": "0"}
    whole = {**os.environ, **ours, **LEAN}
    if isinstance(token, str):
        own = {"HF_TOKEN": token, "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0", "HF_HOME": cache}
        caches = dict.fromkeys(("HF_HUB_CACHE", "HF_DATASETS_CACHE", "HF_XET_CACHE"), cache)
        return {**without_token(whole), **own, **caches}
    # Strangers choose the id: they must not read what only the owner's token opens.
    return whole if token and may_be_used(os.environ) else without_token(whole)
