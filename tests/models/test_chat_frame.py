"""What a chat template puts around texts is found without trusting whoever wrote it."""

import os
import signal

import pytest

from playground import limits
from playground.errors import UserError
from playground.models.chat_frame import frame_of
from playground.models.child import Lost, in_a_child
from tests.chatting import BRACKETS, CHATML, NO_SYSTEM, SYSTEM_LAST, chat_tokenizer

USER = "{{ messages[-1]['content'] }}"


def test_a_frame_has_every_place_of_a_conversation():
    frame = frame_of(chat_tokenizer(CHATML), "it")

    assert frame.opening == "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n"
    assert frame.closing == "<|im_end|>\n<|im_start|>assistant\n"
    assert frame.instructed == ("<|im_start|>system\n", "<|im_end|>\n<|im_start|>user\n")
    assert frame.answered == (frame.closing, "<|im_end|>\n<|im_start|>user\n")
    assert frame.ending == "<|im_end|>\n"
    assert not frame.trims


def test_a_template_without_a_system_turn_has_none():
    frame = frame_of(chat_tokenizer(NO_SYSTEM), "it")

    assert frame.instructed is None
    assert frame.answered == ("<|im_end|>\n<|turn|>\nmodel\n", "<|im_end|>\n<|turn|>\nuser\n")
    assert frame.trims


def test_a_blank_that_comes_with_the_answer_is_seen():
    frame = frame_of(chat_tokenizer(BRACKETS), "it")

    assert (frame.closing, frame.joint) == (" [/INST]", " ")
    assert frame.instructed == ("<s>[INST] <<SYS>>\n", "\n<</SYS>>\n\n")


def test_an_instruction_that_moves_with_the_turns_is_no_system_turn():
    frame = frame_of(chat_tokenizer(SYSTEM_LAST), "it")

    assert frame.instructed is None
    assert frame.answered == ("<|im_end|>", "</s><|im_start|>")


def test_an_answer_that_is_not_asked_for_begins_where_the_template_puts_it():
    silent = CHATML.replace("{% if add_generation_prompt %}", "{% if false %}")
    thinks = CHATML.replace("assistant\n'", "assistant\n' + ('' if enable_thinking else '<n>')")

    assert frame_of(chat_tokenizer(silent), "it").closing == "<|im_end|>\n<|im_start|>assistant\n"
    assert frame_of(chat_tokenizer(thinks), "it").closing.endswith("assistant\n<n>")


def test_the_day_does_not_change_the_prompt():
    dated = "{{ strftime_now('%d %b %Y') }} {{ date_string }}\n" + USER

    assert frame_of(chat_tokenizer(dated), "it").opening == "26 Jul 2024 26 Jul 2024\n"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("no text at all", "does not hold the user's text"),
        (USER + USER, "does not hold the user's text"),
        (USER.replace(" }}", "|upper }}"), "does not hold the user's text"),
        (USER + "{{ range(100000)|random }}", "another text each time"),
        ("{{ raise_exception('No\nchat.') }}", "TemplateError: No chat"),
        ("{% for %}", "TemplateSyntaxError"),
        ("{{ messages.__class__.__mro__ }}" + USER, "SecurityError"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}" + USER, "RecursionError"),
        ("{{ 'a' * 10000000000 }}" + USER, "MemoryError"),
        ("{{ 'a' * 2000000 }}" + USER, "too much text"),
        (USER + "{# " + "x" * limits.CHAT_TEMPLATE_CHARACTERS + " #}", "too many"),
        (None, "has no chat template"),
        ({"tools": USER}, "has no chat template"),
        (5, "is no text"),
        (USER + "\ud800", "surrogates not allowed"),
    ],
)
def test_a_template_that_cannot_be_used_is_told(template, reason):
    with pytest.raises(UserError, match=reason) as said:
        frame_of(chat_tokenizer(template), "them/it")
    assert "them/it" in str(said.value)
    assert str(said.value).endswith("Send the prompt as it is instead.")


def test_work_without_an_end_is_ended():
    def forever() -> None:
        while True:
            pass

    with pytest.raises(Lost, match="too"):
        in_a_child(forever, seconds=1)
    assert in_a_child(lambda: ["what is said"], seconds=30) == ["what is said"]


def test_a_child_that_dies_is_told():
    with pytest.raises(Lost, match="time or memory"):
        in_a_child(lambda: os.kill(os.getpid(), signal.SIGKILL), seconds=30)
