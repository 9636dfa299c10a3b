"""Templates: how an example's texts stand in a prompt, drawn from families of field names."""

from dataclasses import dataclass
from random import Random

from playground.pretraining.mixture.names import ASKED, INPUTS, OUTPUTS
from playground.pretraining.mixture.renaming import Renaming
from playground.pretraining.mixture.task import Episode, Task, Texts
from playground.tasks.classification import SEPARATOR

_SEPARATORS = (SEPARATOR,) * 17 + ("\n", "\n\n\n", "\n###\n", "\n---\n")
_ENDS_LINE = (SEPARATOR,) * 8 + ("\n",)
_ALL_INPUTS = tuple(name for names in INPUTS.values() for name in names)
_ALL_OUTPUTS = tuple(name for names in OUTPUTS.values() for name in names)
_SHAPES = ("fields",) * 11 + ("asked",) * 3 + ("unnamed", "unnamed", "inline", "arrow", "quoted")


@dataclass(frozen=True)
class Template:
    """heads: what stands before each text. end: what stands between the last text and the answer.

    asks: whether the end holds the episode's question.
    """

    heads: Texts
    end: str
    separator: str = SEPARATOR
    asks: bool = False

    def render(self, texts: Texts) -> str:
        """The prompt up to the answer; its blank is not in it."""
        shown = "".join(head + text for head, text in zip(self.heads, texts, strict=True))
        return shown + self.end


def a_template(task: Task, episode: Episode, named: Renaming, rng: Random) -> Template:
    """One for the whole episode. A question of its own is always put, here or in front."""
    names = _field_names(task, rng)
    lower = rng.random() < 0.08
    output = _output_name(task, rng)
    if lower:
        names, output = [name.lower() for name in names], output.lower()
    shape = rng.choice(_SHAPES)
    if task.endings and named.readable and rng.random() < 0.25:
        return Template(_heads(names, rng.random() < 0.5), rng.choice(task.endings))
    if episode.question and rng.random() < 0.75:
        shape = "asked"
    if shape == "asked" and len(names) == 2 and rng.random() < 0.3 and _two_way(named):
        return _second_asks(named, names, rng)
    if shape == "asked":
        return _asked(task, episode, named, names, rng)
    if shape == "arrow":
        end, separator = rng.choice((" ->", " =>", "\n->")), rng.choice(_SEPARATORS + ("\n",) * 9)
        return Template(_heads(names, len(names) > 1), end, separator)
    if shape == "unnamed":
        return Template(_heads(names, len(names) > 1), f"\n{output}:", rng.choice(_ENDS_LINE))
    if shape == "inline":
        return Template(_heads(names, True), f" {output}:", rng.choice(_SEPARATORS))
    if shape == "quoted" and len(names) == 1:
        return Template(('"',), f'"\n{output}:', rng.choice(_ENDS_LINE))
    return Template(_heads(names, True), f"\n{output}:", rng.choice(_SEPARATORS))


def instruction(question: str, words: Texts, rng: Random) -> str:
    """A line in front of all examples: what is asked, often with the words to choose from."""
    if not question and rng.random() < 0.75:
        return ""
    if not 2 <= len(words) <= 12:
        return question
    if question and rng.random() < 0.5:
        return question
    listed, either = ", ".join(words), f"{', '.join(words[:-1])} or {words[-1]}"
    line = rng.choice(
        (f"Choose one of: {listed}.", f"Answer with {either}.", f"Labels: {listed}",
         f"Options: {listed}", f"Is it {either}?", f"Classify as {either}.",
         f"Possible answers: {listed}.", "Options:\n- " + "\n- ".join(words))
    )  # fmt: skip
    return f"{question} {line}" if question else line


def _asked(
    task: Task, episode: Episode, named: Renaming, names: list[str], rng: Random
) -> Template:
    """The question on a line of its own, then a line for the answer."""
    question = episode.question or rng.choice(task.questions or ASKED.get(task.output, ("",)))
    words = named.words
    if words in (("yes", "no"), ("no", "yes")):
        question = f"{question} Yes or no?" if rng.random() < 0.5 else question
    elif 2 <= len(words) <= 6 and (not question or rng.random() < 0.4):
        question = f"{question} {', '.join(words[:-1])} or {words[-1]}?".strip()
    line = rng.choice(("Question: ", "Question: ", "Q: ", ""))
    answer = (
        "A"
        if line == "Q: "
        else rng.choice(("Answer", "Answer", "Answer", _output_name(task, rng)))
    )
    end = f"\n{line}{question}\n{answer}:" if question else f"\n{answer}:"
    named_texts = len(names) > 1 or rng.random() < 0.75
    return Template(_heads(names, named_texts), end, rng.choice(_ENDS_LINE), asks=True)


def _two_way(named: Renaming) -> bool:
    return named.words in (("yes", "no"), ("true", "false"), ("same", "different"))


def _second_asks(named: Renaming, names: list[str], rng: Random) -> Template:
    """The second text as the question, as the app proposes it for a text and a claim."""
    first = f"{names[0]}: " if rng.random() < 0.5 else ""
    either = " or ".join(named.words).capitalize()
    return Template((first, "\nQuestion: "), f" {either}?\nAnswer:", asks=False)


def _heads(names: list[str], named: bool) -> Texts:
    """What stands before each text: its name, or only a line break."""
    shown = [f"{name}: " if named else "" for name in names]
    return tuple(("\n" if index else "") + name for index, name in enumerate(shown))


def _field_names(task: Task, rng: Random) -> list[str]:
    """A name for each text; two texts of a pair keep names that belong together."""
    if task.inputs[:2] == ("first", "second"):
        at = rng.randrange(len(INPUTS["first"]))
        return [INPUTS[family][at] for family in task.inputs[:2]] + [
            rng.choice(INPUTS[family]) for family in task.inputs[2:]
        ]
    if len(task.inputs) == 1 and rng.random() < 0.08:
        return [rng.choice(_ALL_INPUTS)]
    return [rng.choice(INPUTS[family]) for family in task.inputs]


def _output_name(task: Task, rng: Random) -> str:
    return rng.choice(_ALL_OUTPUTS if rng.random() < 0.06 else OUTPUTS[task.output])
