"""Sequence-to-sequence models (T5, BART, …): an encoder reads the prompt, a decoder answers."""

from collections.abc import Sequence

from playground.errors import UserError
from playground.models.families import Encoded, PromptParts
from playground.models.language_model import LanguageModel

SENTINEL = "<extra_id_0>"  # T5's mark for the first gap (Raffel et al. 2020, section 3.1.4)


class SequenceToSequence:
    """The encoder reads the whole prompt, demonstrations included, with the tokenizer's end token
    where it has one; the decoder begins as the model's own targets do and is asked for the label
    word.

    The word is a plain text, as instruction-tuned models (FLAN-T5, T0) were taught to answer. A T5
    that was only pretrained has never seen such a target: it fills gaps. It answers in its own way
    where the template has text behind {answer}: then a sentinel stands for the gap, and the word
    is asked for behind the same sentinel. Trained on some examples it learns plain targets too.
    """

    name = "seq2seq"
    parallel = False
    writes = True

    def reserve(self, slots: int) -> int:
        return 0  # the answer is the decoder's, and the encoder's length stays the prompt's

    def word(self, model: LanguageModel, left: str, word: str) -> tuple[int, ...]:
        return model.tokens(word.lstrip())  # it begins a text

    def after(self, model: LanguageModel, text: str) -> tuple[int, ...]:
        if not text.strip():
            return model.end_ids
        return (_sentinel(model, text), *model.tokens(text), *model.end_ids)

    def closing_id(self, model: LanguageModel) -> int:
        ends = (model.tokenizer.eos_token_id, *model.end_ids[-1:], model.pad_id)
        return next(token for token in ends if token is not None)

    def place(
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
    """What the decoder has before its first word: the start token of its configuration, then what
    the tokenizer puts before every text (BART's <s>), then the sentinel of a gap in `parts`."""
    config = model.network.config
    named = (config, model.network.generation_config)
    starts = [getattr(one, "decoder_start_token_id", None) for one in named]
    known = (*starts, config.bos_token_id, model.tokenizer.bos_token_id, model.pad_id)
    start = next(token for token in known if token is not None)
    gap = parts is not None and parts.prompt.after.strip()
    return (start, *model.start_ids, *((_sentinel(model, gap),) if gap else ()))


def _sentinel(model: LanguageModel, text: str) -> int:
    token = model.tokenizer.convert_tokens_to_ids(SENTINEL)
    if token is None or token == model.tokenizer.unk_token_id:
        raise UserError(
            f"{model.id} has no mark for a gap in a text, and the template goes on behind the"
            f" answer with {text.strip()[:40]!r}. Move {{answer}} to the end, or pick a masked"
            " model."
        )
    return token
