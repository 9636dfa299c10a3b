"""From a model's name to a LanguageModel, or to a sentence that says why not."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
)

from playground.errors import UserError
from playground.models.causal import Causal
from playground.models.devices import choose_device, weights_dtype
from playground.models.families import Family
from playground.models.language_model import LanguageModel
from playground.models.masked import Masked
from playground.models.seq2seq import SequenceToSequence
from playground.models.sources import find_folder
from playground.models.tokenizing import check_vocabulary, open_tokenizer, special_ids

LONGEST = 4096  # tokens; a model that could read more is not asked to: memory grows with it
AUTO_CLASSES = {
    "causal": AutoModelForCausalLM,
    "masked": AutoModelForMaskedLM,
    "seq2seq": AutoModelForSeq2SeqLM,
}


def load(model_id: str, device: torch.device | None = None, empty: bool = False) -> LanguageModel:
    """The model of this id, ready to score: in evaluation mode, every weight frozen.

    model_id: "bundled", "owner/name" on the Hugging Face Hub, or a local folder.
    empty:    on the meta device, from the configuration alone: for counting, never for running.
    Raises UserError with the way out when it is missing, gated, unreachable, damaged or of a kind
    that is not supported.
    """
    folder = find_folder(model_id, weights=not empty)
    config = _config(model_id, folder)
    family = family_of(model_id, config)
    tokenizer = open_tokenizer(model_id, folder, family)
    device = torch.device("meta") if empty else device or choose_device()
    network = _empty(family, config) if empty else _weights(model_id, folder, family, device)
    network.eval().requires_grad_(False)
    check_vocabulary(model_id, tokenizer, network)
    start, end = special_ids(tokenizer)
    return LanguageModel(
        id=model_id,
        family=family,
        network=network,
        tokenizer=tokenizer,
        device=device,
        dtype=network.dtype,
        max_length=max_length(config, tokenizer),
        start_ids=start,
        end_ids=() if family.name == "causal" else end,
    )


def family_of(model_id: str, config: PretrainedConfig) -> Family:
    """The family, by the architecture the configuration names. UserError where none fits."""
    names, kind = tuple(config.architectures or ()), config.model_type
    if config.is_encoder_decoder:
        if kind in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES and hasattr(config, "vocab_size"):
            return SequenceToSequence()
    elif not any(name.endswith("ForConditionalGeneration") for name in names):
        if any(name.endswith(("ForCausalLM", "LMHeadModel")) for name in names):
            return Causal()
        if kind in MODEL_FOR_MASKED_LM_MAPPING_NAMES:
            return Masked()
        if kind in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
            return Causal()
    raise UserError(
        f"{model_id} is of a kind that is not supported ({', '.join(names) or kind}): it neither"
        " continues a text, nor fills masks in one, nor answers one with another. Pick a causal, a"
        " masked or a sequence-to-sequence language model."
    )


def max_length(config: PretrainedConfig, tokenizer: PreTrainedTokenizerBase) -> int:
    """Tokens one sequence may have: the positions the network knows, within LONGEST. A T5 counts
    distances and has no last position; `n_positions` is the length it was trained on."""
    named = (getattr(config, name, None) for name in ("max_position_embeddings", "n_positions"))
    positions = next((count for count in named if count), LONGEST)
    if config.model_type in ("roberta", "xlm-roberta", "camembert", "xlm-roberta-xl"):
        positions -= config.pad_token_id + 1  # their positions are counted from there
    return int(min(positions, tokenizer.model_max_length, LONGEST))


def _config(model_id: str, folder: Path) -> PretrainedConfig:
    if not (folder / "config.json").is_file():
        raise UserError(
            f"{model_id} has no config.json, so it is not a transformers model."
            " Give the folder that save_pretrained wrote."
        )
    try:
        raw = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(
            f"The config.json of {model_id} cannot be read: it is not JSON. Download it anew."
        ) from error
    kind = raw.get("model_type") if isinstance(raw, dict) else None
    try:
        if not kind:  # transformers would guess it from the folder's name
            raise ValueError("no model_type")
        return AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except (ValueError, KeyError, OSError) as error:
        raise UserError(
            f"{model_id} cannot be used: its kind ({kind!r}) is unknown to the installed"
            " transformers, or it needs code of its own, which is never run here."
            " Pick a model whose architecture ships with transformers, or update transformers."
        ) from error


def _empty(family: Family, config: PretrainedConfig) -> PreTrainedModel:
    with torch.device("meta"):
        return AUTO_CLASSES[family.name].from_config(config, dtype=torch.float32)


def _weights(model_id: str, folder: Path, family: Family, device: torch.device) -> PreTrainedModel:
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    try:
        network, report = AUTO_CLASSES[family.name].from_pretrained(
            folder,
            # Explicit: by itself transformers 5 keeps the file's format, and training a float16
            # checkpoint on a CPU diverges. Files hold 2 or 4 bytes a parameter.
            dtype=weights_dtype(device, size // 2),
            trust_remote_code=False,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
        missing = sorted(report["missing_keys"])
        if missing:
            raise UserError(
                f"{model_id} lacks weights a {family.name} language model needs, such as"
                f" {missing[0]}: they would be random. Pick a checkpoint with its language-model"
                " head, not a classifier or a sentence encoder."
            )
        return network.to(device)
    except torch.OutOfMemoryError as error:
        raise UserError(
            f"{model_id} does not fit into the memory of this machine's {device.type} device."
            " Pick a smaller model, or end what else uses it."
        ) from error
    except (SafetensorError, RuntimeError, OSError, ValueError) as error:
        raise UserError(
            f"The weights of {model_id} are damaged or do not match its configuration."
            " Download them anew, or save them again with save_pretrained."
        ) from error
