"""A model in a folder of this machine: whether it is all there. Light: no torch."""

import difflib
import json
import os
from itertools import islice
from pathlib import Path
from typing import Any

from playground import limits
from playground.errors import UserError

CONFIGURATION, ADAPTER = "config.json", "adapter_config.json"
WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "tokenizer.model", "spiece.model")


def find_local(model_id: str, weights: bool = True) -> Path:
    """The folder of this name. Raises UserError where it is none, or holds no whole model.

    weights: whether they are needed, and not the configuration alone.
    """
    folder = _folder(model_id)
    if (folder / ADAPTER).is_file():
        raise _adapter(model_id, folder)
    if not (folder / CONFIGURATION).is_file():
        raise UserError(
            f"{model_id} has no config.json, so it is not a transformers model."
            f" {_inside(folder) or 'Give the folder that save_pretrained wrote.'}"
        )
    if weights:
        _check_weights(model_id, folder)
    if not any((folder / name).is_file() for name in VOCABULARIES):
        raise UserError(
            f"{model_id} has no tokenizer. Add the files that tokenizer.save_pretrained writes."
        )
    return folder


def missing_weights(folder: Path) -> str:
    """The file of the weights that is not there, though it should be; "" when all are. A download
    or a copy may have been broken off. Raises ValueError for an index that is none."""
    if (folder / WEIGHTS).is_file():
        return ""
    if not (folder / INDEX).is_file():
        return WEIGHTS
    named = _json(folder / INDEX).get("weight_map")
    if not isinstance(named, dict) or not named:
        raise ValueError("it does not say which .safetensors files there are")
    if foreign := [name for name in named.values() if not _is_weights(name)]:
        raise ValueError(
            f"it names {str(foreign[0])[:60]!r}, which is no .safetensors file of its own folder;"
            " others are never opened, because opening them can run code"
        )
    return next((n for n in sorted(set(named.values())) if not (folder / n).is_file()), "")


def _is_weights(name: object) -> bool:
    return isinstance(name, str) and name.endswith(".safetensors") and "/" not in name


def _folder(model_id: str) -> Path:
    try:
        folder = Path(model_id).expanduser()
        if folder.is_dir():
            list(islice(folder.iterdir(), 1))
            return folder
        is_file = folder.is_file()
    except (OSError, RuntimeError, ValueError) as error:  # no access, no such user, no such name
        raise UserError(
            f"The folder {model_id[:200]!r} cannot be opened. Check the path, and that you may"
            " read it."
        ) from error
    if is_file:
        raise UserError(f"{model_id} is a file. Give the folder it lies in, {folder.parent}.")
    raise UserError(f"There is no folder {model_id[:200]!r}. {_near(folder)}")


def _near(folder: Path) -> str:
    """A question after the folder that was perhaps meant, else what to do."""
    for missing in (folder, *folder.parents):
        if not missing.parent.is_dir():
            continue
        found = difflib.get_close_matches(missing.name, _folders_in(missing.parent), n=1)
        if found:
            return f"Did you mean {missing.parent / found[0]}?"
        break
    return "Check the path for a slip."


def _inside(folder: Path) -> str:
    """A question after a folder further in that holds a model, "" where there is none: caches and
    training programs put it there."""
    for pattern in ("*", "*/*"):
        found = islice(folder.glob(f"{pattern}/{CONFIGURATION}"), limits.FOLDERS_LISTED)
        if models := sorted(path.parent for path in found):
            return f"Did you mean {models[-1]}?"
    return ""


def _folders_in(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [one.name for one in islice(entries, limits.FOLDERS_LISTED) if one.is_dir()]
    except OSError:
        return []


def _adapter(model_id: str, folder: Path) -> UserError:
    try:
        base = _json(folder / ADAPTER).get("base_model_name_or_path")
    except ValueError:
        base = None
    return UserError(
        f"{model_id} holds an adapter, not a model. Pick the model it was made for"
        + (f", {base[:100]}." if isinstance(base, str) and base else ".")
    )


def _check_weights(model_id: str, folder: Path) -> None:
    try:
        missing = missing_weights(folder)
    except ValueError as error:
        why = "it is not JSON" if isinstance(error, json.JSONDecodeError) else str(error)
        raise UserError(
            f"The {INDEX} of {model_id} cannot be followed: {why}. Download it anew, or save the"
            " model again with save_pretrained."
        ) from error
    if not missing:
        return
    if not any(folder.glob("*.safetensors")):
        raise UserError(
            f"{model_id} holds no .safetensors weights; pickled ones (.bin, .pt) are never opened,"
            " because opening them can run code. Save the model again with save_pretrained."
        )
    raise UserError(
        f"{model_id} lacks {missing[:100]}, a file of its weights. Copy or download it anew, or"
        " save the model again with save_pretrained."
    )


def _json(path: Path) -> dict[str, Any]:
    """What a JSON file holds. Raises ValueError when that is no object, or far too much."""
    if path.stat().st_size > limits.INDEX_BYTES:
        raise ValueError(f"{path.name} is too long")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError(f"{path.name} is nested too deep") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} is no object")
    return found
