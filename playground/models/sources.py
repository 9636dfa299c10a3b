"""Where a model's files are: bundled, in a local folder, or on the Hugging Face Hub."""

import difflib
import re
from pathlib import Path

from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id

from playground.errors import UserError
from playground.models.catalogue import CATALOGUE, FOLDERS, bundled_folder
from playground.models.folders import find_local
from playground.models.hub import fetch

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_ADDRESS = re.compile(r"(https?://)?(www\.)?(huggingface\.co|hf\.co)/", re.IGNORECASE)
LOCAL = ("/", "./", "../", "~")  # what the name of a folder of this machine starts with
SHIPPED = " or ".join(FOLDERS)


def find_folder(model_id: str, weights: bool = True) -> Path:
    """A folder on this machine with the model's files, downloaded if need be.

    Raises UserError for a name that is neither that of a bundled model, "owner/name" nor a folder.
    """
    check_name(model_id)
    if model_id in FOLDERS:
        return bundled_folder(model_id)
    if model_id.startswith(LOCAL):
        return find_local(model_id, weights)
    return fetch(model_id, weights)


def check_name(model_id: str) -> None:
    """Raises UserError for what cannot be the name of a model, whatever is there."""
    if isinstance(model_id, str):
        if model_id in FOLDERS or model_id.startswith(LOCAL) or _is_hub_id(model_id):
            return
        shown = f"{model_id[:100]!r} is not the name of a model."
        if like := close_name(model_id):
            raise UserError(f"{shown} Did you mean {like}?")
    else:
        shown = f"The model is {str(model_id)[:100]}, which is not the name of one."
    raise UserError(
        f"{shown} Write {SHIPPED}, owner/name as on the Hub (for example"
        " openai-community/gpt2), or a folder that starts with / or ./."
    )


def close_name(model_id: str) -> str:
    """The name of a known model that was perhaps meant, with or without its owner; else ""."""
    if _is_hub_id(named := _ADDRESS.sub("", model_id.strip()).strip("/")) and named != model_id:
        return named
    wanted = model_id.casefold()
    names = {entry.id.casefold(): entry.id for entry in CATALOGUE}
    names |= {} if "/" in wanted else {n.rsplit("/", 1)[-1]: full for n, full in names.items()}
    found = difflib.get_close_matches(wanted, list(names), n=1, cutoff=0.7)
    return names[found[0]] if found and names[found[0]] != model_id else ""


def _is_hub_id(model_id: str) -> bool:
    if not HUB_ID.fullmatch(model_id) or ".." in model_id:
        return False
    try:
        validate_repo_id(model_id)
    except HFValidationError:
        return False
    return True
