"""What a training begins with: fresh weights, those of an earlier training, or of a model."""

from pathlib import Path

from transformers import (
    AutoConfig,
    LlamaConfig,
    LlamaForCausalLM,
    ModernBertForMaskedLM,
    PreTrainedModel,
)

from playground.errors import UserError
from playground.pretraining import checkpoint, history, tokenizer
from playground.pretraining.carrying import carry
from playground.pretraining.plan import check_same

CONFIG = "config.json"


def earlier(folder: Path | None) -> list[dict]:
    """The stages that the weights of a folder went through, as far as they were noted there."""
    return history.stages(folder) if folder and not is_model(folder) else []


def model_name(folder: Path | None) -> str:
    """Of the model a training goes on from, "" where it goes on from none."""
    return folder.resolve().name if folder and is_model(folder) else ""


def is_model(folder: Path) -> bool:
    """Whether it holds a model rather than a training."""
    return (folder / CONFIG).is_file() and not (folder / history.RUN).is_file()


def put(folder: Path, network: PreTrainedModel, about: dict) -> None:
    """Give a fresh network the weights of a training or a model; a masked one may have those of a
    causal model (see carrying.py).

    about: family, size, vocabulary and data of the training to be. Raises UserError when those
    weights are of another network, or learnt other tokens.
    """
    if is_model(folder):
        _put_model(folder, network, about["data"]["tokenizer"])
        return
    begun = history.read(folder)
    check_same(begun, {name: about[name] for name in ("family", "size", "vocabulary")})
    _check_tokenizer(begun["data"]["tokenizer"], about["data"]["tokenizer"], folder)
    checkpoint.restore_weights(folder / checkpoint.LATEST, network)


def _put_model(folder: Path, network: PreTrainedModel, learnt: str) -> None:
    _check_tokenizer(tokenizer.fingerprint(tokenizer.load(folder)), learnt, folder)
    try:
        kind = AutoConfig.from_pretrained(folder, local_files_only=True).model_type
        across = isinstance(network, ModernBertForMaskedLM) and kind == LlamaConfig.model_type
        if not across and kind != network.config.model_type:
            raise ValueError(f"{kind} instead of {network.config.model_type}")
        opened = LlamaForCausalLM if across else type(network)
        found = opened.from_pretrained(folder, dtype=network.dtype, local_files_only=True)
        if across:
            carry(found, network)
        else:
            network.load_state_dict(found.state_dict())
    except (OSError, ValueError, RuntimeError) as error:
        raise UserError(
            f"{folder} does not fit: its weights are of another kind or size than the network to"
            f" be trained. Choose another --size or --family, or leave --start-from away. ({error})"
        ) from error


def _check_tokenizer(one: str, other: str, folder: Path) -> None:
    if one != other:
        raise UserError(
            f"The text was packed with another tokenizer than that of {folder}. Pack it with"
            " --tokenizer of that folder."
        )
