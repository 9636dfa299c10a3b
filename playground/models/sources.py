"""Where a model's files are: bundled, in a local folder, or on the Hugging Face Hub."""

import re
from pathlib import Path

from playground.errors import UserError
from playground.models.catalogue import FOLDERS, bundled_folder
from playground.models.hub import fetch

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)


def find_folder(model_id: str, weights: bool = True) -> Path:
    """A folder on this machine with the model's files, downloaded if need be.

    Raises UserError for a name that is neither that of a bundled model, "owner/name" nor a folder.
    """
    if model_id in FOLDERS:
        return bundled_folder(model_id)
    if model_id.startswith(("/", "./", "../", "~")) or "\\" in model_id:
        return _local(model_id, weights)
    if HUB_ID.fullmatch(model_id) and ".." not in model_id:
        return fetch(model_id, weights)
    raise UserError(
        f"{model_id[:100]!r} is not the name of a model. Write owner/name as on the Hub (for"
        " example openai-community/gpt2), or a folder that starts with / or ./."
    )


def _local(model_id: str, weights: bool) -> Path:
    folder = Path(model_id).expanduser()
    if not folder.is_dir():
        raise UserError(f"There is no folder {model_id!r}. Check the path for a slip.")
    if weights and not any(folder.glob("*.safetensors")) and (folder / "config.json").is_file():
        raise UserError(
            f"{model_id} holds no .safetensors weights; pickled ones (.bin, .pt) are never opened,"
            " because opening them can run code. Save the model again with save_pretrained."
        )
    return folder
