"""Causal models (GPT, Llama, Pythia, …): the answer follows the prompt, token by token."""

from collections.abc import Sequence

from playground.errors import UserError
from playground.models.families import Encoded, PromptParts
from playground.models.language_model import LanguageModel


class Causal:
    name = "causal"
    parallel = False
    writes = True

    def reserve(self, slots: int) -> int:
        return slots - 1  # the last answer token is predicted, never read

    def word(self, model: LanguageModel, left: str, word: str) -> tuple[int, ...]:
        return model.continuation(left, word)

    def after(self, model: LanguageModel, text: str) -> tuple[int, ...]:
        if text.strip():
            raise UserError(
                f"{model.id} is a causal model: it answers at the end of the prompt, and the"
                f" template goes on behind the answer with {text.strip()[:40]!r}."
                " Move {answer} to the end, or pick a masked model."
            )
        return ()

    def closing_id(self, model: LanguageModel) -> int:
        return model.continuation("a", "\n")[-1]

    def place(
        self, model: LanguageModel, parts: PromptParts, answer: Sequence[int], slots: int
    ) -> Encoded:
        """Prompt, then the answer but for its last token; row j predicts answer token j."""
        context = (*parts.shared, *parts.query)
        first = len(context) - 1
        count = max(len(answer), 1)
        return Encoded((*context, *answer[:-1]), tuple(range(first, first + count)))
