"""Sequence-to-sequence models (T5, BART, …): an encoder reads the prompt, a decoder answers."""

from collections.abc import Sequence
from typing import Any

import torch

from playground.errors import UserError
from playground.models.families import Encoded, PromptParts
from playground.models.language_model import LanguageModel

SENTINEL = "<extra_id_0>"  # T5's mark for the first gap (Raffel et al. 2020, section 3.1.4)


class SequenceToSequence:
    """The encoder reads the whole prompt, demonstrations included, with the tokenizer's end token
    where it has one; the decoder begins as the model's own targets do and is asked for the label
    word.

    The word is a plain text, as instruction-tuned models (FLAN-T5, T0) were trained to answer. A T5
    that was only pretrained has never seen such a target: it fills gaps. It answers in its own way
    where the template has text after {answer}: then a sentinel stands for the gap, and the word
    is asked for after the same sentinel. Trained on some examples it learns plain targets too.
    """

    name = "seq2seq"
    parallel = False
    writes = True

    def reserve(self, slots: int) -> int:
        return 0  # the answer is the decoder's, and the encoder's length stays the prompt's

    def word(self, model: LanguageModel, word: str, pieces: tuple[int, ...]) -> tuple[int, ...]:
        return model.tokens(word)  # it begins a text

    def after(self, model: LanguageModel, left: str, text: str) -> tuple[int, ...]:
        if not text.strip():
            return model.end_ids
        return (_sentinel(model, text), *model.continuation(left, text), *model.end_ids)

    def closing_id(self, model: LanguageModel) -> int:
        ends = (model.tokenizer.eos_token_id, *model.end_ids[-1:], model.pad_id)
        return next(token for token in ends if token is not None)

    def begin(self, model: LanguageModel) -> tuple[int, ...]:
        return decoder_start(model)

    def encode(
        self, model: LanguageModel, parts: PromptParts, answer: Sequence[int], slots: int
    ) -> Encoded:
        """The prompt to read, and to answer: the beginning, then the word but its last token."""
        opening = decoder_opening(model, parts)
        first, count = len(opening) - 1, max(len(answer), 1)
        return Encoded(
            (*parts.shared, *parts.query, *parts.after),
            tuple(range(first, first + count)),
            (*opening, *answer[:-1]),
        )


def decoder_opening(model: LanguageModel, parts: PromptParts | None = None) -> tuple[int, ...]:
    """What the decoder has before its first word: what the network itself puts there in training
    (T5's padding token; BART's </s> and then <s>), then the sentinel of a gap in `parts`."""
    gap = parts is not None and parts.prompt.after.strip()
    return (*model.decoder_start, *((_sentinel(model, gap),) if gap else ()))


def decoder_start(model: LanguageModel) -> tuple[int, ...]:
    """The ids before the first word of a target.

    The network is asked: it shifts a target, as its tokenizer writes it, to the right. One whose
    configuration is too sparse for that begins with the token named for it, as `generate` would:
    of the generation configuration, then of the configuration, the start of a text, the padding.
    """
    word = model.pad_id + 1  # any that is not padding, which a shift would turn into something else
    target = torch.tensor([[*model.start_ids, word, *model.end_ids]])
    try:
        network: Any = model.network  # not every one can
        first, *_ = network.prepare_decoder_input_ids_from_labels(target)[0].tolist()
    except (AttributeError, TypeError, ValueError):
        first = _named_start(model)
    return (first, *model.start_ids)


def _named_start(model: LanguageModel) -> int:
    generation, config = model.network.generation_config.to_dict(), model.network.config.to_dict()
    names = ("decoder_start_token_id", "bos_token_id")
    named = [place.get(name) for name in names for place in (generation, config)]
    candidates = (*named, model.tokenizer.bos_token_id, model.pad_id)
    return next(token for token in candidates if isinstance(token, int))


def _sentinel(model: LanguageModel, text: str) -> int:
    token = model.tokenizer.convert_tokens_to_ids(SENTINEL)
    if not isinstance(token, int) or token == model.tokenizer.unk_token_id:
        raise UserError(
            f"{model.id} has no mark for a gap in a text, and the template goes on after the"
            f" answer with {text.strip()[:40]!r}. Move {{answer}} to the end, or pick a masked"
            " model."
        )
    return token
