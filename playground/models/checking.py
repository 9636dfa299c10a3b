"""What a model's files say, looked at before anything acts on it: they may be a stranger's."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel

from playground import limits
from playground.errors import UserError
from playground.models.devices import available_bytes, weights_dtype

INDEX = "model.safetensors.index.json"
# Settings that make the library run or open what a stranger names, or compute in another way.
REFUSED = {
    "_attn_implementation_internal": "names code to run",
    "_experts_implementation_internal": "names code to run",
    "transformers_weights": "names other files to open",
    "quantization_config": "says that its weights are packed, which is not supported",
    "compression_config": "says that its weights are packed, which is not supported",
}
_COUNTS = (  # what a number of the configuration counts, by its name, and the most there may be
    (re.compile(r"(^|_)n?_?layers?$|^(depth|num_blocks|num_hidden_groups)$"), limits.MODEL_LAYERS),
    (re.compile(r"num_labels|expert"), limits.MODEL_PARTS),
    (re.compile(r"head(s|_dim)?$|n_head|groups?$"), limits.MODEL_PARTS),
    (re.compile(r"^vocab_size$|position|n_ctx|max_seq_len|^n_words$"), limits.MODEL_ROWS),
    (re.compile(r"(_size|_dim|_width|_rank|^d_\w+|^n_embd|^n_inner|^dim)$"), limits.MODEL_WIDTH),
)
_SHARD = re.compile(r"[\w.-]+\.safetensors")


def read_configuration(model_id: str, folder: Path) -> dict[str, Any]:
    """What config.json says. UserError where it is missing, no object, or asks for what is not
    done here."""
    if not (folder / "config.json").is_file():
        raise UserError(
            f"{model_id} has no config.json, so it is not a transformers model."
            " Give the folder that save_pretrained wrote."
        )
    config = read_object(model_id, folder / "config.json", limits.CONFIG_BYTES)
    for name, value in _settings(model_id, config):
        if name in REFUSED and value:
            raise UserError(
                f"The config.json of {model_id} has {name}, which {REFUSED[name]}. Pick a copy of"
                " the model without it."
            )
        if name.endswith("attn_implementation") and "/" in str(value):
            raise UserError(
                f"The config.json of {model_id} names code to run ({name}). Pick another model."
            )
        _check_count(model_id, name, value)
    return config


def read_object(model_id: str, path: Path, most: int) -> dict[str, Any]:
    """A JSON file that holds an object. UserError for any other and for one that is too long."""
    _check_bytes(model_id, path, most)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"The {path.name} of {model_id} cannot be read: it is not JSON. Download it anew."
        ) from error
    if not isinstance(record, dict):
        raise UserError(
            f"The {path.name} of {model_id} cannot be read: it holds a {type(record).__name__}, not"
            " an object. Download it anew, or pick another model."
        )
    return record


def check_files(model_id: str, folder: Path) -> None:
    """UserError for what the library would open by itself and must not: an adapter beside the
    weights, weights that are pickles or lie elsewhere, texts without end."""
    if (folder / "adapter_config.json").exists():
        raise UserError(
            f"{model_id} holds an adapter (adapter_config.json) beside or instead of a model, which"
            " would change its answers unseen. Pick the plain model, or one it is merged into."
        )
    for path in folder.glob("*"):
        if path.suffix in (".json", ".txt", ".model", ".jinja") and path.is_file():
            _check_bytes(model_id, path, limits.MODEL_TEXT_BYTES)
        if path.suffix == ".safetensors" and path.is_file():
            _check_header(model_id, path)
    if (folder / INDEX).exists():
        _check_index(model_id, folder)


def _check_bytes(model_id: str, path: Path, most: int) -> None:
    if (size := path.stat().st_size) > most:
        raise UserError(
            f"The {path.name} of {model_id} has {size / 1e6:.0f} MB, {most / 1e6:.0f} MB are"
            " possible. Pick another model."
        )


def _check_header(model_id: str, path: Path) -> None:
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
    if size > limits.MODEL_HEADER_BYTES:
        raise UserError(
            f"The {path.name} of {model_id} is damaged, or lists more weights than a model has: its"
            f" list has {size:,} bytes, {limits.MODEL_HEADER_BYTES:,} are possible. Download it"
            " anew, or pick another model."
        )


def _check_index(model_id: str, folder: Path) -> None:
    shards = read_object(model_id, folder / INDEX, limits.MODEL_TEXT_BYTES).get("weight_map")
    if not isinstance(shards, dict) or not shards:
        raise UserError(
            f"The {INDEX} of {model_id} names no weights. Download it anew, or pick another model."
        )
    for name in sorted({str(name) for name in shards.values()}):
        if not _SHARD.fullmatch(name):
            raise UserError(
                f"The {INDEX} of {model_id} names {name[:60]!r}, which is no .safetensors file of"
                " its own folder; others are never opened, because opening them can run code. Save"
                " the model again with save_pretrained."
            )
        if not (folder / name).is_file():
            raise UserError(f"{model_id} lacks {name}, a part of its weights. Download it anew.")


def check_size(model_id: str, empty: PreTrainedModel, folder: Path, device: torch.device) -> None:
    """UserError where the configuration describes more than the files hold or memory takes.

    empty: the network on the meta device, where a size is but a number.
    """
    numbers = sum(weight.numel() for weight in empty.parameters())
    beside = sum(buffer.numel() * buffer.itemsize for buffer in empty.buffers())
    held = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    if numbers > held:  # a number takes a byte at least
        raise UserError(
            f"The config.json of {model_id} describes {numbers:,} weights, and its files have"
            f" {held:,} bytes: they do not belong together. Download them anew, or pick another"
            " model."
        )
    needed = numbers * weights_dtype(device, numbers).itemsize + beside
    free = min(available_bytes(device), available_bytes(torch.device("cpu")))
    if needed > free:
        raise UserError(
            f"{model_id} takes {needed / 1e9:,.1f} GB of memory, {free / 1e9:,.1f} GB are free on"
            " this machine. Pick a smaller model, or end what else uses it."
        )


def _settings(model_id: str, record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every name and value, also inside of others. UserError where they are nested too deep."""
    left: list[tuple[str, Any, int]] = [("", record, 0)]
    while left:
        name, value, depth = left.pop()
        if depth > limits.CONFIG_DEPTH:
            raise UserError(
                f"The config.json of {model_id} is nested more than {limits.CONFIG_DEPTH} deep."
                " Pick another model."
            )
        yield name, value
        if isinstance(value, dict):
            left += [(str(key), inner, depth + 1) for key, inner in value.items()]
        elif isinstance(value, list):
            left += [(name, inner, depth + 1) for inner in value]


def _check_count(model_id: str, name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    most = next((most for counted, most in _COUNTS if counted.search(name)), None)
    if most is not None and not -most <= value <= most:
        raise UserError(
            f"The config.json of {model_id} has {name} {value:,}, {most:,} are possible."
            " Pick another model."
        )
