"""Source in, target out: what a transformer with its vocabulary reads and writes, untraced."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import torch

from ..decoding import Greedy, Hypothesis, NotFinite, Stepper, Strategy
from ..decoding import strategy as by_name
from ..decoding.options import is_whole
from ..decoding.rules import Rules
from ..network.layout import lay_by_columns
from ..network.source import Memory, Source
from ..network.transformer import Transformer
from ..tasks import Task
from .any_tokenizer import AnyTokenizer
from .batching import batched
from .edits import Edits
from .reader import Reader
from .reading import kind_of
from .sources import AnySource
from .tokens import Tokens

GREEDY = Greedy()
BATCH = 32
"""Sentences at a time that are decoded and traced."""


class Seq2Seq:
    """A network that reads sources and decodes targets. Never changed by that; safe to share.

    Args:
        network: the transformer; put into evaluation mode, its decoder's matrices laid by columns.
        tokenizer: its vocabulary.
        task: what it was trained for; None for weights of an unknown task.
        rules: which tokens may come next.
        strategy: how it decodes unless told otherwise.
    """

    def __init__(
        self,
        network: Transformer,
        tokenizer: AnyTokenizer,
        task: Task | None = None,
        *,
        rules: Rules | None = None,
        strategy: Strategy = GREEDY,
    ) -> None:
        self.network = network.eval().requires_grad_(False)
        lay_by_columns(network)
        self.config = network.config
        self.tokenizer, self.task = tokenizer, task
        self.rules, self.strategy = rules or Rules.of(network.config), strategy

    @property
    def start_id(self) -> int:
        """What the decoder reads first."""
        return self.config.bos_id if self.rules.start is None else self.rules.start

    @property
    def not_followed(self) -> tuple[str, ...]:
        """What the checkpoint asks for and this does not do, in sentences for its reader."""
        return self.rules.not_followed

    @property
    def reads(self) -> str:
        """What a source is: "text", "picture" or "sound"."""
        return kind_of(self.config.front)

    @property
    def reader(self) -> Reader:
        """Reads sources and targets for this model."""
        begin = {i for ids in self.rules.begins_with for i in ids}
        closed = tuple(i for i in self.never_written if i not in begin)
        return Reader(self.tokenizer, self.config, self.task, closed)

    def read(self, source: AnySource) -> Tokens:
        """The source tokens of a text, closed by `<eos>`, or the positions of a picture or sound.

        Raises:
            ValueError: a source that the task or the vocabulary does not take, or that is too long.
        """
        return self.reader.source(source)

    def target_ids(self, target: str | Sequence[int], src: Tokens) -> list[int]:
        """Target ids from text or ids, for a source that was read.

        A text is put behind what every target begins with, such as its language.

        Raises:
            ValueError: an id that is never written or stands behind `<eos>`, or a character that
                neither the vocabulary nor the source has.
        """
        ids = self.reader.target(target, src)
        return [*self.begin(src), *ids] if ids and isinstance(target, str) else ids

    def source(self, sources: Sequence[Tokens]) -> Source:
        """What the encoder takes of a batch of read sources."""
        return self.reader.batch(sources)

    def decode(
        self,
        src: Tokens,
        *,
        strategy: str | Strategy | None = None,
        max_len: int | None = None,
        prefix: Sequence[int] = (),
        edits: Edits = Edits(),
        memory: Memory | None = None,
    ) -> Hypothesis:
        """Only the decoding of one read source, without a trace.

        Args:
            prefix: ids that are forced first; where they end in `<eos>`, nothing is left to choose.
            memory: what the encoder has made of the source under these edits, where that is known.

        Raises:
            ValueError: a strategy, length, prefix or edits that the model cannot take, or weights
                with which its numbers do not stay finite.
        """
        self._check_edits(edits, [src])
        limit = self._limit(max_len, len(src))
        ended = len(prefix) > 0 and prefix[-1] == self.config.eos_id
        if len(prefix) - ended >= limit:
            raise ValueError(
                f"The forced text has {len(prefix):,} tokens; at most {limit - 1:,} leave room to "
                "go on."
            )
        with torch.inference_mode():
            given = self.source([src]) if memory is None else memory
            stepper = Stepper(self.network, given, edits, rules=self.rules, limit=limit)
            if ended:
                log_probs, score = stepper.begin(prefix[:-1])
                total = float(score + log_probs[:, self.config.eos_id])
                return Hypothesis(tuple(prefix), total, True)
            found = self._strategy(strategy).decode(stepper, prefix, limit)[0]
        if not math.isfinite(found.log_prob):
            raise NotFinite
        return found

    def decode_batch(
        self,
        sources: Sequence[Tokens],
        max_len: int | None = None,
        edits: Edits = Edits(),
        memory: Memory | None = None,
    ) -> list[Hypothesis]:
        """Greedy decoding of a batch of read sources, each as long as it would get by itself.

        What did not finish by then is cut off; its `log_prob` is not known (NaN).

        Raises:
            ValueError: a length or edits that the model cannot take.
        """
        self._check_edits(edits, sources)
        if not sources:
            return []
        limits = [self._limit(max_len, len(one)) for one in sources]
        with torch.inference_mode():
            given = self.source(sources) if memory is None else memory
            stepper = Stepper(self.network, given, edits, rules=self.rules, limit=max(limits))
            found = GREEDY.decode(stepper, (), max(limits))
        if not all(math.isfinite(one.log_prob) for one in found):
            raise NotFinite
        return [
            one if len(one.ids) <= limit else Hypothesis(one.ids[:limit], math.nan, False)
            for one, limit in zip(found, limits, strict=True)
        ]

    def translate(self, texts: Sequence[AnySource], *, edits: Edits = Edits()) -> list[str]:
        """Only the output texts of many inputs: batched, shortest first, no trace.

        Raises:
            ValueError: as in `run_many`.
        """
        sources = self._read_all(texts)
        found = dict(self.decode_many(sources, edits))
        return [self.write(found[i].ids, src).text for i, src in enumerate(sources)]

    def decode_many(
        self, sources: Sequence[Tokens], edits: Edits = Edits()
    ) -> Iterator[tuple[int, Hypothesis]]:
        """`decode_batch` for any number of read sources, shortest first: (place, what was written).

        Raises:
            ValueError: as in `decode_batch`.
        """
        lengths = [len(one) for one in sources]
        order = sorted(range(len(sources)), key=lengths.__getitem__)
        for rows in batched(order, lengths, 2 * BATCH):
            found = self.decode_batch([sources[i] for i in rows], edits=edits)
            yield from zip(rows, found, strict=True)

    def write(self, ids: Sequence[int], src: Tokens) -> Tokens:
        """The tokens behind target ids, unknown ones showing what they stand for in the source."""
        return self.tokenizer.decode(ids, self.tokenizer.unknown(src))

    def write_next(self, ids: Sequence[int], src: Tokens, before: Sequence[int]) -> Tokens:
        """Tokens that could come next behind the target ids `before`: an unknown one shows the
        source's unknown character whose turn it would be.
        """
        turn = sum(i == self.config.unk_id for i in before)
        return self.tokenizer.decode(ids, self.tokenizer.unknown(src)[turn : turn + 1] * len(ids))

    def begin(self, src: Tokens) -> tuple[int, ...]:
        """What every text of a source begins with, such as the language that the model hears."""
        rules = self.rules
        if len(rules.forced) == len(rules.begins_with):
            return rules.forced
        return self.decode(src, strategy=GREEDY, max_len=len(rules.begins_with)).ids

    @property
    def never_written(self) -> tuple[int, ...]:
        """Ids that no target has."""
        return self.rules.never

    def _strategy(self, given: str | Strategy | None) -> Strategy:
        return self.strategy if given is None else by_name(given)

    def _limit(self, max_len: int | None, n_src: int) -> int:
        usual = self.rules.max_len or 2 * n_src + 20
        limit = min(usual, self.config.max_positions) if max_len is None else max_len
        if not is_whole(limit) or not 1 <= limit <= self.config.max_positions:
            raise ValueError(
                f"max_len must be from 1 to {self.config.max_positions} tokens, not {limit}."
            )
        return limit

    def _read_all(self, texts: Sequence[AnySource]) -> list[Tokens]:
        if isinstance(texts, str) or not isinstance(texts, Iterable):
            raise ValueError(f"Several texts are taken, such as a list of them, not {texts!r:.100}")
        return [self.read(text) for text in texts]

    def _check_edits(self, edits: Edits, sources: Sequence[Tokens] = ()) -> None:
        if not isinstance(edits, Edits):
            raise ValueError(f"edits must be a headlight.Edits(…), not {edits!r}")
        for one in sources or (None,):
            edits.check(self.config, None if one is None else len(one))
