"""Tokenizers looked at before they are opened and tried before they are used: they may be a
stranger's, and grow a text without end."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizerBase

from playground import limits
from playground.errors import UserError
from playground.models.checking import read_object
from playground.models.plain_text import PlainText

TRIED = "The film was good; (in 1987) nobody's slept! <s> [x] @ #1 €5 naïve 好 🙂\n\n"
REPEATS = 5  # of a text that has to become the same tokens each time
LETTERS = 0x20000  # code points that a normaliser is tried on, in chunks
CHUNK = 0x1000
ADDING = ("added_tokens.json", "tokenizer_config.json", "special_tokens_map.json")
SPECIAL = ("extra_special_tokens", "additional_special_tokens")
PIECES_AROUND = 64  # of a template that says what stands around a text, and around two
SURROGATES = range(0xD800, 0xE000)


def check_tokenizer_files(model_id: str, folder: Path) -> None:
    """UserError for a tokenizer.json that is no object, or whose steps grow a text too much, and
    for files that add far too many tokens."""
    for name in ADDING:
        if (folder / name).is_file():
            record = read_object(model_id, folder / name, limits.MODEL_TEXT_BYTES)
            _check_added(model_id, record)
            _check_added(model_id, record.get("added_tokens_decoder"))
            for part in SPECIAL:
                _check_added(model_id, record.get(part), limits.SPECIAL_TOKENS)
    path = folder / "tokenizer.json"
    if not path.is_file():
        return
    record = read_object(model_id, path, limits.MODEL_TEXT_BYTES)
    _check_added(model_id, record.get("added_tokens"))
    if any(len(step) > PIECES_AROUND for step in _lists(record.get("post_processor"))):
        raise grows(model_id)
    for part in ("normalizer", "pre_tokenizer", "decoder"):
        growth = math.prod(map(_growth, _steps(record.get(part))))
        if growth > limits.TOKENIZER_GROWTH:
            raise grows(model_id)


def _check_added(model_id: str, added: object, most: int = limits.ADDED_TOKENS) -> None:
    """UserError for more tokens beside the vocabulary than the library adds within seconds."""
    if isinstance(added, list | dict) and len(added) > most:
        raise UserError(
            f"The tokenizer of {model_id} adds {len(added):,} tokens to its vocabulary,"
            f" {most:,} are possible. Pick another model."
        )


def check_tokenizer(model_id: str, tokenizer: PreTrainedTokenizerBase) -> None:
    """Try it on short texts. UserError where they grow too much, are read differently each time,
    or stop the library."""
    try:
        _try(model_id, tokenizer)
    except UserError:
        raise
    except BaseException as error:  # its Rust part panics
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise UserError(
            f"The tokenizer of {model_id} ends in an error on a plain text. Pick another model."
        ) from error


def _try(model_id: str, tokenizer: PreTrainedTokenizerBase) -> None:
    normaliser = tokenizer.backend_tokenizer.normalizer
    for first in range(0, LETTERS if normaliser else 0, CHUNK):
        letters = [chr(n) for n in range(first, first + CHUNK) if n not in SURROGATES]
        if len(normaliser.normalize_str("".join(letters))) > limits.TOKENIZER_GROWTH * CHUNK:
            raise grows(model_id)
    found = [tuple(PlainText(tokenizer).encode(TRIED).ids) for _ in range(REPEATS)]
    if len(found[0]) > limits.TOKENIZER_GROWTH * len(TRIED):
        raise grows(model_id)
    if len(set(found)) > 1:
        raise UserError(
            f"The tokenizer of {model_id} reads a text differently each time (it was saved with"
            " dropout). Save it without, or pick another model."
        )


def grows(model_id: str) -> UserError:
    return UserError(
        f"The tokenizer of {model_id} makes more than {limits.TOKENIZER_GROWTH} characters or"
        " tokens of one: a short text would fill the memory. Pick another model."
    )


def _lists(record: object) -> Iterator[list[Any]]:
    """Every list in a part of a tokenizer, also inside of others."""
    left = [record]
    while left:
        value = left.pop()
        if isinstance(value, list):
            yield value
        left += value if isinstance(value, list) else []
        left += value.values() if isinstance(value, dict) else []


def _steps(record: object) -> Iterator[dict[str, Any]]:
    """Every step of a part of a tokenizer, also inside of others."""
    left = [record]
    while left:
        step = left.pop()
        if isinstance(step, list):
            left += step
        elif isinstance(step, dict):
            yield step
            left += [value for value in step.values() if isinstance(value, dict | list)]


def _growth(step: dict[str, Any]) -> float:
    """How many characters, at most, a step makes of one."""
    if step.get("type") not in ("Replace", "Prepend"):
        return 1.0
    written = step.get("content", step.get("prepend"))
    pattern = step.get("pattern")
    named = pattern.get("String") if isinstance(pattern, dict) else None
    replaced = len(named) if isinstance(named, str) else 1
    return max(1.0, len(written) / max(replaced, 1)) if isinstance(written, str) else 1.0
