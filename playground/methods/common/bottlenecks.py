"""Two narrow layers, most often with a bend between them: what adapters add to a network."""

import torch

SPREAD = 1e-2  # of the start, cut off at two of it (Houlsby et al. 2019, section 3.6)
BENDS = {
    "gelu": torch.nn.functional.gelu,
    "relu": torch.nn.functional.relu,
    "none": torch.nn.Identity(),
}


class Bottleneck(torch.nn.Module):
    """up(bend(down(h))), all zeros at the start, as `up` is zero.

    Without a bend it is the product of two matrices and has no biases.
    """

    def __init__(self, width: int, bottleneck: int, bend: str, device: torch.device) -> None:
        super().__init__()
        self.bend, bias = BENDS[bend], bend != "none"
        self.down = torch.nn.Linear(width, bottleneck, bias=bias, device=device)
        self.up = torch.nn.Linear(bottleneck, width, bias=bias, device=device)
        torch.nn.init.trunc_normal_(self.down.weight, std=SPREAD, a=-2 * SPREAD, b=2 * SPREAD)
        torch.nn.init.zeros_(self.up.weight)
        if bias:
            torch.nn.init.zeros_(self.down.bias)
            torch.nn.init.zeros_(self.up.bias)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        narrow = self.down(hidden.to(self.down.weight.dtype))
        return self.up(self.bend(narrow)).to(hidden.dtype)
