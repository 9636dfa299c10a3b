"""The logits at the answer's positions, without running the output head anywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from playground.models.classes import classes_of
from playground.models.families import Batch
from playground.models.kv_cache import without_cache


@dataclass
class Caught:
    """What the temporary hooks saw of one forward pass."""

    gathered: bool = False
    logits: torch.Tensor | None = None


def plain_network(network: torch.nn.Module) -> PreTrainedModel:
    """The transformers network inside whatever wraps it (peft, a soft prompt), or itself."""
    for module in network.modules():
        if isinstance(module, PreTrainedModel):
            return module
    raise ValueError(f"no transformers network inside {type(network).__name__}")


def virtual_tokens(network: torch.nn.Module) -> int:
    """Positions of its context that the network fills before its input: 0 but for a soft prompt
    or a prefix."""
    return int(getattr(network, "virtual_tokens", 0))


def virtual_rows(network: torch.nn.Module) -> int:
    """How many of them are rows of its hidden states too: none of a prefix, which is only seen."""
    return int(getattr(network, "virtual_rows", virtual_tokens(network)))


def answer_logits(network: torch.nn.Module, batch: Batch) -> torch.Tensor:
    """Logits at batch.rows: (batch, slots, vocab), by one plain forward of the network.

    A hook on the backbone keeps only the answer's rows, so the head (vocabulary x width, most of
    a small model's work) runs on those alone; it is gone again when this returns. The rows are
    moved by the network's virtual tokens, unless they count in a decoder: virtual tokens stand in
    front of what the encoder reads. The logits are taken where the plain network gives them, or a
    classifier head in its place. What cuts virtual positions off an output must leave one of
    another length alone.
    """
    unkept = without_cache(plain_network(network))
    in_front = virtual_rows(network) if batch.decoder_input_ids is None else 0
    with keeping_rows(network, batch.rows + in_front) as caught:
        network(**batch.inputs(), **unkept)
    return kept_logits(caught, batch)


@contextmanager
def keeping_rows(network: torch.nn.Module, rows: torch.Tensor) -> Iterator[Caught]:
    """While open, the next forward keeps only `rows` (batch, slots) of the last hidden state."""
    plain, caught = plain_network(network), Caught()

    def gather(
        module: torch.nn.Module, inputs: tuple[Any, ...], output: ModelOutput | tuple[Any, ...]
    ) -> ModelOutput | tuple[Any, ...]:
        if caught.gathered:
            return output  # a backbone around a backbone: the inner one has done it
        caught.gathered = True
        if isinstance(output, tuple):
            return (take_rows(output[0], rows), *output[1:])
        output["last_hidden_state"] = take_rows(output["last_hidden_state"], rows)
        return output

    def catch(
        module: torch.nn.Module, inputs: tuple[Any, ...], output: ModelOutput | tuple[Any, ...]
    ) -> None:
        caught.logits = output[0] if isinstance(output, tuple) else output["logits"]

    handles = [backbone.register_forward_hook(gather) for backbone in _backbones(plain)]
    answering = plain if classes_of(network) is None else network
    handles.append(answering.register_forward_hook(catch))
    try:
        yield caught
    finally:
        for handle in handles:
            handle.remove()


def kept_rows(caught: Caught) -> torch.Tensor:
    """The logits that the network gave. Raises ValueError where it gave none."""
    if caught.logits is None:
        raise ValueError("the network gave no logits")
    return caught.logits


def kept_logits(caught: Caught, batch: Batch) -> torch.Tensor:
    """The logits at batch.rows; taken out now where the network bypassed its backbone's hook."""
    logits = kept_rows(caught)
    if caught.gathered:
        return logits
    answering = batch.input_ids if batch.decoder_input_ids is None else batch.decoder_input_ids
    in_front = logits.shape[1] - answering.shape[1]  # virtual tokens not cut off
    return take_rows(logits, batch.rows + in_front)


def take_rows(states: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """states (batch, length, width), rows (batch, slots) -> (batch, slots, width)."""
    return states.gather(1, rows[..., None].expand(-1, -1, states.shape[-1]))


def _backbones(plain: PreTrainedModel) -> list[torch.nn.Module]:
    """The network without its head; OPT calls its decoder and leaves out the module around it.
    T5 has no such part: there the decoder itself stands before the head."""
    backbone = plain.base_model
    outer: list[torch.nn.Module] = [] if backbone is plain else [backbone]
    inner = getattr(backbone, "decoder", None)
    if isinstance(inner, PreTrainedModel) or (outer and isinstance(inner, torch.nn.Module)):
        return [*outer, inner]
    return outer
