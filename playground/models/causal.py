"""Causal models (GPT, Llama, Pythia, …): the answer follows the prompt, token by token."""

from collections.abc import Sequence

from playground.errors import UserError
from playground.models.families import Encoded, PromptParts
from playground.models.language_model import LanguageModel
from playground.tasks.classification import SEPARATOR


class Causal:
    name = "causal"
    parallel = False
    writes = True

    def reserve(self, slots: int) -> int:
        return slots - 1  # the last answer token is predicted, never read

    def word(self, model: LanguageModel, word: str, pieces: tuple[int, ...]) -> tuple[int, ...]:
        return pieces

    def after(self, model: LanguageModel, left: str, text: str) -> tuple[int, ...]:
        if text.strip():
            raise UserError(
                f"{model.id} is a causal model: it answers at the end of the prompt, and the"
                f" template goes on after the answer with {text.strip()[:40]!r}."
                " Move {answer} to the end, or pick a masked model."
            )
        return ()

    def closing_id(self, model: LanguageModel) -> int:
        """What follows a word in a demonstration; the end of a text for a tokenizer that drops
        newlines."""
        after, plain = (model.continuation("a", text + "a") for text in (SEPARATOR, " "))
        if after[:1] != plain[:1]:
            return after[0]
        named = (model.tokenizer.eos_token_id, model.tokenizer.sep_token_id, model.pad_id)
        return next(token for token in named if token is not None)

    def begin(self, model: LanguageModel) -> tuple[int, ...]:
        return ()

    def encode(
        self, model: LanguageModel, parts: PromptParts, answer: Sequence[int], slots: int
    ) -> Encoded:
        """Prompt, then the answer but for its last token; row j predicts answer token j."""
        context = (*parts.shared, *parts.query)
        first = len(context) - 1
        count = max(len(answer), 1)
        return Encoded((*context, *answer[:-1]), tuple(range(first, first + count)))
