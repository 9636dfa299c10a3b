"""What a model makes of a prompt before anything is asked."""

from playground.executors.compute_limit import bounded
from playground.inference.replies import ChatUsable, Preview, WordCheck
from playground.inference.requests import CheckChat, PreviewPrompt
from playground.inference.resident import Progress, Resident
from playground.models.chat import chat_frame, offers_chat
from playground.models.loading import load
from playground.scoring import check_words, prompt_text
from playground.scoring.shown import SLOT


def preview_prompt(request: PreviewPrompt, resident: Resident, progress: Progress) -> Preview:
    """The prompt of one row and the label words, as the base reads them."""
    model, task = resident.base(request.model), request.task
    prompt = prompt_text(model, task, request.row, request.demonstrations)
    words = tuple(
        WordCheck(one.label, one.word, one.tokens, one.prior, one.problem)
        for one in check_words(model, task)
    )
    return Preview(
        text=f"{prompt.before} {SLOT}{prompt.after}",
        before=prompt.before,
        after=prompt.after,
        tokens=prompt.tokens,
        room=prompt.room,
        cut=prompt.cut,
        dropped=prompt.dropped,
        words=words,
        chat=offers_chat(model),
    )


def check_chat(request: CheckChat, resident: Resident, progress: Progress) -> ChatUsable:
    """That the model has a chat template that can be used; its weights are not needed.

    Raises UserError where it has none.
    """
    with bounded(request.model):
        model = load(request.model, empty=True)
    chat_frame(model)
    return ChatUsable()
