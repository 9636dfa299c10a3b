"""A prompt as a turn of a conversation, in the words of the model's own chat template.

The template's own text is read with its marks, what a person has typed without: `<|im_end|>` in a
review ends no turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from playground.data.example import Example
from playground.errors import UserError
from playground.models.chat_frame import Frame, frame_of
from playground.models.families import PromptParts
from playground.models.language_model import LanguageModel
from playground.models.spoken import Said, before_text, marked
from playground.tasks.classification import SEPARATOR, Prompt, Task, preamble


def chat_frame(model: LanguageModel) -> Frame:
    """What the model's chat template puts around texts. Raises UserError where it has none that
    can be used, or the model does not go on from a text."""
    if model.family.name != "causal":
        raise UserError(
            f"{model.id} does not go on from a text, so it answers in no turn of a conversation."
            " Send the prompt as it is instead."
        )
    return frame_of(model.tokenizer, model.id)


def offers_chat(model: LanguageModel) -> bool:
    """Whether the prompt may be sent through the model's chat template."""
    try:
        chat_frame(model)
    except UserError:
        return False
    return True


@dataclass(frozen=True)
class Chat:
    """The prompts of one task as conversations. What is said before a row's own text is the same
    for all rows, so it can be run once.

    The instruction is a system turn where the template has one, else it stands before the
    first text. Demonstrations are answered turns where turns go on alike, else they stand in front
    of the text in its own turn. Eight as turns, and in one turn, on 100 rows, one draw, with
    SmolLM2-135M-Instruct: trec6 0.24 and 0.02, sst2 (with an instruction) 0.47 and 0.61. The
    instruction as a system turn, and before the text, zero-shot on 200 rows: trec6 0.09 and
    0.025, sst2 0.580 and 0.575.
    """

    model: LanguageModel
    task: Task
    frame: Frame

    @staticmethod
    def of(model: LanguageModel, task: Task) -> "Chat":
        """Raises UserError where the model has no chat template that can be used."""
        return Chat(model, task, chat_frame(model))

    def parts(
        self, row: Mapping[str, str], demonstrations: Sequence[Example], dropped: int
    ) -> PromptParts:
        """The prompt in tokens, whether it fits or not. Only the last demonstrations are shown,
        without the first `dropped`."""
        shown, between = self._shown(demonstrations, dropped)
        own = self.task.render(row)
        self.model.family.after(self.model, "", own.after)
        said = shown.typed(self.model, self._kept(between, own.before))
        prompt = Prompt(said.text + self.frame.closing)
        plain, after = self._closing
        said = said.typed(self.model, plain) if plain else said
        return PromptParts(shown.ids, (*said.ids[len(shown.ids) :], *after), (), prompt, dropped)

    @cached_property
    def words(self) -> tuple[tuple[int, ...], ...]:
        """The pieces of every label word where the answer begins."""
        asked = Said().typed(self.model, "a").written(self.model, self.frame.closing)
        told = [asked.typed(self.model, self.frame.joint + word) for word in self.task.words]
        return tuple(said.ids[len(asked.ids) :] for said in told)

    @cached_property
    def end_id(self) -> int:
        """The token that ends an answer, for words that begin other words."""
        answer = Said().typed(self.model, "a")
        ended = answer.written(self.model, self.frame.ending)
        more = ended.ids[len(answer.ids) :]
        return more[0] if more else self.model.family.closing_id(self.model)

    def told(self) -> dict[str, Any]:
        """What a script has to know to pose the same prompts: the ids before a row's text, what it
        follows (`left`, "" where it is read as the beginning of a text) and the blanks between, the
        template's and the task's own; whether blanks around it go; the plain text after it, and
        the ids after that.
        """
        shown, between = self._shown((), 0)
        plain, after = self._closing
        return {
            "opening": shown.ids,
            "left": before_text(self.model, shown),
            "blank": shown.blank,
            "between": between,
            "trims": self.frame.trims,
            "closing_text": plain,
            "closing": after,
        }

    @cached_property
    def _closing(self) -> tuple[str, tuple[int, ...]]:
        """What follows every row's text: plain text up to the first mark, and the ids from there
        on, which are the same whatever the text."""
        part, mark = next(marked(self.model, self.frame.closing), ("", 0))
        plain = part.rstrip(" ") if mark is None else ""
        return plain, Said().written(self.model, self.frame.closing[len(plain) :]).ids

    def _shown(self, demonstrations: Sequence[Example], dropped: int) -> tuple[Said, str]:
        """What is said before every row's text, and the blanks before that."""
        if dropped not in self._known:
            said, front = self._instructed()
            shown = demonstrations[dropped:]
            if self.frame.answered is None:
                front += preamble(replace(self.task, instruction=""), shown)
                shown = ()
            for example in shown:
                said, front = self._answered(said, front, example), ""
            head = front.rstrip()
            said = said.typed(self.model, head) if head else said
            self._known[dropped] = said, front[len(head) :]
        return self._known[dropped]

    def _instructed(self) -> tuple[Said, str]:
        """The opening, and what is to stand before the first text."""
        instruction, said = self.task.instruction.strip(), Said()
        if not instruction or self.frame.instructed is None:
            front = instruction + SEPARATOR if instruction else ""
            return said.written(self.model, self.frame.opening), front
        before, after = self.frame.instructed
        said = said.written(self.model, before).typed(self.model, instruction)
        return said.written(self.model, after), ""

    def _answered(self, said: Said, front: str, example: Example) -> Said:
        """One demonstration more."""
        asked, told = self.frame.answered or ("", "")
        text = self._kept("", front + self.task.render(example.row).before)
        said = said.typed(self.model, text).written(self.model, asked)
        word = self.task.label_words[example.label]
        return said.typed(self.model, word).written(self.model, told)

    def _kept(self, between: str, text: str) -> str:
        """A text as the template leaves it, after what stands between it and others."""
        if not self.frame.trims:
            return between + text
        return between + text.rstrip() if between else text.strip()

    @cached_property
    def _known(self) -> dict[int, tuple[Said, str]]:
        """What `_shown` has found so far, by the demonstrations dropped."""
        return {}
