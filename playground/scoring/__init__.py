"""Asking: how well each label word answers a prompt, and what a model would write by itself."""

from playground.scoring.score import Scored, best_way, score, score_naively
from playground.scoring.shown import PromptText, WordCheck, as_read, check_words, prompt_text
from playground.scoring.writing import write

__all__ = [
    "PromptText",
    "Scored",
    "WordCheck",
    "as_read",
    "best_way",
    "check_words",
    "prompt_text",
    "score",
    "score_naively",
    "write",
]
