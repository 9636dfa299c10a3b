"""What a causal model writes when it is left to go on by itself."""

import torch

from playground.errors import UserError
from playground.models.answer_logits import plain_network, virtual_tokens
from playground.models.language_model import LanguageModel
from playground.scoring.batching import asking


def write(model: LanguageModel, network: torch.nn.Module, prompt: str, tokens: int = 24) -> str:
    """The likeliest continuation, token by token, to the first newline or `tokens` tokens.

    Special tokens are left out. Raises UserError for a model that does not go on from a text.
    """
    if model.family.name != "causal":
        raise UserError(f"{model.id} fills gaps and does not write. Pick a causal model for that.")
    ids = [*model.start_ids, *model.tokens(prompt)]
    room = model.max_length - virtual_tokens(network) - tokens
    ids = [*ids[: len(model.start_ids)], *ids[len(model.start_ids) :][-max(room, 1) :]]
    with asking(network, model.device):
        written = _greedily(model, network, ids, tokens)
    return written.split("\n", 1)[0].strip()


def _greedily(model: LanguageModel, network: torch.nn.Module, ids: list[int], tokens: int) -> str:
    """`generate` would prepend a soft prompt at every step or at none; this asks the network the
    way scoring does, and keeps the cache where there is one."""
    stops = _stop_ids(model, network)
    given = torch.tensor([ids], device=model.device)
    seen, cache, chosen = given, None, []
    while len(chosen) < tokens:
        more = {} if cache is None else {"past_key_values": cache}
        mask = torch.ones(1, seen.shape[1] + (cache is not None) * virtual_tokens(network))
        output = network(
            input_ids=given, attention_mask=mask.long().to(model.device), use_cache=True, **more
        )
        following = output.logits[:, -1:].argmax(-1)
        chosen.append(int(following))
        if chosen[-1] in stops or "\n" in model.tokenizer.decode(chosen):
            break
        cache = getattr(output, "past_key_values", None)
        seen = torch.cat([seen, following], dim=1)
        given = seen if cache is None else following
    return model.tokenizer.decode(chosen, skip_special_tokens=True)


def _stop_ids(model: LanguageModel, network: torch.nn.Module) -> set[int]:
    """The ends of a text, as the tokenizer and the network's own configuration name them."""
    named = plain_network(network).generation_config.eos_token_id
    ends = named if isinstance(named, list) else [named]
    return {token for token in (*ends, model.tokenizer.eos_token_id) if token is not None}
