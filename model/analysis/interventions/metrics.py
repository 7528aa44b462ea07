"""What a patch is measured by: one number from the distribution of one row.

The choice among them is discussed by Heimersheim & Nanda 2024 (section 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

LOG_PROB, LOGIT, KL = "log_prob", "logit", "kl"
METRICS: Mapping[str, str] = {
    LOG_PROB: "log-probability of the token",
    LOGIT: "logit of the token minus the logit of the other token",
    KL: "KL divergence from the row of the run that values come from",
}
"""Every metric, and what it is in words."""


@dataclass(frozen=True)
class Metric:
    """A metric of METRICS with the tokens it looks at, of which KL needs none.

    Raises:
        ValueError: there is no metric of that name, or a token is missing.
    """

    name: str
    token: int | None = None
    against: int | None = None

    def __post_init__(self) -> None:
        if self.name not in METRICS:
            raise ValueError(f"There is no metric “{self.name}”. There are: {', '.join(METRICS)}.")
        if self.name != KL and (
            self.token is None or (self.name == LOGIT and self.against is None)
        ):
            raise ValueError(f"The metric “{self.name}” needs the tokens that it compares.")

    def of(self, logits: Tensor, reference: Tensor) -> Tensor:
        """Logits [B, V] and those of the run that values come from [V] → [B], higher = nearer."""
        logits, reference = logits.double(), reference.double()
        if self.name == KL:
            p, log_q = reference.log_softmax(-1), logits.log_softmax(-1)
            return -(p.exp() * (p - log_q)).sum(-1)
        if self.name == LOG_PROB:
            return logits.log_softmax(-1)[:, self.token]
        return logits[:, self.token] - logits[:, self.against]
