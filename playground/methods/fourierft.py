"""FourierFT: the update of every layer is the inverse Fourier transform of a few numbers."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, chosen_layers, places, transposed
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class FourierFT(Tuner):
    """What is added to a layer's weights is a sum of waves: of its two-dimensional Fourier spectrum
    a few places, drawn once at random, are trained, whatever the layer's size.

    h = W x + scale * real(inverse FFT(spectrum)) x, the spectrum zero but at those places, and
    there at first too, so training starts from the base. It trains so many numbers per linear layer
    of a block (Gao et al. 2024, arXiv:2405.03003, the section on the method). Training goes through
    peft.
    """

    title = "FourierFT"
    paper = "https://arxiv.org/abs/2405.03003"
    shelf = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.FourierFTConfig
    taken = (
        "n_frequency",
        "scaling",
        "random_loc_seed",
        "n_frequency_pattern",
        "ifft2_norm",
    )

    frequencies: int = setting(1000, "Trained numbers of each layer", low=1, high=100_000)
    scale: float = setting(300.0, "The update counts this many times", low=1, high=1000)
    learning_rate: float = setting(3e-2, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if chosen_layers(model.network, "all linear"):
            return None
        return f"FourierFT finds no linear layers in {model.id}. Pick another model."

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        chosen = chosen_layers(model.network, "all linear")
        smallest = min(model.network.get_submodule(name).weight.numel() for name in chosen)
        return peft.FourierFTConfig(
            n_frequency=min(self.frequencies, smallest),
            scaling=self.scale,
            init_weights=True,
            fan_in_fan_out=transposed(model.network, chosen),
            **places(model, chosen),
        )


METHOD = FourierFT
