"""Tokenizers: opened, checked, and asked what they put around a text."""

from pathlib import Path

from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from playground.errors import UserError
from playground.models.families import Family
from playground.models.folders import VOCABULARIES


def open_tokenizer(model_id: str, folder: Path, family: Family) -> PreTrainedTokenizerBase:
    """The tokenizer of a folder, fast and fit for the family. UserError otherwise."""
    if not any((folder / name).is_file() for name in VOCABULARIES):
        raise UserError(
            f"{model_id} has no tokenizer. Add the files that tokenizer.save_pretrained writes."
        )
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True
        )
    except (ValueError, OSError, ImportError) as error:
        raise UserError(
            f"The tokenizer of {model_id} cannot be read. Download it anew, or pick another model."
        ) from error
    if not tokenizer.is_fast:
        raise UserError(f"The tokenizer of {model_id} has no fast version. Pick another model.")
    if family.name == "masked" and tokenizer.mask_token_id is None:
        raise UserError(
            f"The tokenizer of {model_id} has no mask token, so there is nothing to fill in."
            " Pick a causal model, or a masked one with its own tokenizer."
        )
    return tokenizer


def special_ids(tokenizer: PreTrainedTokenizerBase) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The ids a sequence starts and ends with.

    What the tokenizer puts around a text by itself; and where its configuration asks for a start
    token that it did not put (transformers does not act on that everywhere), that one too.
    """
    plain = tokenizer("a", add_special_tokens=False).input_ids
    whole = tokenizer("a").input_ids
    first = next(i for i in range(len(whole)) if whole[i : i + len(plain)] == plain)
    start, end = tuple(whole[:first]), tuple(whole[first + len(plain) :])
    bos = tokenizer.bos_token_id
    if tokenizer.init_kwargs.get("add_bos_token") and bos is not None and bos not in start:
        start = (bos, *start)
    return start, end


def check_vocabulary(
    model_id: str, tokenizer: PreTrainedTokenizerBase, network: PreTrainedModel
) -> None:
    """Raises UserError when the tokenizer writes ids the network has no embedding for."""
    rows = network.get_input_embeddings().num_embeddings
    if len(tokenizer) > rows:
        raise UserError(
            f"The tokenizer of {model_id} has {len(tokenizer)} pieces and the network knows {rows}:"
            " they do not belong together. Use the tokenizer the model was saved with."
        )
