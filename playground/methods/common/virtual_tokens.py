"""Embeddings prepended to the text: what the methods that train a soft prompt share."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from playground.methods.common.attached import attach, attached
from playground.methods.common.saving import fill, public_id, read_config, read_tensors, task_type
from playground.models.kv_cache import cache_among
from playground.models.language_model import LanguageModel

COMMON = 5000  # Lester et al. draw from the most common tokens; vocabularies are sorted that way
KEY = "prompt_embeddings"  # peft's name for the one tensor


class VirtualTokens(torch.nn.Module):
    """The prompt embeddings, and the two hooks through which a network reads them before its input.

    Not peft's: that is wrong under left padding, leaves the virtual positions in a masked model's
    output, and cannot start from label words. Here a network is called as ever, ids in, logits of
    the same length out. An encoder-decoder has them prepended to what its encoder reads.

    rows: vectors for each row of the next batches instead, (batch, count, width); None for the
    trained ones, which all rows share.
    """

    def __init__(
        self,
        embeddings: torch.Tensor,
        model: LanguageModel,
        encoder: torch.nn.Module | None = None,
    ) -> None:
        """`encoder`: takes the indices 0 to count - 1 and gives (count, width) to add to the
        embeddings; it trains instead of them."""
        super().__init__()
        # float32 whatever the base: in bfloat16 a small update would round to nothing
        first = embeddings.detach().float().clone()
        self.encoder = encoder
        if encoder is None:
            self.prompt_embeddings = torch.nn.Parameter(first)
        else:
            self.register_buffer("prompt_embeddings", first)
        self.rows: torch.Tensor | None = None
        self.base, self.task_type = public_id(model.id), task_type(model)
        self.input_length = 0  # of the caller's own input, in the forward that runs now
        self.handles: list[torch.utils.hooks.RemovableHandle] = []

    def attach(self, network: PreTrainedModel) -> PreTrainedModel:
        if hasattr(network, "soft_prompt"):
            raise ValueError("this network reads a soft prompt already: remove that one first")
        network.requires_grad_(False)
        network.soft_prompt = self
        attach(network, "virtual_tokens", len(self.prompt_embeddings))
        self.handles = [
            network.register_forward_pre_hook(self.before, with_kwargs=True),
            network.register_forward_hook(self.after),
        ]
        return network

    def detach(self, network: PreTrainedModel) -> PreTrainedModel:
        for handle in self.handles:
            handle.remove()
        del network.soft_prompt, network.virtual_tokens
        return network

    def vectors(self) -> torch.Tensor:
        """(count, width), without what made them."""
        return added(self.prompt_embeddings, self.encoder)

    def before(
        self, network: PreTrainedModel, inputs: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Prepend the vectors: to the embeddings, the mask and the positions.

        With a filled cache, or an encoder that has read them, nothing is prepended.
        """
        self.input_length = 0
        cache = cache_among(named)
        filled = cache is not None and cache.get_seq_length() > 0
        if filled or named.get("encoder_outputs") is not None:
            return inputs, named
        named = dict(named)
        ids = inputs[0] if inputs else named.pop("input_ids", None)
        if (own := named.get("inputs_embeds")) is None:
            own = network.get_input_embeddings()(ids)
        count = len(self.prompt_embeddings)
        self.input_length = 0 if network.config.is_encoder_decoder else own.shape[1]
        given = self.vectors() if self.rows is None else self.rows
        vectors = given.to(own.dtype).expand(len(own), -1, -1)
        named["inputs_embeds"] = torch.cat((vectors, own), dim=1)
        if (mask := named.get("attention_mask")) is not None:
            named["attention_mask"] = torch.cat((mask.new_ones(len(mask), count), mask), dim=1)
        if (positions := named.get("position_ids")) is not None:
            first = torch.arange(count, device=positions.device).expand(len(positions), -1)
            named["position_ids"] = torch.cat((first, positions + count), dim=1)
        return inputs[1:], named

    def after(
        self, network: PreTrainedModel, inputs: tuple[Any, ...], output: ModelOutput
    ) -> ModelOutput:
        """Cut the virtual positions off, so that position t of the output is the input's t.

        An output that is not (virtual + given) long holds chosen rows only and is left alone, and
        so is a decoder's that an encoder has read them for.
        """
        if network.config.is_encoder_decoder:
            return output
        whole = len(self.prompt_embeddings) + self.input_length
        for name in ("logits", "last_hidden_state"):
            states = output.get(name)
            if self.input_length and states is not None and states.shape[1] == whole:
                output[name] = states[:, -self.input_length :]
        return output


def added(start: torch.Tensor, encoder: torch.nn.Module | None) -> torch.Tensor:
    """What the encoder makes of the indices 0 to len(start) - 1, on top of the start."""
    if encoder is None:
        return start
    with torch.autocast(start.device.type, enabled=False):  # so that what is saved is the same
        return start + encoder(torch.arange(len(start), device=start.device))


def embedding_width(model: LanguageModel) -> int:
    return attached(model.network.get_input_embeddings(), "embedding_dim", int)


def embedded(model: LanguageModel, ids: Sequence[int]) -> torch.Tensor:
    """(tokens, width), as the network itself reads them: Gemma scales its embeddings."""
    with torch.no_grad():
        return model.network.get_input_embeddings()(torch.tensor(list(ids), device=model.device))


def frequent_tokens(model: LanguageModel, count: int) -> Sequence[int]:
    """Tokens drawn at random, with repetition, from the first and so most common ones."""
    special = set(model.tokenizer.all_special_ids)
    table = attached(model.network.get_input_embeddings(), "weight", torch.Tensor)
    known = min(len(model.tokenizer), len(table))
    pool = [token for token in range(min(known, COMMON + len(special))) if token not in special]
    return [pool[index] for index in torch.randint(len(pool), (count,)).tolist()]


def too_long(model: LanguageModel, length: int) -> str | None:
    """Why so many virtual tokens leave no room for the text; None where they do."""
    if length < model.max_length // 2:
        return None
    return (
        f"{length} virtual tokens would take half of the {model.max_length} tokens"
        f" {model.id} reads. Choose fewer."
    )


def peft_fields(network: PreTrainedModel) -> dict[str, Any]:
    """What peft's configurations of soft prompts say of these vectors and of the base."""
    prompt, config = attached(network, "soft_prompt", VirtualTokens), network.config
    length, width = prompt.prompt_embeddings.shape
    return {
        "task_type": prompt.task_type,
        "base_model_name_or_path": prompt.base,
        "inference_mode": True,
        "num_virtual_tokens": length,
        "token_dim": width,
        "num_transformer_submodules": 1,
        "num_attention_heads": config.num_attention_heads,
        "num_layers": config.num_hidden_layers,
    }


def load_vectors(model: LanguageModel, folder: Path, kind: str) -> PreTrainedModel:
    """A prompt saved here or by peft itself, as peft's `kind`. The base it names is not opened."""
    read_config(folder, kind)
    given = read_tensors(folder)
    count = len(given[KEY]) if KEY in given else 1
    table = attached(model.network.get_input_embeddings(), "weight", torch.Tensor)
    prompt = VirtualTokens(table.new_zeros(count, embedding_width(model)), model)
    fill({KEY: prompt.prompt_embeddings}, given)
    return prompt.attach(model.network).requires_grad_(False).eval()
