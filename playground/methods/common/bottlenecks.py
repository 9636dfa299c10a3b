"""Two narrow layers, most often with an activation between them: what adapters add to a network."""

from collections.abc import Callable

import torch

# Of the initial weights, truncated at two of it (Houlsby et al. 2019, section 3.6)
STANDARD_DEVIATION = 1e-2
ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "gelu": torch.nn.functional.gelu,
    "relu": torch.nn.functional.relu,
    "none": torch.nn.Identity(),
}


class Bottleneck(torch.nn.Module):
    """up(activation(down(h))), all zeros at the start, as `up` is zero.

    With the activation "none" it is the product of two matrices and has no biases.
    """

    def __init__(self, width: int, bottleneck: int, activation: str, device: torch.device) -> None:
        super().__init__()
        self.activation, bias = ACTIVATIONS[activation], activation != "none"
        self.down = torch.nn.Linear(width, bottleneck, bias=bias, device=device)
        self.up = torch.nn.Linear(bottleneck, width, bias=bias, device=device)
        deviation = STANDARD_DEVIATION
        torch.nn.init.trunc_normal_(
            self.down.weight, std=deviation, a=-2 * deviation, b=2 * deviation
        )
        torch.nn.init.zeros_(self.up.weight)
        if bias:
            torch.nn.init.zeros_(self.down.bias)
            torch.nn.init.zeros_(self.up.bias)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        narrow = self.down(hidden.to(self.down.weight.dtype))
        return self.up(self.activation(narrow)).to(hidden.dtype)
