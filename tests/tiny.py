"""Tiny random models of every architecture, built in memory, with weights large enough that a
wrong position, mask or padding shows in the logits."""

from functools import cache
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from playground.models.causal import Causal
from playground.models.language_model import LanguageModel
from playground.models.masked import Masked

SPECIAL = ("<pad>", "<s>", "</s>", "<mask>", "<unk>")
TEXT = (
    "Review: a good film, a bad film, a dull and lifeless film, a moving and funny film.",
    "Sentiment: positive. Sentiment: negative. Sentiment: positive. Sentiment: negative.",
    "What is it about? It was great. It was terrible. It was good. It was bad.",
)
HEADS = {"num_attention_heads": 2, "num_key_value_heads": 1}
MAX_LENGTH = 96

_BLOCK = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
_POSITIONS = {"max_position_embeddings": MAX_LENGTH}
_GPT = {"n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": MAX_LENGTH}
_DISTIL = {"dim": 16, "hidden_dim": 32, "n_layers": 2, "n_heads": 2}
_TWO = {"num_attention_heads": 2}

CAUSAL: dict[str, dict] = {
    "gpt2": _GPT,
    "llama": {**_BLOCK, **HEADS, **_POSITIONS},
    "qwen2": {**_BLOCK, **HEADS, **_POSITIONS},
    "gpt_neox": {**_BLOCK, **_TWO, **_POSITIONS},
    "opt": {
        "hidden_size": 16,
        "word_embed_proj_dim": 16,
        "ffn_dim": 32,
        "num_hidden_layers": 2,
        **_TWO,
        **_POSITIONS,
    },
}
MASKED: dict[str, dict] = {
    "bert": {**_BLOCK, **_TWO, **_POSITIONS},
    # RoBERTa counts positions from pad_token_id + 1, so it holds one token less than it says.
    "roberta": {**_BLOCK, **_TWO, "max_position_embeddings": MAX_LENGTH + 1, "type_vocab_size": 1},
    "distilbert": {**_DISTIL, **_POSITIONS},
}
ARCHITECTURES = (*CAUSAL, *MASKED)


@cache
def tiny_tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level pieces: any text can be written, and " good" is one piece."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        min_frequency=1,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        bos_token="<s>",
        cls_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        mask_token="<mask>",
        unk_token="<unk>",
        model_max_length=MAX_LENGTH,
    )


def tiny_network(name: str, seed: int = 0) -> PreTrainedModel:
    """A random network of an architecture, without dropout."""
    kind = AutoModelForCausalLM if name in CAUSAL else AutoModelForMaskedLM
    settings = {**(CAUSAL | MASKED)[name], "vocab_size": len(tiny_tokenizer())}
    special = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    config = AutoConfig.for_model(name, **settings, **special)
    for key in ("dropout", "attention_dropout", "attn_pdrop", "embd_pdrop", "resid_pdrop"):
        _silence(config, key)
    for key in ("hidden_dropout_prob", "attention_probs_dropout_prob", "hidden_dropout"):
        _silence(config, key)
    torch.manual_seed(seed)
    network = kind.from_config(config)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 1:
                parameter.mul_(5)
            else:
                parameter.add_(torch.randn_like(parameter) / 10)
    return network.eval()


def tiny_model(name: str, seed: int = 0) -> LanguageModel:
    """The network with its tokenizer, as `load` would give it."""
    tokenizer, causal = tiny_tokenizer(), name in CAUSAL
    return LanguageModel(
        id=f"tiny/{name}",
        family=Causal() if causal else Masked(),
        network=tiny_network(name, seed),
        tokenizer=tokenizer,
        device=torch.device("cpu"),
        dtype=torch.float32,
        max_length=MAX_LENGTH,
        start_ids=(tokenizer.bos_token_id,),
        end_ids=() if causal else (tokenizer.sep_token_id,),
    )


def save_tiny(name: str, folder: Path, seed: int = 0) -> Path:
    """The same model as a folder that `load` opens."""
    tiny_network(name, seed).save_pretrained(folder)
    tiny_tokenizer().save_pretrained(folder)
    return folder


def _silence(config: object, key: str) -> None:
    if hasattr(config, key):
        setattr(config, key, 0.0)
