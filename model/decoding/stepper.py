"""What every decoding strategy drives: targets being written, one step at a time."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

import torch
from torch import Tensor

from ..network.cache import DecoderCache
from ..network.source import Memory, Source
from ..network.transformer import Transformer
from ..run.edits import AnyEdits
from ..run.pace import breathe
from .fast import FastDecoder, fits, hooks
from .rules import Rules

if TYPE_CHECKING:
    from .tree import BeamTree


HOOK = (
    "A hook on the whole network would act in the trace and not in decoding, which calls its "
    "parts: hang it on a layer, a block or a norm."
)


class NotFinite(ValueError):
    """The model's numbers have grown beyond what can be computed with."""

    def __init__(self) -> None:
        super().__init__(
            "The model's numbers grow too large to be computed with, so whatever it wrote would "
            "mean nothing: its weights are not those of a trained model."
        )


@dataclass(frozen=True)
class Hypothesis:
    """One finished or cut-off target.

    Args:
        ids: what was written, without `<bos>`; the last is `<eos>` where it finished by itself.
        log_prob: sum of the tokens' log-probabilities under the model, in nats.
        finished: whether it ends in `<eos>`.
        tree: the search that it came out of, where the strategy keeps one.
    """

    ids: tuple[int, ...]
    log_prob: float
    finished: bool
    tree: BeamTree | None = field(default=None, compare=False, repr=False)


class Strategy(Protocol):
    """A way to choose tokens; one file each, named in this folder's `__init__`."""

    @property
    def label(self) -> str:
        """What the strategy is called on screen, with its options."""

    def decode(self, stepper: Stepper, prefix: Sequence[int], max_len: int) -> list[Hypothesis]:
        """One hypothesis for each sentence of the stepper, the best one where it keeps several.

        Args:
            prefix: target ids that are forced before the strategy chooses, none of them `<eos>`.
            max_len: most target tokens to write, prefix and `<eos>` included.
        """


class Offered(Strategy, Protocol):
    """A strategy that can be chosen by its name, with its default options.

    Attributes:
        title: what it is called on screen, without its options.
        does: what it does, in one sentence.
    """

    title: ClassVar[str]
    does: ClassVar[str]


class Stepper:
    """Rows of targets over one batch of sources, with a KV cache.

    Without a causal mask a new token changes what earlier ones saw, so then (and when `cached` is
    False, for tests) every step runs the whole decoder again.

    There are two cached decoders: `FastDecoder` takes two thirds of the time of `network.step`, but
    passes by the modules. So it decodes plain runs, and `network.step` all others: edited ones, and
    networks that somebody hung hooks on.

    Args:
        source: what the encoder reads, or what it has made of that under the same edits.
        rules: which tokens may come next; those of our own models when None.
        limit: most tokens to be written, for rules about the last one.
    """

    def __init__(
        self,
        network: Transformer,
        source: Source | Tensor | Memory,
        edits: AnyEdits,
        *,
        rules: Rules | None = None,
        limit: int | None = None,
        cached: bool = True,
    ) -> None:
        if hooks(network):
            raise ValueError(HOOK)
        self.network, self.edits = network, edits
        if not isinstance(source, Memory):
            source = network.encode(source, edits=edits)
        self.memory = source
        self.cache: FastDecoder | DecoderCache | None = None
        if cached and not edits and fits(network):
            self.cache = FastDecoder(network, self.memory)
        elif cached and edits.causal_mask:
            self.cache = network.start(self.memory)
        self.written = torch.empty(len(self.memory), 0, dtype=torch.int64)
        config = network.config
        self.rules, self.limit = rules or Rules.of(config), limit
        start = self.rules.start
        self.bos_id, self.eos_id = config.bos_id if start is None else start, config.eos_id
        self.never = torch.zeros(config.d_vocab)
        self.never[list(self.rules.never)] = -torch.inf
        """[V], added before choosing: what is never written."""

    def __len__(self) -> int:
        """Rows being written."""
        return len(self.memory)

    def advance(self, ids: Tensor) -> Tensor:
        """Read new target ids [rows, n] and return the log-probabilities [rows, V] of the next."""
        breathe()
        self.written = torch.cat([self.written, ids], dim=1)
        if isinstance(self.cache, FastDecoder):
            logits = self.cache.step(ids)
        elif self.cache is not None:
            logits = self.network.step(ids, self.memory, self.cache, self.edits)
        else:
            x = self.network.decode(self.written, self.memory, edits=self.edits)
            logits = self.network.unembed(x[:, -1])
        return logits.log_softmax(-1)

    def allowed(self, log_probs: Tensor) -> Tensor:
        """Log-probabilities [rows, V] to choose the next token by; −inf where it may not come."""
        rules, last = self.rules, self.rules.last is not None
        if rules.same_at_every_step and not (last and self.written.size(1) == self.limit):
            return log_probs + self.never
        return rules.allowed(log_probs, self.written, self.eos_id, self.limit)

    def select(self, rows: Tensor) -> None:
        """Go on with these rows, in this order; a row may be taken more than once."""
        self.memory, self.written = self.memory[rows], self.written[rows]
        if self.cache is not None:
            self.cache = self.cache.select(rows)

    def only(self, row: int) -> Stepper:
        """One sentence of the batch by itself; this stepper stays as it is."""
        alone = copy.copy(self)
        alone.select(torch.tensor([row]))
        return alone

    def begin(self, prefix: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Read `<bos>` and the prefix on every row.

        Returns:
            log-probabilities [rows, V] of the next token, and those of the prefix, summed [rows].
        """
        ids = torch.tensor([[self.bos_id, *prefix]]).expand(len(self), -1)
        score = torch.zeros(len(self))
        for i, token_id in enumerate(prefix):
            score = score + self.advance(ids[:, i : i + 1])[:, token_id]
        return self.advance(ids[:, len(prefix) :]), score
