"""Soft prompt: trainable vectors in front of the text, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peft
import torch
from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from playground.errors import UserError
from playground.methods import setting
from playground.methods.saving import (
    fill,
    public_id,
    read_config,
    read_tensors,
    task_type,
    write_tensors,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

COMMON = 5000  # Lester et al. draw from the most common pieces; vocabularies are sorted that way
KEY = "prompt_embeddings"  # peft's name for the one tensor


class VirtualTokens(torch.nn.Module):
    """The vectors, and the two hooks through which a network reads them before its own input.

    Not peft's: that is wrong under left padding, leaves the virtual positions in a masked model's
    output, and cannot start from label words. Here a network is called as ever, ids in, logits of
    the same length out.
    """

    def __init__(self, embeddings: torch.Tensor, model: LanguageModel) -> None:
        super().__init__()
        # float32 whatever the base: in bfloat16 a small update would round to nothing
        self.prompt_embeddings = torch.nn.Parameter(embeddings.detach().float().clone())
        self.base, self.task_type = public_id(model.id), task_type(model)
        self.given = 0  # positions of the caller's own input, in the forward that runs now
        self.handles: list[torch.utils.hooks.RemovableHandle] = []

    def attach(self, network: PreTrainedModel) -> PreTrainedModel:
        if hasattr(network, "soft_prompt"):
            raise ValueError("this network reads a soft prompt already: remove that one first")
        network.requires_grad_(False)
        network.soft_prompt = self
        network.virtual_tokens = len(self.prompt_embeddings)
        self.handles = [
            network.register_forward_pre_hook(self.before, with_kwargs=True),
            network.register_forward_hook(self.after),
        ]
        return network

    def before(
        self, network: PreTrainedModel, inputs: tuple, named: dict[str, Any]
    ) -> tuple[tuple, dict[str, Any]]:
        """Put the vectors in front: of the embeddings, the mask and the positions.

        With a filled cache nothing is put in front: the vectors' keys and values are in it.
        """
        self.given = 0
        cache = named.get("past_key_values")
        if cache is not None and cache.get_seq_length() > 0:
            return inputs, named
        named = dict(named)
        ids = inputs[0] if inputs else named.pop("input_ids", None)
        if (own := named.get("inputs_embeds")) is None:
            own = network.get_input_embeddings()(ids)
        count, self.given = len(self.prompt_embeddings), own.shape[1]
        vectors = self.prompt_embeddings.to(own.dtype).expand(len(own), -1, -1)
        named["inputs_embeds"] = torch.cat((vectors, own), dim=1)
        if (mask := named.get("attention_mask")) is not None:
            named["attention_mask"] = torch.cat((mask.new_ones(len(mask), count), mask), dim=1)
        if (places := named.get("position_ids")) is not None:
            first = torch.arange(count, device=places.device).expand(len(places), -1)
            named["position_ids"] = torch.cat((first, places + count), dim=1)
        return inputs[1:], named

    def after(self, network: PreTrainedModel, inputs: tuple, output: ModelOutput) -> ModelOutput:
        """Cut the virtual positions off, so that position t of the output is the input's t.

        An output that is not (virtual + given) long holds chosen rows only and is left alone.
        """
        whole = len(self.prompt_embeddings) + self.given
        for name in ("logits", "last_hidden_state"):
            states = output.get(name)
            if self.given and states is not None and states.shape[1] == whole:
                output[name] = states[:, -self.given :]
        return output


@dataclass(frozen=True)
class SoftPrompt:
    """A few vectors are put in front of every text, as if they were words, and only these train:
    length * width numbers, the least to keep per task. They cost context as words do.

    [P; X] instead of X, where X are the embeddings of the text and P (length x width) is learnt
    (Lester et al. 2021, arXiv:2104.08691, section 2). Started from the label words' embeddings,
    then frequent words, as section 3.2 found best for small models. Small models gain less from it
    than large ones: the paper's figure 1 closes the gap only at billions of parameters. Saved in
    peft's format.

    It wants a large rate and no weight decay. Rate: the best of five on trec6 with the bundled
    model, 64 labels per class, and of two on sst2; falling to zero did better than the paper's
    constant one (tests/benchmarks/sweep_defaults.py).
    """

    title = "Soft prompt"
    paper = "https://arxiv.org/abs/2104.08691"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = False

    length: int = setting(20, "Vectors in front of the text", low=1, high=150)
    start: str = setting(
        "label words",
        "What the vectors are before training",
        choices=("label words", "vocabulary", "text", "random"),
    )
    text: str = setting("", "The words to start from, when starting from a text")
    learning_rate: float = setting(1e-2, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if self.length >= model.max_length // 2:
            return (
                f"{self.length} vectors would take half of the {model.max_length} tokens"
                f" {model.id} reads. Choose fewer."
            )
        if self.start == "text" and not self.text.strip():
            return "The soft prompt is to start from a text, and the text is empty. Type one."
        return None

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        return VirtualTokens(self._start(model, words), model).attach(model.network)

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        prompt, config = network.soft_prompt, network.config
        write_tensors(folder, {KEY: prompt.prompt_embeddings})
        peft.PromptTuningConfig(
            task_type=prompt.task_type,
            base_model_name_or_path=prompt.base,
            inference_mode=True,
            num_virtual_tokens=prompt.prompt_embeddings.shape[0],
            token_dim=prompt.prompt_embeddings.shape[1],
            num_transformer_submodules=1,
            num_attention_heads=config.num_attention_heads,
            num_layers=config.num_hidden_layers,
        ).save_pretrained(str(folder))

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A soft prompt saved here or by peft itself. The base it names is not opened."""
        read_config(folder, "PROMPT_TUNING")
        given = read_tensors(folder)
        count = len(given[KEY]) if KEY in given else 1
        rows = model.network.get_input_embeddings().weight.new_zeros(count, _width(model))
        prompt = VirtualTokens(rows, model)
        fill({KEY: prompt.prompt_embeddings}, given)
        return prompt.attach(model.network).requires_grad_(False).eval()

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        for handle in network.soft_prompt.handles:
            handle.remove()
        del network.soft_prompt, network.virtual_tokens
        return network

    def _start(self, model: LanguageModel, words: AnswerWords | None) -> torch.Tensor:
        table = model.network.get_input_embeddings().weight.detach()
        if self.start == "random":  # as in the paper
            return torch.rand(self.length, _width(model), device=table.device) - 0.5
        if self.start == "text":
            ids = model.tokens(self.text)
            return table[[ids[place % len(ids)] for place in range(self.length)]]
        rows = table[_common(model, self.length)]
        if self.start == "label words" and words is not None:
            means = [table[list(path)].mean(0) for path in words.ids[: self.length]]
            rows[: len(means)] = torch.stack(means)
        return rows


def _width(model: LanguageModel) -> int:
    return model.network.get_input_embeddings().embedding_dim


def _common(model: LanguageModel, count: int) -> Sequence[int]:
    """Pieces drawn at random, with repetition, from the first and so most common ones."""
    special = set(model.tokenizer.all_special_ids)
    known = min(len(model.tokenizer), model.network.get_input_embeddings().weight.shape[0])
    pool = [token for token in range(min(known, COMMON + len(special))) if token not in special]
    return [pool[place] for place in torch.randint(len(pool), (count,)).tolist()]


METHOD = SoftPrompt
