"""FourierFT: the update of every layer is the inverse Fourier transform of a few coefficients."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.blocks import weight_of
from playground.methods.common.peft_layers import Tuner, chosen_layers, target_fields, transposed
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class FourierFT(Tuner):
    """What is added to a layer's weights is a sum of waves: of its two-dimensional Fourier spectrum
    a few coefficients, drawn once at random, are trained, whatever the layer's size.

    h = W x + scale * real(inverse FFT(spectrum)) x, the spectrum zero but at those entries, and
    there at first too, so training starts from the base. Trainable parameters: the coefficients of
    each linear layer of a block (Gao et al. 2024, arXiv:2405.03003, the section on the method).
    Training goes through peft.
    """

    title = "FourierFT"
    paper = "https://arxiv.org/abs/2405.03003"
    tier = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.FourierFTConfig
    restored = (
        "n_frequency",
        "scaling",
        "random_loc_seed",
        "n_frequency_pattern",
        "ifft2_norm",
    )

    frequencies: int = setting(
        1000, "Trained spectral coefficients of each layer", low=1, high=100_000
    )
    scale: float = setting(300.0, "Scale: the update is multiplied by it", low=1, high=1000)
    learning_rate: float = setting(3e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if chosen_layers(model.network, "all linear"):
            return None
        return f"FourierFT finds no linear layers in {model.id}. Pick another model."

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        chosen = chosen_layers(model.network, "all linear")
        layers = [model.network.get_submodule(name) for name in chosen]
        smallest = min(weight_of(layer).numel() for layer in layers)
        return peft.FourierFTConfig(
            n_frequency=min(self.frequencies, smallest),
            scaling=self.scale,
            init_weights=True,
            fan_in_fan_out=transposed(model.network, chosen),
            **target_fields(model, chosen),
        )


METHOD = FourierFT
