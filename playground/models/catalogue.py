"""Models people use on one GPU or a laptop: known names, sizes and licences. Light: no torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

BUNDLED, MASKED = "bundled", "bundled-masked"
FOLDERS = {BUNDLED: "tiny-causal", MASKED: "tiny-masked"}  # of the models that ship


@dataclass(frozen=True)
class ModelCard:
    """What the menu says before anything is loaded. Sizes are of the published weights."""

    id: str
    title: str
    family: Literal["causal", "masked", "seq2seq"]
    parameters: int
    download_bytes: int  # weights and tokenizer; 0: ships with the project
    licence: str
    note: str = ""
    gated: bool = False  # the owner must let you in first


def bundled_folder(model_id: str = BUNDLED) -> Path:
    """Where a model that ships with the project lies."""
    return Path(__file__).parent / "bundled" / FOLDERS[model_id]


_APACHE = "apache-2.0"
_GATED = "Accept the terms on its Hub page first"
_PRETRAINED = "Pretrained only: fills gaps, and has to learn to answer"
_INSTRUCTED = "Instruction-tuned: answers questions"

# Why a prompt is not sent through a chat template unless somebody says so: by
# tests/benchmarks/chat_template.py, on the weights that four bits each had left of this model.
CHAT_MEASURED = (
    "Zero-shot, SmolLM2 135 M Instruct got this share of 200 held-out rows right with the prompt as"
    " it is, and through its chat template: sst2 0.790 and 0.635, trec6 0.185 and 0.215, rte 0.440"
    " and 0.445"
)

# Sizes as on the Hub in 2026, rounded; only checkpoints that come as safetensors.
CATALOGUE: tuple[ModelCard, ...] = (
    ModelCard(
        BUNDLED,
        "Bundled (7 M)",
        "causal",
        6_917_376,
        0,
        "cc-by-sa-4.0",
        "Ships with the project: trains in seconds, knows little",
    ),
    ModelCard(
        MASKED,
        "Bundled, masked (7 M)",
        "masked",
        6_991_360,
        0,
        "cc-by-sa-4.0",
        "Ships with the project: sees both sides of a gap, knows less still",
    ),
    ModelCard("EleutherAI/pythia-14m", "Pythia 14 M", "causal", 14_067_712, 56_000_000, _APACHE),
    ModelCard("EleutherAI/pythia-70m", "Pythia 70 M", "causal", 70_426_624, 168_000_000, _APACHE),
    ModelCard("openai-community/gpt2", "GPT-2", "causal", 124_439_808, 550_000_000, "mit"),
    ModelCard(
        "HuggingFaceTB/SmolLM2-135M",
        "SmolLM2 135 M",
        "causal",
        134_515_008,
        271_000_000,
        _APACHE,
        "A good first model for a laptop",
    ),
    ModelCard(
        "HuggingFaceTB/SmolLM2-135M-Instruct",
        "SmolLM2 135 M Instruct",
        "causal",
        134_515_008,
        271_000_000,
        _APACHE,
        f"{_INSTRUCTED}. {CHAT_MEASURED}",
    ),
    ModelCard(
        "EleutherAI/pythia-160m", "Pythia 160 M", "causal", 162_322_944, 377_000_000, _APACHE
    ),
    ModelCard(
        "google/gemma-3-270m",
        "Gemma 3 270 M",
        "causal",
        268_098_176,
        570_000_000,
        "gemma",
        _GATED,
        gated=True,
    ),
    ModelCard(
        "HuggingFaceTB/SmolLM2-360M", "SmolLM2 360 M", "causal", 361_821_120, 726_000_000, _APACHE
    ),
    ModelCard(
        "EleutherAI/pythia-410m", "Pythia 410 M", "causal", 405_334_016, 913_000_000, _APACHE
    ),
    ModelCard("Qwen/Qwen2.5-0.5B", "Qwen2.5 0.5 B", "causal", 494_032_768, 1_000_000_000, _APACHE),
    ModelCard("Qwen/Qwen3-0.6B-Base", "Qwen3 0.6 B", "causal", 596_049_920, 1_200_000_000, _APACHE),
    ModelCard(
        "google/gemma-3-1b-pt",
        "Gemma 3 1 B",
        "causal",
        999_885_952,
        2_040_000_000,
        "gemma",
        _GATED,
        gated=True,
    ),
    ModelCard(
        "TinyLlama/TinyLlama-1.1B-Chat-v1.0",
        "TinyLlama 1.1 B",
        "causal",
        1_100_048_384,
        2_200_000_000,
        _APACHE,
    ),
    ModelCard(
        "meta-llama/Llama-3.2-1B",
        "Llama 3.2 1 B",
        "causal",
        1_235_814_400,
        2_480_000_000,
        "llama3.2",
        _GATED,
        gated=True,
    ),
    ModelCard(
        "Qwen/Qwen2.5-1.5B", "Qwen2.5 1.5 B", "causal", 1_543_714_304, 3_100_000_000, _APACHE
    ),
    ModelCard(
        "HuggingFaceTB/SmolLM2-1.7B",
        "SmolLM2 1.7 B",
        "causal",
        1_711_376_384,
        3_430_000_000,
        _APACHE,
    ),
    ModelCard(
        "HuggingFaceTB/SmolLM3-3B-Base",
        "SmolLM3 3 B",
        "causal",
        3_075_098_624,
        6_170_000_000,
        _APACHE,
        "Needs a GPU",
    ),
    ModelCard(
        "distilbert/distilbert-base-uncased",
        "DistilBERT",
        "masked",
        66_985_530,
        269_000_000,
        _APACHE,
    ),
    ModelCard(
        "distilbert/distilroberta-base", "DistilRoBERTa", "masked", 82_170_201, 333_000_000, _APACHE
    ),
    ModelCard(
        "google-bert/bert-base-uncased", "BERT base", "masked", 109_514_298, 441_000_000, _APACHE
    ),
    ModelCard("FacebookAI/roberta-base", "RoBERTa base", "masked", 124_697_433, 502_000_000, "mit"),
    ModelCard(
        "answerdotai/ModernBERT-base",
        "ModernBERT base",
        "masked",
        149_655_232,
        601_000_000,
        _APACHE,
    ),
    ModelCard(
        "google-t5/t5-small",
        "T5 small",
        "seq2seq",
        60_506_624,
        245_000_000,
        _APACHE,
        _PRETRAINED,
    ),
    ModelCard(
        "google/flan-t5-small",
        "Flan-T5 small",
        "seq2seq",
        76_961_152,
        311_000_000,
        _APACHE,
        _INSTRUCTED,
    ),
    ModelCard(
        "google/flan-t5-base",
        "Flan-T5 base",
        "seq2seq",
        247_577_856,
        993_000_000,
        _APACHE,
        _INSTRUCTED,
    ),
)


def card(model_id: str) -> ModelCard | None:
    """The card of a model in the catalogue, None for any other."""
    return next((entry for entry in CATALOGUE if entry.id == model_id), None)
