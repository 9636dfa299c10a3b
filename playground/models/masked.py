"""Masked models (BERT, RoBERTa, …): the answer fills mask tokens, all slots at once."""

from collections.abc import Sequence

from playground.models.families import Encoded, PromptParts
from playground.models.language_model import LanguageModel


class Masked:
    name = "masked"
    parallel = True
    writes = False

    def reserve(self, slots: int) -> int:
        return slots

    def word(self, model: LanguageModel, word: str, pieces: tuple[int, ...]) -> tuple[int, ...]:
        return pieces

    def after(self, model: LanguageModel, left: str, text: str) -> tuple[int, ...]:
        return (*model.continuation(left, text), *model.end_ids)

    def closing_id(self, model: LanguageModel) -> int:
        if model.end_ids:
            return model.end_ids[-1]
        return model.continuation("a", ".")[-1]

    def begin(self, model: LanguageModel) -> tuple[int, ...]:
        return ()

    def encode(
        self, model: LanguageModel, parts: PromptParts, answer: Sequence[int], slots: int
    ) -> Encoded:
        """As many masks as the longest answer has tokens, so that one pass serves every label
        and the number of masks does not give the label away."""
        first = len(parts.shared) + len(parts.query)
        masks = (model.tokenizer.mask_token_id,) * slots
        ids = (*parts.shared, *parts.query, *masks, *parts.after)
        return Encoded(ids, tuple(range(first, first + slots)))
