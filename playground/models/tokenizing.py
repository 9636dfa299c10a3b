"""Tokenizers: opened, checked, and asked what they put around a text."""

from pathlib import Path
from typing import Any

from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from playground import limits
from playground.errors import UserError
from playground.models.families import Family
from playground.models.folders import VOCABULARIES
from playground.models.tokenizer_checks import check_tokenizer, check_tokenizer_files

WORD = "a"  # a text that is tried
NO_LENGTH = int(1e30)  # what the library puts where a tokenizer names none


def open_tokenizer(model_id: str, folder: Path, family: Family) -> PreTrainedTokenizerBase:
    """The tokenizer of a folder, fast and fit for the family. UserError otherwise."""
    if not any((folder / name).is_file() for name in VOCABULARIES):
        raise UserError(
            f"{model_id} has no tokenizer. Add the files that tokenizer.save_pretrained writes."
        )
    check_tokenizer_files(model_id, folder)
    tokenizer = _opened(model_id, folder)
    promised = tokenizer.model_max_length
    if isinstance(promised, bool) or not isinstance(promised, int | float) or not promised >= 1:
        tokenizer.model_max_length = NO_LENGTH  # what was saved is no length
    if not tokenizer.is_fast:
        raise UserError(f"The tokenizer of {model_id} has no fast version. Pick another model.")
    check_tokenizer(model_id, tokenizer)
    if family.name == "masked" and tokenizer.mask_token_id is None:
        raise UserError(
            f"The tokenizer of {model_id} has no mask token, so there is nothing to fill in."
            " Pick a causal model, or a masked one with its own tokenizer."
        )
    return tokenizer


def _opened(model_id: str, folder: Path) -> PreTrainedTokenizerBase:
    try:
        return AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except BaseException as error:  # what the files make the library raise; its Rust part panics
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise UserError(
            f"The tokenizer of {model_id} cannot be read. Download it anew, or pick another model."
        ) from error


def special_ids(tokenizer: PreTrainedTokenizerBase) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The ids a sequence starts and ends with.

    What the tokenizer puts around a text by itself; and where its configuration asks for a start
    token that it did not put (transformers does not act on that everywhere), that one too.
    """
    plain = tokenizer(WORD, add_special_tokens=False).input_ids
    whole = tokenizer(WORD).input_ids
    places = [i for i in range(len(whole)) if whole[i : i + len(plain)] == plain]
    if not plain or not places or len(whole) - len(plain) > limits.SPECIAL_TOKENS_AROUND:
        raise UserError(
            "The tokenizer of this model does not leave a text whole between the tokens it puts"
            " around it. Pick another model, or save the tokenizer anew."
        )
    first = places[0]
    start, end = tuple(whole[:first]), tuple(whole[first + len(plain) :])
    bos = tokenizer.bos_token_id
    if tokenizer.init_kwargs.get("add_bos_token") and bos is not None and bos not in start:
        start = (bos, *start)
    return start, end


def check_vocabulary(
    model_id: str, tokenizer: PreTrainedTokenizerBase, network: PreTrainedModel
) -> None:
    """Raises UserError when the tokenizer writes ids the network has no embedding for."""
    try:
        table: Any = network.get_input_embeddings()
        rows = table.weight.shape[0]
    except (NotImplementedError, AttributeError) as error:
        raise UserError(
            f"{model_id} has no plain table of the tokens it reads, so it is not supported. Pick"
            " another model."
        ) from error
    pieces = max(tokenizer.get_vocab().values(), default=-1) + 1
    if pieces > rows:
        raise UserError(
            f"The tokenizer of {model_id} has {pieces} pieces and the network knows {rows}:"
            " they do not belong together. Use the tokenizer the model was saved with."
        )
