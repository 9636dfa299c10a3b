"""VeRA: LoRA with one pair of random, frozen matrices for all layers; two vectors train in each."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, chosen_layers, target_fields, transposed
from playground.models.language_model import LanguageModel

SEED = 0  # of the random matrices; a run's own seed draws the batches


@dataclass(frozen=True)
class VeRA(Tuner):
    """Like LoRA, a low-rank branch beside each chosen layer; but its two matrices are random, never
    train and are shared by all layers. Each layer learns only two scaling vectors, how much every
    one of their directions counts: a tenth of LoRA's parameters or fewer, and the branch can be
    merged into the weights.

    h = W x + (b * B) (d * A) x, elementwise, with A (rank x largest inputs) and B (largest outputs
    x rank) cut to each layer, d starting at 0.1 and b at zero, so training starts from the base.
    Trainable parameters: rank + outputs per layer (Kopiczko et al. 2024, arXiv:2310.11454, section
    3). The file holds A and B only when asked to: they are drawn again from a seed, as in the
    paper. Training goes through peft.

    The paper's rates are 4e-3 to 2e-2, for RoBERTa.
    """

    title = "VeRA"
    paper = "https://arxiv.org/abs/2310.11454"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.VeraConfig
    restored = ("r", "projection_prng_key", "save_projection", "vera_dropout", "d_initial")

    rank: int = setting(
        256, "Rank of the shared random matrices: higher fits more", low=1, high=1024
    )
    dropout: float = setting(0.0, "Dropout on the input of the low-rank branch", low=0, high=0.5)
    placement: str = setting(
        "all linear",
        "Which linear layers of each block get a low-rank branch",
        choices=("attention", "feed-forward", "all linear"),
    )
    save_projection: bool = setting(
        False, "Save the random matrices too: a far larger file that needs no seed"
    )
    learning_rate: float = setting(3e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if chosen_layers(model.network, self.placement):
            return None
        return f"VeRA finds no {self.placement} layers in {model.id}; try another placement."

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        chosen = chosen_layers(model.network, self.placement)
        return peft.VeraConfig(
            r=self.rank,
            projection_prng_key=SEED,
            save_projection=self.save_projection,
            vera_dropout=self.dropout,
            fan_in_fan_out=transposed(model.network, chosen),
            **target_fields(model, chosen),
        )


METHOD = VeRA
