"""Tiny random models of every architecture, built in memory, with weights large enough that a
wrong position, mask or padding shows in the logits."""

import copy
from functools import cache
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import AutoConfig, PreTrainedModel, PreTrainedTokenizerFast

from playground.models.causal import Causal
from playground.models.families import Family
from playground.models.language_model import LanguageModel
from playground.models.loading import AUTO_CLASSES
from playground.models.masked import Masked
from playground.models.seq2seq import SequenceToSequence

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
_TWO = {"num_attention_heads": 2}
_LLAMA = {**_BLOCK, **HEADS, **_POSITIONS}
_BERT = {**_BLOCK, **_TWO, **_POSITIONS}

CAUSAL: dict[str, dict] = {
    "gpt2": _GPT,
    "openai-gpt": _GPT,
    "llama": _LLAMA,
    "qwen2": _LLAMA,
    "qwen3": {**_LLAMA, "head_dim": 8},
    "gemma": {**_LLAMA, "head_dim": 8},
    "phi": _BERT,
    "gpt_neox": _BERT,
    "opt": {
        "hidden_size": 16,
        "word_embed_proj_dim": 16,
        "ffn_dim": 32,
        "num_hidden_layers": 2,
        **_TWO,
        **_POSITIONS,
    },
    "bloom": {"hidden_size": 16, "n_layer": 2, "n_head": 2},
}
MASKED: dict[str, dict] = {
    "bert": _BERT,
    # RoBERTa counts positions from pad_token_id + 1, so it holds one token less than it says.
    "roberta": {**_BLOCK, **_TWO, "max_position_embeddings": MAX_LENGTH + 1, "type_vocab_size": 1},
    "distilbert": {"dim": 16, "hidden_dim": 32, "n_layers": 2, "n_heads": 2, **_POSITIONS},
    "albert": {**_BERT, "embedding_size": 8},
    "electra": {**_BERT, "embedding_size": 8},
    "deberta-v2": {
        **_BERT,
        "relative_attention": True,
        "position_buckets": 8,
        "pos_att_type": ["p2c", "c2p"],
        "norm_rel_ebd": "layer_norm",
        "share_att_key": True,
        "position_biased_input": False,
        "type_vocab_size": 0,
    },
    "modernbert": {**_BERT, "cls_token_id": 1, "sep_token_id": 2},
}
SEQ2SEQ: dict[str, dict] = {
    # T5 counts distances, not positions, and starts a decoder with its padding token.
    "t5": {
        "d_model": 16,
        "d_kv": 8,
        "d_ff": 32,
        "num_layers": 2,
        "num_heads": 2,
        "relative_attention_num_buckets": 8,
        "decoder_start_token_id": 0,
        "initializer_factor": 0.2,
    },
    "bart": {
        "d_model": 16,
        "encoder_layers": 2,
        "decoder_layers": 2,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 32,
        "decoder_ffn_dim": 32,
        "decoder_start_token_id": 2,
        "forced_eos_token_id": None,
        **_POSITIONS,
    },
}
ARCHITECTURES = (*CAUSAL, *MASKED, *SEQ2SEQ)
# Makes a bert larger than the bundled model, and no slower.
LARGER = {"type_vocab_size": 262_000, "hidden_size": 32}
FAST = ("llama", "bert", "t5")  # what the fast tests try of them


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


def tiny_network(name: str, seed: int = 0, **sizes: int) -> PreTrainedModel:
    """A random network of an architecture, without dropout; each call gives one of its own.

    sizes: of its config, where they are to be others.
    """
    return copy.deepcopy(_network(name, seed, **sizes))


@cache
def _network(name: str, seed: int, **sizes: int) -> PreTrainedModel:
    settings = {**(CAUSAL | MASKED | SEQ2SEQ)[name], "vocab_size": len(tiny_tokenizer()), **sizes}
    special = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    config = AutoConfig.for_model(name, **settings, **special)
    for key in ("dropout", "attention_dropout", "attn_pdrop", "embd_pdrop", "resid_pdrop"):
        _silence(config, key)
    for key in ("hidden_dropout_prob", "attention_probs_dropout_prob", "hidden_dropout"):
        _silence(config, key)
    for key in ("dropout_rate", "activation_dropout"):
        _silence(config, key)
    torch.manual_seed(seed)
    network = AUTO_CLASSES[family_of(name).name].from_config(config)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 1:
                parameter.mul_(5)
            else:
                parameter.add_(torch.randn_like(parameter) / 10)
    return network.eval()


def family_of(name: str) -> Family:
    """How an architecture answers."""
    if name in SEQ2SEQ:
        return SequenceToSequence()
    return Causal() if name in CAUSAL else Masked()


def tiny_model(name: str, seed: int = 0, **sizes: int) -> LanguageModel:
    """The network with its tokenizer, as `load` would give it."""
    tokenizer = tiny_tokenizer()
    return LanguageModel(
        id=f"tiny/{name}",
        family=family_of(name),
        network=tiny_network(name, seed, **sizes),
        tokenizer=tokenizer,
        device=torch.device("cpu"),
        dtype=torch.float32,
        max_length=MAX_LENGTH,
        start_ids=() if name == "t5" else (tokenizer.bos_token_id,),
        end_ids=() if name in CAUSAL else (tokenizer.sep_token_id,),
    )


def save_tiny(name: str, folder: Path, seed: int = 0, **sizes: int) -> Path:
    """The same model as a folder that `load` opens; the tokenizer puts around a text what the
    tiny model has there."""
    tiny_network(name, seed, **sizes).save_pretrained(folder)
    tokenizer = copy.deepcopy(tiny_tokenizer())
    if name not in CAUSAL:
        backend = tokenizer.backend_tokenizer
        around = processors.TemplateProcessing(
            single="$A </s>" if name == "t5" else "<s> $A </s>",
            special_tokens=[("<s>", 1), ("</s>", 2)],
        )
        backend.post_processor = processors.Sequence([backend.post_processor, around])
    tokenizer.save_pretrained(folder)
    return folder


def _silence(config: object, key: str) -> None:
    if hasattr(config, key):
        setattr(config, key, 0.0)
