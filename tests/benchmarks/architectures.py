"""Architectures with kinds of tokenizers: each answers as a naive computation does, or is refused.

    python -m tests.benchmarks.architectures [--only mpnet longformer] [--every-tokenizer]

Each is a tiny random model with a configuration as published ones are written, saved, loaded and
probed as a run's model is. Prints a Markdown table: architecture, tokenizer, what was said or the
largest difference to one plain forward pass of every whole sequence, in nats.
"""

import argparse
import json
import tempfile
from pathlib import Path

import torch
from transformers import AutoConfig, AutoTokenizer

from playground.data.example import Example
from playground.errors import UserError
from playground.models.answer_words import answer_words
from playground.models.families import Encoded
from playground.models.language_model import LanguageModel
from playground.models.loading import AUTO_CLASSES, family_of, load
from playground.models.prompts import PromptEncoder
from playground.scoring import score
from playground.scoring.probe import probed
from playground.tasks.classification import Task
from tests.models.kinds import FOLDER, KINDS, MASKED

B = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
L = {**B, "num_key_value_heads": 2, "max_position_embeddings": 128}
E = {**B, "max_position_embeddings": 128}
R = {**B, "max_position_embeddings": 130, "type_vocab_size": 1}  # two places for the padding
G = {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 128, "n_ctx": 128}
D = {
    **{"d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4},
    **{"decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64},
    **{"max_position_embeddings": 128, "decoder_start_token_id": 2},
}
T = {
    **{"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4},
    **{"decoder_start_token_id": 0},
}
MOE = {"num_local_experts": 4, "num_experts_per_tok": 2}
ALL: dict[str, dict] = {
    # causal
    "gpt2": G,
    "openai-gpt": G,
    "gpt_neo": {
        **{"hidden_size": 32, "num_layers": 2, "num_heads": 4, "max_position_embeddings": 128},
        **{"attention_types": [[["global", "local"], 1]], "window_size": 16},
    },
    "gpt_neox": E,
    "gptj": {**G, "rotary_dim": 4},
    "codegen": {**G, "rotary_dim": 4},
    "gpt_bigcode": G,
    "llama": L,
    "mistral": {**L, "sliding_window": 24},
    "mixtral": {**L, **MOE},
    "qwen2": L,
    "qwen3": {**L, "head_dim": 8},
    "qwen2_moe": {
        **L,
        **{"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32},
        "shared_expert_intermediate_size": 32,
    },
    "qwen3_moe": {
        **{**L, "head_dim": 8, "num_experts": 4},
        **{"num_experts_per_tok": 2, "moe_intermediate_size": 32},
    },
    "gemma": {**L, "head_dim": 8},
    "gemma2": {**L, "head_dim": 8, "sliding_window": 24},
    "gemma3_text": {**L, "head_dim": 8, "sliding_window": 24},
    "phi": E,
    "phi3": {**L, "pad_token_id": 0},
    "opt": {
        **{"hidden_size": 32, "ffn_dim": 64, "num_hidden_layers": 2, "num_attention_heads": 4},
        **{"max_position_embeddings": 128, "word_embed_proj_dim": 32},
    },
    "bloom": {"hidden_size": 32, "n_layer": 2, "n_head": 4},
    "falcon": {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "alibi": True},
    "mpt": {"d_model": 32, "n_layers": 2, "n_heads": 4, "max_seq_len": 128},
    "stablelm": L,
    "starcoder2": L,
    "olmo": L,
    "olmo2": L,
    "granite": L,
    "granitemoe": {**L, **MOE},
    "cohere": L,
    "smollm3": L,
    "nemotron": L,
    "persimmon": E,
    "biogpt": E,
    "xglm": {
        **{"d_model": 32, "ffn_dim": 64, "num_layers": 2, "attention_heads": 4},
        "max_position_embeddings": 128,
    },
    "ctrl": {**G, "dff": 64},
    "gpt_oss": {**L, **MOE, "head_dim": 8, "sliding_window": 24},
    "dbrx": {"d_model": 32, "n_heads": 4, "n_layers": 2, "max_seq_len": 128},
    "mamba": {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4},
    "mamba2": {
        **{"hidden_size": 32, "num_hidden_layers": 2, "state_size": 8, "num_heads": 8},
        **{"head_dim": 8, "n_groups": 1, "chunk_size": 16},
    },
    "falcon_mamba": {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4},
    "jamba": {
        **{**L, "num_hidden_layers": 4, "attn_layer_period": 2, "attn_layer_offset": 1},
        **{"expert_layer_period": 2, "expert_layer_offset": 1, "num_experts": 4},
        **{"use_mamba_kernels": False, "mamba_d_state": 4, "mamba_dt_rank": 4},
    },
    "bamba": {
        **{**L, "attn_layer_indices": [1], "mamba_n_heads": 8, "mamba_d_head": 8},
        **{"mamba_d_state": 8, "mamba_n_groups": 1, "mamba_chunk_size": 16},
    },
    "zamba2": {**L, "mamba_d_state": 8, "n_mamba_heads": 4},
    "recurrent_gemma": {
        **{**L, "num_hidden_layers": 3, "lru_width": 32, "attention_window_size": 24},
        "head_dim": 8,
    },
    "rwkv": {"hidden_size": 32, "attention_hidden_size": 32, "num_hidden_layers": 2},
    "lfm2": {**L, "layer_types": ["conv", "full_attention"]},
    "xlnet": {"d_model": 32, "n_layer": 2, "n_head": 4, "d_inner": 64},
    "reformer": {
        **{"hidden_size": 32, "num_attention_heads": 2, "attention_head_size": 16},
        **{"feed_forward_size": 64, "attn_layers": ["local", "lsh"], "num_buckets": 4},
        **{"axial_pos_embds_dim": [16, 16], "axial_pos_shape": [16, 16], "is_decoder": True},
        **{"max_position_embeddings": 256, "lsh_attn_chunk_length": 16},
        "local_attn_chunk_length": 16,
    },
    "bert-as-decoder": {**E, "is_decoder": True},
    # masked
    "bert": E,
    "roberta": R,
    "xlm-roberta": R,
    "camembert": R,
    "distilbert": {
        "dim": 32,
        "hidden_dim": 64,
        "n_layers": 2,
        "n_heads": 4,
        "max_position_embeddings": 128,
    },
    "albert": {**E, "embedding_size": 16},
    "electra": {**E, "embedding_size": 16},
    "deberta": {
        **{**E, "relative_attention": True, "pos_att_type": ["c2p", "p2c"]},
        **{"position_biased_input": False, "type_vocab_size": 0, "max_relative_positions": -1},
    },
    "deberta-v2": {
        **{**E, "relative_attention": True, "pos_att_type": ["c2p", "p2c"], "position_buckets": 16},
        **{"norm_rel_ebd": "layer_norm", "share_att_key": True, "position_biased_input": False},
        "type_vocab_size": 0,
    },
    "modernbert": {**E, "local_attention": 16},
    "mpnet": {**B, "max_position_embeddings": 130},
    "longformer": {**R, "attention_window": [16, 16], "max_position_embeddings": 258},
    "luke": {**R, "entity_vocab_size": 10, "entity_emb_size": 32},
    "big_bird": {**E, "max_position_embeddings": 512, "block_size": 16, "num_random_blocks": 2},
    "megatron-bert": E,
    "nystromformer": {**E, "num_landmarks": 16, "segment_means_seq_len": 64},
    "fnet": E,
    "yoso": E,
    "funnel": {
        **{"d_model": 32, "d_inner": 64, "n_head": 4, "d_head": 8, "block_sizes": [1, 1, 1]},
    },
    "convbert": {**E, "embedding_size": 32, "head_ratio": 2, "conv_kernel_size": 5},
    "mobilebert": {
        **E,
        "embedding_size": 32,
        "intra_bottleneck_size": 16,
        "true_hidden_size": 16,
        "num_attention_heads": 4,
    },
    "squeezebert": {**E, "embedding_size": 32},
    "rembert": {**E, "input_embedding_size": 16, "output_embedding_size": 32},
    "roformer": {**E, "embedding_size": 32},
    "ibert": R,
    "mra": {**E, "num_hidden_layers": 2},
    "ernie": E,
    "nezha": E,
    "esm": {**E, "position_embedding_type": "rotary", "pad_token_id": 0, "mask_token_id": 4},
    "xmod": {**R, "languages": ["en_XX"], "default_language": "en_XX"},
    "xlm": {"emb_dim": 32, "n_layers": 2, "n_heads": 4, "max_position_embeddings": 128},
    "flaubert": {"emb_dim": 32, "n_layers": 2, "n_heads": 4, "max_position_embeddings": 128},
    "perceiver": {"d_model": 32, "d_latents": 32, "num_latents": 8, "num_blocks": 1},
    "eurobert": L,
    # one text with another
    "t5": T,
    "mt5": T,
    "umt5": T,
    "longt5": {**T, "local_radius": 7, "encoder_attention_type": "local"},
    "switch_transformers": {
        **{**T, "num_sparse_encoder_layers": 1, "num_sparse_decoder_layers": 1},
        **{"num_experts": 4, "expert_capacity": 8, "num_decoder_layers": 2},
    },
    "bart": D,
    "mbart": {key: value for key, value in D.items() if key != "decoder_start_token_id"},
    "mvp": D,
    "plbart": D,
    "pegasus": {**D, "decoder_start_token_id": 0},
    "pegasus_x": {**D, "block_size": 16, "num_global_tokens": 4, "decoder_start_token_id": 0},
    "bigbird_pegasus": {**D, "block_size": 16, "num_random_blocks": 2},
    "blenderbot": {**D, "decoder_start_token_id": 1},
    "blenderbot-small": {**D, "decoder_start_token_id": 1},
    "marian": D,
    "m2m_100": D,
    "nllb-moe": {
        **{**D, "num_experts": 4, "expert_capacity": 8, "encoder_sparse_step": 2},
        "decoder_sparse_step": 2,
    },
    "led": {
        **{k: v for k, v in D.items() if k != "max_position_embeddings"},
        **{"attention_window": [16, 16], "max_encoder_position_embeddings": 256},
        "max_decoder_position_embeddings": 128,
    },
    "prophetnet": {
        **{"hidden_size": 32, "num_encoder_layers": 2, "num_decoder_layers": 2},
        **{"num_encoder_attention_heads": 4, "num_decoder_attention_heads": 4},
        **{"encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "decoder_start_token_id": 1},
        "max_position_embeddings": 128,
    },
    "fsmt": {**D, "langs": ["en", "de"]},
}
DECODER = {"bert-as-decoder": ("bert", "BertLMHeadModel")}
TASK = Task(
    "Review: {text}\nSentiment:",
    {"p": "positive", "n": "not good", "g": "good film", "h": "good"},
    "label",
    "Say what it is.",
)
SHOWN = (Example({"text": "a moving and funny film"}, "p", 1), Example({"text": "no"}, "n", 2))
ROWS = [
    {"text": "dull"},
    {"text": "a film so long, and so good that nobody slept " * 2},
    {"text": "!"},
]
SPARE = 8  # rows of the embedding that no piece has
KIND = {"causal": "llama-legacy", "masked": "xlmr", "seq2seq": "xlmr"}


def saved(name: str, kind: str, folder: Path) -> Path:
    """A tiny random model of an architecture with a tokenizer; config.json holds what its
    publishers would write, and weights are large enough that errors show."""
    tokenizer = AutoTokenizer.from_pretrained(FOLDER / kind)
    model_type, class_name = DECODER.get(name, (name, ""))
    special = {
        f"{key}_token_id": getattr(tokenizer, f"{key}_token_id") for key in ("bos", "eos", "pad")
    }
    known = {key: value for key, value in special.items() if value is not None}
    written = {"vocab_size": len(tokenizer) + SPARE, **known, **ALL[name], "model_type": model_type}
    if name == "fsmt":
        written |= {
            "src_vocab_size": len(tokenizer) + SPARE,
            "tgt_vocab_size": len(tokenizer) + SPARE,
        }
    if name == "xlm" or name == "flaubert":
        written["n_words"] = written.pop("vocab_size")
    (folder / "config.json").write_text(json.dumps(written))
    config = AutoConfig.from_pretrained(folder)
    config.architectures = [class_name] if class_name else None
    family = family_of(name, config)
    torch.manual_seed(0)
    network = AUTO_CLASSES[family.name].from_config(config)
    with torch.no_grad():
        for weight in network.parameters():
            if weight.dim() > 1:
                weight.mul_(3 if family.name != "seq2seq" else 1.5)
    network.save_pretrained(folder)
    written["architectures"] = [type(network).__name__]
    (folder / "config.json").write_text(json.dumps(written))
    tokenizer.save_pretrained(folder)
    return folder


def by_hand(model: LanguageModel, row: dict[str, str], label: int) -> float:
    """The sum of the answer tokens' log-probabilities, one plain forward for each, no batch."""
    encoder = PromptEncoder(model, TASK, answer_words(model, TASK), SHOWN)
    parts, path = encoder.parts(row), encoder.words.ids[label]
    placed: Encoded = model.family.encode(model, parts, path, encoder.words.slots)
    total = 0.0
    for slot, token in enumerate(path):
        ids, decoder, at = placed.ids, placed.decoder, placed.rows[slot]
        if model.family.name == "causal":
            ids = ids[: at + 1]
        given = {
            "input_ids": torch.tensor([ids]),
            "attention_mask": torch.ones(1, len(ids), dtype=torch.long),
        }
        if decoder:
            given["decoder_input_ids"] = torch.tensor([decoder[: at + 1]])
        with torch.no_grad():
            total += float(model.network(**given).logits[0, at].log_softmax(-1)[token])
    return total


def verdict(name: str, kind: str) -> str:
    """What becomes of an architecture with a tokenizer."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = saved(name, kind, Path(folder))
        except Exception as error:
            return f"(could not be made: {type(error).__name__}: {str(error)[:90]})"
        try:
            model = load(str(path), torch.device("cpu"))
            model.id = name
            said = probed(model)
        except UserError as error:
            return f"refused: {str(error).replace(folder, '…')[:170]}"
        scored = score(model, model.network, TASK, ROWS, SHOWN)
        worst = max(
            abs(scores.total[label] - by_hand(model, row, label))
            for row, scores in zip(ROWS, scored.scores, strict=True)
            for label in range(len(TASK.labels))
        )
        right = "agrees" if worst < 1e-4 else "WRONG"
        return f"{right} to {worst:.1e}, {model.max_length} tokens. {' '.join(said)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--every-tokenizer", action="store_true")
    chosen = parser.parse_args()
    print("| architecture | tokenizer | |\n|---|---|---|")
    for name in chosen.only or ALL:
        try:
            config = AutoConfig.for_model(DECODER.get(name, (name,))[0])
            config.architectures = [DECODER[name][1]] if name in DECODER else None
            family = family_of(name, config).name
        except Exception as error:
            print(f"| {name} | | not supported: {str(error)[:100]} |", flush=True)
            continue
        kinds = (
            (MASKED if family == "masked" else KINDS) if chosen.every_tokenizer else [KIND[family]]
        )
        for kind in kinds:
            print(f"| {name} | {kind} | {verdict(name, kind)} |", flush=True)


if __name__ == "__main__":
    main()
