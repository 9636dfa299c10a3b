"""From a training folder to what ships: bfloat16 shards, tokenizer, model card, checksums."""

import hashlib
import json
import re
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.pretraining import architectures, card, checkpoint, history
from playground.pretraining import tokenizer as tokenizers
from playground.pretraining.averaging import Averaged, average
from playground.pretraining.card import Words

SHARD_BYTES = 9_000_000  # a Space takes smaller files without LFS
HEADER = 100_000  # bytes kept free for the names in a shard
CARD = "README.md"


def export(folder: Path, out: Path, words: Words, other: Averaged | None = None) -> Path:
    """Write the network trained in `folder`, or its mean with another, as a model that
    AutoModelForCausalLM or AutoModelForMaskedLM opens, in transformers 4.57 and 5 alike. Returns
    `out`.

    Raises UserError where nothing was trained, the other does not fit, or one matrix is larger
    than a shard may be.
    """
    record = history.read(folder)
    network = architectures.build(record["family"], record["size"], record["vocabulary"], 0)
    checkpoint.restore_weights(folder / checkpoint.LATEST, network)
    if other is not None:
        average(network, other, record)
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("model*.safetensors"), *out.glob("*.json")):
        old.unlink()
    _write_shards(network, out)
    made = tokenizers.load(folder)
    files = tokenizers.files_for(record["family"], made, architectures.POSITIONS)
    files |= _configurations(network)
    for name, content in files.items():
        (out / name).write_text(content + "\n", encoding="utf-8")
    parameters = sum(weight.numel() for weight in network.parameters())
    stages = history.stages(folder)
    text = card.text(words, record, stages, parameters, _told(other))
    (out / CARD).write_text(text + "\n" + _checksums(out), encoding="utf-8")
    return out


def _told(other: Averaged | None) -> str:
    if other is None:
        return ""
    return (
        f"The weights are the mean of those that this training ended with ({1 - other.share:.0%})"
        f" and those of {other.folder.resolve().name} ({other.share:.0%})."
    )


def checked(folder: Path) -> list[str]:
    """The files whose sha256 is not the one the card gives, or that are not there; none is right.

    Raises UserError when the card gives none.
    """
    told = re.findall(r"^([0-9a-f]{64})  (\S+)$", (folder / CARD).read_text(encoding="utf-8"), re.M)
    if not told:
        raise UserError(f"The card in {folder} gives no checksums: export the model anew.")
    return [
        name
        for digest, name in told
        if not (folder / name).is_file() or _sha256(folder / name) != digest
    ]


def _write_shards(network: PreTrainedModel, out: Path) -> None:
    shards: list[dict[str, torch.Tensor]] = [{}]
    room = SHARD_BYTES - HEADER
    for name, weight in network.named_parameters():
        half = weight.detach().to(torch.bfloat16).contiguous()
        if half.nbytes > SHARD_BYTES - HEADER:
            raise UserError(
                f"{name} alone is {half.nbytes / 1e6:.1f} MB, and a file may have"
                f" {SHARD_BYTES / 1e6:.0f} MB. Make fewer pieces, or a narrower network."
            )
        if half.nbytes > room:
            shards.append({})
            room = SHARD_BYTES - HEADER
        shards[-1][name] = half
        room -= half.nbytes
    places: dict[str, str] = {}
    for number, shard in enumerate(shards, 1):
        file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        save_file(shard, out / file, metadata={"format": "pt"})
        places |= dict.fromkeys(shard, file)
    total = sum(tensor.nbytes for shard in shards for tensor in shard.values())
    index = {"metadata": {"total_size": total}, "weight_map": places}
    (out / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")


def _configurations(network: PreTrainedModel) -> dict[str, str]:
    """config.json with the rotation under the names transformers 4 and 5 have for it."""
    config = network.config.to_dict()
    config |= {"architectures": [type(network).__name__], "dtype": "bfloat16"}
    rotation = architectures.ROTATION
    if architectures.family_of(network) == "causal":
        config["rope_theta"] = rotation
        special = {name: config[name] for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
        files = {"generation_config.json": json.dumps(special, indent=2)}
    else:
        config |= {"global_rope_theta": rotation, "local_rope_theta": rotation}
        config |= {"global_attn_every_n_layers": 1, "reference_compile": False}
        files = {}
    return {"config.json": json.dumps(config, indent=2), **files}


def _checksums(folder: Path) -> str:
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != CARD)
    lines = "\n".join(f"{_sha256(folder / name)}  {name}" for name in names)
    return f"## Checksums\n\n`sha256sum -c` reads them:\n\n```\n{lines}\n```\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
