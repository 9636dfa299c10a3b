"""Tiny models that were taught to talk: chat templates of the shapes that published ones have."""

import copy
from pathlib import Path

from transformers import AddedToken, PreTrainedTokenizerFast

from playground.models.language_model import LanguageModel
from tests.tiny import save_tiny, tiny_model, tiny_tokenizer

ROOM = 512  # tokens that they read
MARKS = ("<|im_start|>", "<|im_end|>", "<|turn|>")
# A system turn, and one of the template's own where there is none.
CHATML = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nBe kind.<|im_end|>\n' }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
# Words in place of marks, blanks that go, and a blank that comes with the answer alone.
BRACKETS = (
    "{% if messages[0]['role'] == 'system' %}{% set first = '<<SYS>>\n' + messages[0]['content']"
    " + '\n<</SYS>>\n\n' %}{% set messages = messages[1:] %}{% endif %}"
    "{% for message in messages %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' +"
    " (first if loop.first and first is defined else '') + message['content'].strip() + ' [/INST]'"
    " }}{% else %}{{ ' ' + message['content'].strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
)
# No system turn, and a mark that takes the blanks behind it.
NO_SYSTEM = (
    "{% for message in messages %}{% if message['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{{ '<|turn|>\n' + ('user' if message['role'] == 'user' else 'model') + '\n' }}"
    "{{ message['content'] | trim + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|turn|>\nmodel\n' }}{% endif %}"
)
# The instruction comes in the last turn, so that turns before it do not go on alike.
SYSTEM_LAST = (
    "{% if messages[0]['role'] == 'system' %}{% set system = messages[0]['content'] %}"
    "{% set messages = messages[1:] %}{% endif %}{% for message in messages %}"
    "{% if message['role'] == 'user' %}{{ '<|im_start|>' }}{% if loop.last and system is defined %}"
    "{{ system + '\n\n' }}{% endif %}{{ message['content'] + '<|im_end|>' }}"
    "{% else %}{{ message['content'] + eos_token }}{% endif %}{% endfor %}"
)
TEMPLATES = {
    "chatml": CHATML,
    "brackets": BRACKETS,
    "no system": NO_SYSTEM,
    "system last": SYSTEM_LAST,
}


def chat_tokenizer(template: str = CHATML) -> PreTrainedTokenizerFast:
    """The tiny tokenizer with marks and a template."""
    tokenizer = copy.deepcopy(tiny_tokenizer())
    marks = [AddedToken(m, rstrip=m == "<|turn|>", special=True, normalized=False) for m in MARKS]
    tokenizer.add_special_tokens({"additional_special_tokens": marks})
    tokenizer.chat_template = template
    return tokenizer


def chat_model(template: str = CHATML, name: str = "llama") -> LanguageModel:
    """A tiny model of an architecture that reads them."""
    model = tiny_model(name, **_sizes(name))
    model.tokenizer, model.max_length = chat_tokenizer(template), ROOM
    return model


def save_chat(name: str, folder: Path) -> Path:
    """The same as a folder that `load` opens."""
    save_tiny(name, folder, **_sizes(name))
    tokenizer = chat_tokenizer()
    tokenizer.model_max_length = ROOM
    tokenizer.save_pretrained(folder)
    return folder


def _sizes(name: str) -> dict[str, int]:
    positions = "n_positions" if name == "gpt2" else "max_position_embeddings"
    return {"vocab_size": len(chat_tokenizer()), positions: ROOM}
