"""How many parameters each method trains: the papers' formulas, on two tiny architectures and in
the sizes of two real ones. A method without a formula here is counted by the laws alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM

from playground.methods import create
from playground.methods.cards import Value, cards
from playground.models.language_model import LanguageModel
from tests.methods.cases import WORDS
from tests.tiny import tiny_model

Settings = dict[str, Value]


@dataclass(frozen=True)
class Shape:
    """layers, width and inner: blocks, their width and that of their feed-forward layer.
    body, parameters: below the output head, and in all; a head that is tied to the embedding
    counts below it."""

    layers: int
    width: int
    inner: int
    body: int
    parameters: int
    masked: bool

    @property
    def block(self) -> int:
        """Weights of one: query, key, value, output; two feed-forward layers; two layer norms."""
        return 4 * self.width**2 + 2 * self.width * self.inner + 9 * self.width + self.inner


# Per task, those of a head included. The letters are those of the papers: L blocks of width d
# and inner width f; rank r, bottleneck m, n vectors, a small network of width k, C labels.
FORMULAS: dict[str, list[tuple[Settings, Callable[[Shape], int]]]] = {
    "prompt_based_fine_tuning": [({}, lambda s: s.parameters)],
    "classifier_head": [
        ({}, lambda s: s.body + 2 * (s.width + 1) + s.masked * s.width * (s.width + 1))
    ],
    "linear_probe": [({}, lambda s: 2 * (s.width + 1))],  # C (d + 1)
    "adapter": [  # 2 L (2 d m + d + m), and 4 L d of layer norms; half of it for one per block
        (
            {"bottleneck": 3},
            lambda s: 2 * s.layers * (2 * s.width * 3 + s.width + 3) + 4 * s.layers * s.width,
        ),
        (
            {"bottleneck": 3, "placement": "pfeiffer", "layer_norms": False},
            lambda s: s.layers * (2 * s.width * 3 + s.width + 3),
        ),
    ],
    "parallel_adapter": [  # L (2 d m + d + m)
        ({"bottleneck": 3}, lambda s: s.layers * (2 * s.width * 3 + s.width + 3))
    ],
    "lora": [  # 4 L d r at query and value, 2 L r (d + f) at the feed-forward layers
        ({"rank": 3, "placement": "attention"}, lambda s: 4 * s.layers * s.width * 3),
        (
            {"rank": 3, "placement": "feed-forward"},
            lambda s: 2 * s.layers * 3 * (s.width + s.inner),
        ),
    ],
    "qlora": [  # r (inputs + outputs) of every layer; what trains is not held in four bits
        (
            {"rank": 3},
            lambda s: s.layers * 3 * ((8 if s.masked else 6) * s.width + 2 * (s.width + s.inner)),
        )
    ],
    "adalora": [  # as LoRA, with half as many ranks more to begin with and a number for each
        (
            {"rank": 2, "placement": "feed-forward"},
            lambda s: 2 * s.layers * 3 * (s.width + s.inner + 1),
        )
    ],
    "vera": [  # rank + outputs of each layer
        (
            {"rank": 3, "placement": "feed-forward"},
            lambda s: s.layers * (2 * 3 + s.width + s.inner),
        )
    ],
    "prefix_tuning": [  # 2 n L d; through its small network n d + d k + k + (k + 1) 2 L d
        ({"length": 3, "reparametrise": False}, lambda s: 2 * 3 * s.layers * s.width),
        (
            {"length": 3, "hidden": 5},
            lambda s: 3 * s.width + s.width * 5 + 5 + 6 * 2 * s.layers * s.width,
        ),
    ],
    "p_tuning_v2": [({"length": 3}, lambda s: 2 * 3 * s.layers * s.width)],  # 2 n L d
    "p_tuning": [  # n d, made by three layers of widths d, k, k, d
        (
            {"length": 3, "hidden": 5},
            lambda s: 3 * s.width + (s.width + 1) * 5 + 6 * 5 + 6 * s.width,
        )
    ],
    "soft_prompt": [({"length": 3}, lambda s: 3 * s.width)],  # n d
    "ia3": [({}, lambda s: s.layers * (2 * s.width + s.inner))],  # L (2 d + f)
    "layernorm_tuning": [({}, lambda s: s.layers * 4 * s.width + 2 * s.width)],
    "bitfit": [({}, lambda s: s.layers * (7 * s.width + s.inner) + s.width)],  # all bias vectors
    "sparse_fine_tuning": [({"share": 0.5}, lambda s: s.layers * s.block // 2)],  # p of the blocks
}


def test_every_formula_is_of_a_method_that_there_is() -> None:
    assert set(FORMULAS) <= set(cards())


@pytest.mark.parametrize("architecture", ["gpt2", "bert"])
@pytest.mark.parametrize("name", FORMULAS)
def test_it_trains_as_many_parameters_as_the_formula_says(name: str, architecture: str) -> None:
    for settings, formula in FORMULAS[name]:
        model = tiny_model(architecture)
        assert create(name, settings).refuse(model) is None
        shape = shape_of(model)
        assert trained(name, settings, model) == formula(shape), settings


# From the configurations of the real ones, as the papers count; shares in percent of all weights.
PUBLISHED = [
    ("adapter", {"bottleneck": 64, "layer_norms": False}, (2_379_264, 2.17), (6_343_680, 1.79)),
    (
        "adapter",
        {"bottleneck": 64, "layer_norms": False, "placement": "pfeiffer"},
        (1_189_632, 1.09),
        (3_171_840, 0.89),
    ),
    ("lora", {"rank": 8, "placement": "attention"}, (294_912, 0.27), (786_432, 0.22)),
    ("lora", {"rank": 8, "placement": "feed-forward"}, (737_280, 0.67), (1_966_080, 0.55)),
    ("prefix_tuning", {"length": 20, "reparametrise": False}, (368_640, 0.34), (983_040, 0.28)),
    ("soft_prompt", {"length": 20}, (15_360, 0.014), (20_480, 0.006)),
    ("ia3", {}, (55_296, 0.051), (147_456, 0.042)),
    ("bitfit", {}, (102_144, 0.093), (271_360, 0.076)),
]
REAL = {
    "bert": {},  # BERT-base is its configuration's default
    "gpt2": {"n_embd": 1024, "n_layer": 24, "n_head": 16},  # GPT-2 medium
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "settings", "bert", "gpt2"), PUBLISHED)
def test_the_published_counts_and_shares(
    name: str, settings: Settings, bert: tuple[int, float], gpt2: tuple[int, float]
) -> None:
    for kind, (count, percent) in {"bert": bert, "gpt2": gpt2}.items():
        model = real_model(kind)
        found = trained(name, settings, model)
        share = 100 * found / model.parameters
        assert found == count
        assert share == pytest.approx(percent, rel=0.04), kind  # they have two digits


def trained(name: str, settings: Settings, model: LanguageModel) -> int:
    network = create(name, settings).build(model, WORDS)
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


def shape_of(model: LanguageModel) -> Shape:
    network, config = model.network, model.network.config
    inner = getattr(config, "intermediate_size", None) or 4 * config.hidden_size
    body = {id(one): one.numel() for one in network.base_model.parameters()}
    return Shape(
        layers=config.num_hidden_layers,
        width=config.hidden_size,
        inner=inner,
        body=sum(body.values()),
        parameters=model.parameters,
        masked=model.family.name == "masked",
    )


def real_model(kind: str) -> LanguageModel:
    """One of the real sizes, without weights."""
    config = AutoConfig.for_model(kind, **REAL[kind])
    classes = AutoModelForMaskedLM if kind == "bert" else AutoModelForCausalLM
    with torch.device("meta"):
        network = classes.from_config(config)
    model = replace(tiny_model(kind), network=network, max_length=512)
    return replace(model, device=torch.device("meta"))
