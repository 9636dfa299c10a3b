"""What a model writes when it is left to go on by itself."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers.modeling_outputs import BaseModelOutput

from playground.errors import UserError
from playground.models.answer_logits import plain_network, virtual_tokens
from playground.models.kv_cache import cache_among, cache_argument
from playground.models.language_model import LanguageModel
from playground.models.seq2seq import decoder_opening
from playground.scoring.batching import asking


def write(
    model: LanguageModel, network: torch.nn.Module, prompt: str | Sequence[int], tokens: int = 24
) -> str:
    """The likeliest text, token by token, to the first newline or `tokens` tokens: what follows
    the prompt, or what a sequence-to-sequence model answers to it.

    prompt: a text, or the ids of a whole conversation, whose marks no text could give.
    Special tokens are left out. Raises UserError for a model that does not go on from a text.
    """
    if not model.family.writes:
        raise UserError(f"{model.id} fills gaps and does not write. Pick a causal model for that.")
    decodes = model.family.name == "seq2seq"
    start, end = (model.start_ids, model.end_ids) if isinstance(prompt, str) else ((), ())
    text = model.tokens(prompt) if isinstance(prompt, str) else prompt
    around = len(start) + len(end)
    room = model.max_length - virtual_tokens(network) - around - (0 if decodes else tokens)
    ids = [*start, *text[-max(room, 1) :], *end]
    with asking(network, model.device):
        written = (_answered if decodes else _greedily)(model, network, ids, tokens)
    return written.split("\n", 1)[0].strip()


def _greedily(model: LanguageModel, network: torch.nn.Module, ids: list[int], tokens: int) -> str:
    """`generate` would prepend a soft prompt at every step or at none; this asks the network the
    way scoring does, and keeps the cache where there is one."""
    given = torch.tensor([ids], device=model.device)
    argument = cache_argument(plain_network(network))
    chosen: list[int] = []
    seen, cache = given, None
    while len(chosen) < tokens:
        more: dict[str, Any] = {} if cache is None else {str(argument): cache}
        mask = torch.ones(1, seen.shape[1] + (cache is not None) * virtual_tokens(network))
        output = network(
            input_ids=given, attention_mask=mask.long().to(model.device), use_cache=True, **more
        )
        following = output.logits[:, -1:].argmax(-1)
        chosen.append(int(following))
        if _ends(model, network, chosen):
            break
        cache = cache_among(output) if argument else None
        seen = torch.cat([seen, following], dim=1)
        given = seen if cache is None else following
    return str(model.tokenizer.decode(chosen, skip_special_tokens=True))


def _answered(model: LanguageModel, network: torch.nn.Module, ids: list[int], tokens: int) -> str:
    """What the decoder writes; the prompt is read once."""
    chosen: list[int] = []
    opening = decoder_opening(model)
    prompt = torch.tensor([ids], device=model.device)
    read: dict[str, Any] = {"input_ids": prompt, "attention_mask": torch.ones_like(prompt)}
    while len(chosen) < tokens:
        decoder = torch.tensor([[*opening, *chosen]], device=model.device)
        output = network(**read, decoder_input_ids=decoder, use_cache=False)
        chosen.append(int(output.logits[0, -1].argmax()))
        if _ends(model, network, chosen):
            break
        states = output.encoder_last_hidden_state
        mask = torch.ones(states.shape[:2], dtype=torch.long, device=states.device)
        kept = BaseModelOutput(last_hidden_state=states)
        read = {"encoder_outputs": kept, "attention_mask": mask}
    return str(model.tokenizer.decode(chosen, skip_special_tokens=True))


def _ends(model: LanguageModel, network: torch.nn.Module, chosen: list[int]) -> bool:
    """Whether the last token ends a text, as the tokenizer and the network's own configuration
    name the ends, or a line."""
    named = plain_network(network).generation_config.eos_token_id
    ends = named if isinstance(named, list) else [named]
    known = [token for token in (*ends, model.tokenizer.eos_token_id) if token is not None]
    return chosen[-1] in known or "\n" in model.tokenizer.decode(chosen)
