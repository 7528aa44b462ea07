"""The feed-forward block: each position by itself, out to `d_ff` numbers and back."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional as F

from ..run.edits import AnyEdits
from ..run.recorder import Recorder
from .config import ModelConfig
from .interventions import NO_EDITS, patched

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
}
"""What stands between the two matrices, by `config.activation`."""


class FeedForward(nn.Module):
    """FFN(x) = max(0, x W_1 + b_1) W_2 + b_2 (section 3.3, equation 2).

    Other models have another activation, and some a gate: FFN(x) = (act(x W_g) ⊙ x W_1) W_2
    (Shazeer 2020).
    """

    def __init__(self, config: ModelConfig, stack: str, layer: int) -> None:
        super().__init__()
        self.stack, self.layer, self.path = stack, layer, f"{stack}.{layer}"
        self.activation = ACTIVATIONS[config.activation]
        d_ff = config.ff_width(stack)
        self.up = nn.Linear(config.d_model, d_ff, bias=config.bias)
        self.gate = nn.Linear(config.d_model, d_ff, bias=config.bias) if config.gated else None
        self.down = nn.Linear(d_ff, config.d_model, bias=config.bias)

    def forward(
        self,
        x: Tensor,
        recorder: Recorder | None = None,
        edits: AnyEdits = NO_EDITS,
        start: int = 0,
    ) -> Tensor:
        """[B, pos, D] -> [B, pos, D]."""
        pre = self.up(x)
        gate = None if self.gate is None else self.gate(x)
        post = self.activation(pre) if gate is None else self.activation(gate) * pre
        out = patched(self.down(post), edits, "mlp_out", self.stack, self.layer, start)
        if recorder is not None:
            recorder(self.path, mlp_pre=pre, mlp_post=post, mlp_out=out)
            if gate is not None:
                recorder(self.path, mlp_gate=gate)
        return out
