"""From a model's name to a LanguageModel, or to a sentence that says why not."""

from pathlib import Path

import torch
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.initialization import no_init_weights
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
)

from playground.errors import UserError
from playground.models.causal import Causal
from playground.models.checking import check_files, check_size, read_configuration
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
    check_files(model_id, folder)
    config = _config(model_id, folder)
    family = family_of(model_id, config)
    tokenizer = open_tokenizer(model_id, folder, family)
    device = torch.device("meta") if empty else device or choose_device()
    network = _empty(model_id, family, config)
    if not empty:
        check_size(model_id, network, folder, device)
        network = _weights(model_id, folder, family, device)
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
    named = config.architectures if isinstance(config.architectures, list | tuple) else ()
    names, kind = tuple(map(str, named)), config.model_type
    if config.is_encoder_decoder:
        if kind in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES and hasattr(config, "vocab_size"):
            return SequenceToSequence()
    elif not any(name.endswith("ForConditionalGeneration") for name in names):
        continues = kind in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
        if continues and any(name.endswith(("ForCausalLM", "LMHeadModel")) for name in names):
            return Causal()
        if kind in MODEL_FOR_MASKED_LM_MAPPING_NAMES:
            return Masked()
        if continues:
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
    positions = next((n for n in named if isinstance(n, int) and n > 0), LONGEST)
    if config.model_type in ("roberta", "xlm-roberta", "camembert", "xlm-roberta-xl"):
        positions -= (config.pad_token_id or 0) + 1  # their positions are counted from there
    return int(min(positions, tokenizer.model_max_length, LONGEST))


def _config(model_id: str, folder: Path) -> PretrainedConfig:
    kind = read_configuration(model_id, folder).get("model_type")
    try:
        if not kind:  # transformers would guess it from the folder's name
            raise ValueError("no model_type")
        return AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except Exception as error:  # whatever a stranger's settings make the library raise
        raise UserError(
            f"{model_id} cannot be used: its kind ({kind!r:.60}) is unknown to the installed"
            " transformers, it needs code of its own, which is never run here, or its settings are"
            " damaged. Pick a model whose architecture ships with transformers, or update"
            " transformers."
        ) from error


def _empty(model_id: str, family: Family, config: PretrainedConfig) -> PreTrainedModel:
    try:
        with torch.device("meta"), no_init_weights():
            network = AUTO_CLASSES[family.name].from_config(config, dtype=torch.float32)
            network.tie_weights()  # what leaves the weights alone leaves them untied
            return network
    except Exception as error:  # the settings are a stranger's, and every architecture has its own
        raise _damaged(model_id) from error


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
    except UserError:
        raise
    except Exception as error:  # the files are a stranger's, and every architecture has its own
        raise _damaged(model_id) from error


def _damaged(model_id: str) -> UserError:
    return UserError(
        f"The weights of {model_id} are damaged or do not match its configuration."
        " Download them anew, or save them again with save_pretrained."
    )
