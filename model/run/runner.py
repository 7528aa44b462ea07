"""A loaded model: text in, traces out. This is the face that pages and notebooks use."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from typing import Any

from ..decoding import Strategy
from ..decoding.rules import Rules
from ..network.digest import digest
from ..network.transformer import Transformer
from ..tasks import Task
from .any_tokenizer import AnyTokenizer
from .choices import Choices
from .edits import Edits
from .seq2seq import BATCH, GREEDY, Seq2Seq
from .sources import AnySource
from .tokens import Tokens
from .trace import Trace
from .traced_pass import Encoded, encode, traced_pass

NO_CHOICES = Choices()


class Model(Seq2Seq):
    """Weights with a name, whose runs are traced. Never changed by a run; safe to share.

    Args:
        slug: the name it goes by.
        network, tokenizer, task, rules, strategy: as in `Seq2Seq`.
        choices: languages or tasks to choose among, see `choose`.
        alignment_heads: (layer, head) of cross-attention that are known to follow a sound.
    """

    def __init__(
        self,
        slug: str,
        network: Transformer,
        tokenizer: AnyTokenizer,
        task: Task | None = None,
        *,
        rules: Rules | None = None,
        strategy: Strategy = GREEDY,
        choices: Choices = NO_CHOICES,
        alignment_heads: Sequence[tuple[int, int]] = (),
    ) -> None:
        super().__init__(network, tokenizer, task, rules=rules, strategy=strategy)
        self.slug = slug
        self.choices, self.chosen = choices, dict[str, str]()
        self.alignment_heads = tuple(alignment_heads)
        self.weights_digest = self.digest = digest(network)

    def choose(self, **chosen: str) -> Model:
        """The same weights with other languages or another task, as `choices` offers them.

        Raises:
            ValueError: a choice or a value that there is not.
        """
        complete = self.choices.complete({**self.chosen, **chosen})
        if self.choices.apply is None:
            return self
        model = copy.copy(self)
        model.tokenizer, model.rules = self.choices.apply(complete)
        model.chosen = complete
        told = f"{self.weights_digest} {sorted(complete.items())}"
        model.digest = hashlib.sha256(told.encode()).hexdigest()[:16]
        return model

    def __repr__(self) -> str:
        config = self.config
        return (
            f"Model({self.slug}: {config.n_encoder_layers} + {config.n_decoder_layers} layers, "
            f"{config.n_heads} heads, d_model {config.d_model}, {config.d_vocab:,} tokens, "
            f"{self.digest})"
        )

    def check_trace(self, trace: Trace) -> None:
        """Make sure that a trace is of these weights.

        Raises:
            ValueError: it was made by another model.
        """
        if trace.digest != self.digest:
            raise ValueError("The trace was made by another model than the one given.")

    def run(
        self,
        source: AnySource,
        *,
        strategy: str | Strategy | None = None,
        max_len: int | None = None,
        prefix: str | Sequence[int] = (),
        edits: Edits = Edits(),
        record_result: bool = False,
    ) -> Trace:
        """Decode a source, then trace one teacher-forced pass over what was written.

        Args:
            strategy: a name in `model.decoding.STRATEGIES`, or a strategy with its options; the
                checkpoint's own when None, which is greedy for Headlight's models.
            max_len: most target tokens, `<eos>` included; twice the source and 20 by default.
            prefix: target text or ids that are forced first.
            edits: interventions, in force for decoding and trace alike.
            record_result: keep each head's output z·W_O as well (large).

        Raises:
            ValueError: text, prefix, strategy, length or edits that the model cannot take, or
                weights with which its numbers do not stay finite.
        """
        src = self.read(source)
        forced = self.target_ids(prefix, src)
        read = self._encode([src], edits, record_result)
        chosen = self.decode(
            src,
            strategy=strategy,
            max_len=max_len,
            prefix=forced,
            edits=edits,
            memory=read.memory,
        )
        return self._trace(
            [src],
            [list(chosen.ids)],
            strategy=self._strategy(strategy).label,
            forced=min(max(len(forced), len(self.rules.forced)), len(chosen.ids)),
            edits=edits,
            encoded=read,
        )[0]

    def run_many(
        self, sources: Sequence[AnySource], *, max_len: int | None = None, edits: Edits = Edits()
    ) -> list[Trace]:
        """Greedy decode and trace of many sources in batches; the numbers of `run`, to rounding.

        Raises:
            ValueError: as in `run`; nothing is decoded when one of the sources cannot be read.
        """
        read = self._read_all(sources)
        self._check_edits(edits, read)
        traces: list[Trace] = []
        for start in range(0, len(read), BATCH):
            batch = read[start : start + BATCH]
            encoded = self._encode(batch, edits)
            found = self.decode_batch(batch, max_len, edits, encoded.memory)
            written = [list(one.ids) for one in found]
            traces += self._trace(batch, written, strategy="greedy", edits=edits, encoded=encoded)
        return traces

    def teacher_force(
        self,
        source: AnySource,
        target: str | Sequence[int],
        *,
        edits: Edits = Edits(),
        record_result: bool = False,
    ) -> Trace:
        """Trace of a given target, text or ids, which is closed by `<eos>` when it is not.

        Raises:
            ValueError: text, target, length or edits that the model cannot take.
        """
        src = self.read(source)
        ids = self.target_ids(target, src)
        if not ids:
            raise ValueError(
                "There is no target text: type what the model should be made to write."
            )
        if ids[-1] != self.config.eos_id:
            ids = [*ids, self.config.eos_id]
        self.reader.check_length(len(ids), "target text")
        unknown_chars = None
        if isinstance(target, str):  # shown as typed, in whatever order
            unknown_chars = self.tokenizer.unknown(self.tokenizer.encode(target))
        return self._trace(
            [src],
            [ids],
            strategy="teacher forcing",
            forced=len(ids),
            edits=edits,
            encoded=self._encode([src], edits, record_result),
            unknown=unknown_chars,
        )[0]

    def _encode(
        self, sources: Sequence[Tokens], edits: Edits, record_result: bool = False
    ) -> Encoded:
        """Sources through the encoder, recorded: once, for decoding and trace alike."""
        self._check_edits(edits, sources)
        return encode(self.network, self.source(sources), edits, record_result)

    def _trace(
        self,
        sources: Sequence[Tokens],
        targets: Sequence[Sequence[int]],
        *,
        strategy: str,
        forced: int = 0,
        edits: Edits,
        encoded: Encoded,
        unknown: Sequence[str] | None = None,
    ) -> list[Trace]:
        """One trace of each target; see `traced_pass`."""
        found = traced_pass(
            self.network,
            self.reader,
            sources,
            targets,
            start_id=self.start_id,
            edits=edits,
            encoded=encoded,
            unknown=unknown,
        )
        about: dict[str, Any] = {"model": self.slug, "digest": self.digest}
        about["alignment_heads"] = self.alignment_heads
        return [Trace(**about, strategy=strategy, forced=forced, **values) for values in found]
