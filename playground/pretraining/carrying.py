"""A masked network that begins with what a causal one knows.

A causal model becomes a good reader in both directions after little training, where one from
nothing needs all of it again (BehnamGhader et al. 2024, section 2, arXiv:2404.05961). The two
networks here are alike but for their norms, so every matrix has its place.
"""

import torch
from transformers import LlamaForCausalLM, ModernBertForMaskedLM

Weights = dict[str, torch.Tensor]


@torch.no_grad()
def carry(causal: LlamaForCausalLM, masked: ModernBertForMaskedLM) -> None:
    """Put the weights of `causal` into `masked`, which has the same shape.

    The masked network norms its embeddings and not what the first layer reads, the causal one the
    other way round: their usual length goes into the norm, the rest into the first matrix. Its
    prediction head, which has no counterpart, stays as it is. Raises RuntimeError where a shape
    differs.
    """
    given = causal.state_dict()
    put: Weights = {}
    for layer in range(causal.config.num_hidden_layers):
        put |= _layer(given, layer)
    embeddings = given["model.embed_tokens.weight"]
    usual = embeddings.pow(2).mean().sqrt()
    first, gains = "model.layers.0.attn", given["model.layers.0.input_layernorm.weight"]
    put[f"{first}.Wqkv.weight"] = put[f"{first}.Wqkv.weight"] * (gains / usual)
    put.pop(f"{first}_norm.weight")
    put["model.embeddings.norm.weight"] = usual.expand(embeddings.shape[1]).clone()
    put["model.embeddings.tok_embeddings.weight"] = put["decoder.weight"] = embeddings
    put["model.final_norm.weight"] = given["model.norm.weight"]
    fresh = masked.state_dict()
    masked.load_state_dict({**fresh, **put})


def _layer(given: Weights, number: int) -> Weights:
    """One layer's weights under the names the masked network has for them."""
    at = f"model.layers.{number}"
    attention = [given[f"{at}.self_attn.{part}_proj.weight"] for part in "qkv"]
    feed_forward = [given[f"{at}.mlp.{part}_proj.weight"] for part in ("gate", "up")]
    return {
        f"{at}.attn_norm.weight": given[f"{at}.input_layernorm.weight"],
        f"{at}.attn.Wqkv.weight": torch.cat(attention),
        f"{at}.attn.Wo.weight": given[f"{at}.self_attn.o_proj.weight"],
        f"{at}.mlp_norm.weight": given[f"{at}.post_attention_layernorm.weight"],
        f"{at}.mlp.Wi.weight": torch.cat(feed_forward),
        f"{at}.mlp.Wo.weight": given[f"{at}.mlp.down_proj.weight"],
    }
