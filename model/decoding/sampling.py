"""Sampling: draw every token from the model's distribution, reshaped first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from ..run.arrays import Array
from .greedy import write
from .options import is_number, is_whole, shown
from .stepper import Hypothesis, NotFinite, Stepper

COLDEST, HOTTEST = 0.01, 10.0
"""Temperatures that are taken: a colder one draws what greedy decoding writes."""

MAX_SEEDS = 2**32


@dataclass(frozen=True)
class Sampling:
    """Draws from the distribution after temperature, top-k and top-p, in this order.

    Args:
        temperature: divides the logits: below 1 sharper, above 1 flatter, 1 as the model has it.
        top_k: only the k most probable tokens stay (Fan et al. 2018), and those that are exactly as
            probable as the k-th; 0 keeps all.
        top_p: only the fewest tokens that together have this probability stay (nucleus sampling,
            Holtzman et al. 2020); 1 keeps all.
        seed: of the draws; the same seed draws the same tokens.

    Raises:
        ValueError: an option outside of its range, with what is allowed.
    """

    title: ClassVar[str] = "Sampling"
    does: ClassVar[str] = "Every token is drawn at random, the more probable ones more often."

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        temperature, top_p = self.temperature, self.top_p
        if not is_number(temperature) or not COLDEST <= temperature <= HOTTEST:
            raise ValueError(
                f"The temperature must be from {COLDEST} to {HOTTEST:g}, not {shown(temperature)}. "
                "Towards 0 it becomes greedy decoding."
            )
        if not is_whole(self.top_k) or self.top_k < 0:
            raise ValueError(
                f"top-k must be a whole number, 0 for all tokens, not {shown(self.top_k)}."
            )
        if not is_number(top_p) or not 0 < top_p <= 1:
            raise ValueError(f"top-p must be above 0 and at most 1, not {shown(top_p)}.")
        if not is_whole(self.seed) or not 0 <= self.seed < MAX_SEEDS:
            raise ValueError(f"The seed must be from 0 to {MAX_SEEDS - 1}, not {shown(self.seed)}.")

    @property
    def label(self) -> str:
        """Its name on screen."""
        kept = f", top-k {self.top_k}" if self.top_k else ""
        kept += f", top-p {self.top_p:g}" if self.top_p < 1 else ""
        return f"sampling, temperature {self.temperature:g}{kept}, seed {self.seed}"

    def decode(self, stepper: Stepper, prefix: Sequence[int], max_len: int) -> list[Hypothesis]:
        """See `Strategy.decode`; `log_prob` is the model's own, before any reshaping."""
        draws = torch.Generator().manual_seed(self.seed)

        def draw(log_probs: Tensor) -> Tensor:
            probs = self.reshape(log_probs).exp()
            try:
                return torch.multinomial(probs, 1, generator=draws)[:, 0]
            except RuntimeError:  # it looks at them anyway
                raise NotFinite from None

        return write(stepper, prefix, max_len, draw)

    def reshape(self, log_probs: Tensor) -> Tensor:
        """The log-probabilities [..., V] that are drawn from; −inf for tokens that were cut."""
        shaped = (log_probs / self.temperature).log_softmax(-1)
        if 0 < self.top_k < shaped.size(-1):
            least = shaped.topk(self.top_k, dim=-1).values[..., -1:]
            shaped = shaped.masked_fill(shaped < least, -torch.inf)
        if self.top_p < 1:
            ordered, order = shaped.log_softmax(-1).sort(dim=-1, descending=True)
            before = ordered.exp().cumsum(-1) - ordered.exp()  # probability of all that rank higher
            cut = torch.zeros_like(shaped, dtype=torch.bool).scatter(
                -1, order, before >= self.top_p
            )
            shaped = shaped.masked_fill(cut, -torch.inf)
        return shaped.log_softmax(-1)

    def distribution(self, log_probs: Array, never: Sequence[int] = ()) -> Array:
        """`reshape` for a trace's log-probabilities [T, V]: probabilities, float32.

        Args:
            never: ids that are never drawn (padding and `<bos>`).
        """
        allowed = torch.from_numpy(log_probs.copy())
        allowed[..., list(never)] = -torch.inf
        reshaped: Array = self.reshape(allowed).exp().numpy()
        return reshaped
