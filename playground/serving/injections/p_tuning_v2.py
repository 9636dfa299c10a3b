"""P-tuning v2 leaves a prefix: keys and values that the attention of its rows sees."""

from playground.serving.injections.prefix_tuning import read

__all__ = ["read"]
