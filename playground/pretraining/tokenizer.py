"""Byte-level BPE with single digits: one vocabulary for the causal and the masked network."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from playground.errors import UserError

START_ID, END_ID, PAD_ID, MASK_ID = range(4)
SPECIAL = ("<s>", "</s>", "<pad>", "<mask>")
NAME = "tokenizer.json"
LONGEST = 24  # characters of a piece: a ruler of dashes is no word


def train(texts: Iterable[str], pieces: int) -> Tokenizer:
    """Byte-level BPE (Sennrich et al. 2016, arXiv:1508.07909) of `pieces` pieces: any text can be
    written, a blank goes with the word behind it, every digit is a piece of its own.

    Raises UserError when the text is too little for so many pieces, or there are too many for
    the 16 bits a packed token has.
    """
    least = len(SPECIAL) + 256
    if not least <= pieces <= 2**16:
        raise UserError(f"A vocabulary has {least} to {2**16:,} pieces, not {pieces:,}.")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=pieces,
        min_frequency=2,
        max_token_length=LONGEST,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    if tokenizer.get_vocab_size() < pieces:
        raise UserError(
            f"The text has only {tokenizer.get_vocab_size():,} pieces that come up twice,"
            f" {pieces:,} were asked for. Give more text, or a smaller --pieces."
        )
    return tokenizer


def save(tokenizer: Tokenizer, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(path))


def load(path: Path) -> Tokenizer:
    """The tokenizer of a file, or of a folder with tokenizer.json; special tokens written out in a
    text are text to it. Raises UserError when it is not one of ours."""
    file = path / NAME if path.is_dir() else path
    if not file.is_file():
        raise UserError(f"There is no tokenizer at {file}. Make one with the command tokenizer.")
    tokenizer = Tokenizer.from_file(str(file))
    if tuple(tokenizer.id_to_token(number) for number in range(len(SPECIAL))) != SPECIAL:
        raise UserError(
            f"{file} is no tokenizer of ours: its first pieces are not {' '.join(SPECIAL)}."
            " Make one with the command tokenizer."
        )
    tokenizer.encode_special_tokens = True
    return tokenizer


def fingerprint(tokenizer: Tokenizer) -> str:
    """The same for tokenizers that cut every text into the same numbers, whatever they put around
    it."""
    pieces = json.loads(tokenizer.to_str())["model"]
    kept = json.dumps([pieces["vocab"], pieces["merges"]], sort_keys=True)
    return hashlib.sha256(kept.encode()).hexdigest()


def files_for(family: str, tokenizer: Tokenizer, positions: int) -> dict[str, str]:
    """The files of a tokenizer for AutoTokenizer, by name: around a text a causal network has the
    start, a masked one the start and the end."""
    whole = json.loads(tokenizer.to_str())
    around = processors.TemplateProcessing(
        single=f"{SPECIAL[START_ID]} $A" + f" {SPECIAL[END_ID]}" * (family == "masked"),
        pair=f"{SPECIAL[START_ID]} $A {SPECIAL[END_ID]} $B"
        + f" {SPECIAL[END_ID]}" * (family == "masked"),
        special_tokens=[(SPECIAL[number], number) for number in (START_ID, END_ID)],
    )
    whole["post_processor"] = json.loads(around.__getstate__())
    names = {
        "bos_token": SPECIAL[START_ID],
        "cls_token": SPECIAL[START_ID],
        "eos_token": SPECIAL[END_ID],
        "sep_token": SPECIAL[END_ID],
        "pad_token": SPECIAL[PAD_ID],
        "mask_token": SPECIAL[MASK_ID],
    }
    settings = {
        **names,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": positions,
        "model_input_names": ["input_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
    }
    return {
        NAME: json.dumps(whole, ensure_ascii=False),
        "tokenizer_config.json": json.dumps(settings, indent=2),
        "special_tokens_map.json": json.dumps(names, indent=2),
    }
