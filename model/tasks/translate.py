"""English to French, from everyday sentence pairs of the Tatoeba project."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

from ..network.config import ModelConfig
from ..run.tokenizer import Tokenizer
from ..run.vocabularies import learn_subwords
from .augment import join, reword, vary, vary_phrase
from .base import Batch, Decode, Example, Recipe, Shows, Task, TrainingData, pad
from .phrases import phrase
from .phrases.pieces import Pieces

DEFAULT_DATA = Path("../shared/data")
FOLDER = "tatoeba-en-fr"
D_VOCAB = 9_000
PHRASES, JOINED, PIECED = 0.12, 0.02, 0.03
"""Sentences of our own, long texts, and names made of pieces, for each pair of the corpus in an
epoch."""

EXAMPLES = (
    Example(
        "The black cat sleeps.",
        "“black cat” becomes “chat noir”: the rows of the two cross.",
        (Shows("cross", "chat", "cat"), Shows("cross", "noir", "black")),
        changed="The black cats sleep.",
    ),
    Example(
        "I do not like coffee.",
        "“not” moves behind the verb: the row that writes “pas” looks at it.",
        (Shows("cross", "pas", "not"),),
        changed="I do not like milk.",
    ),
    Example(
        "The house that my sisters bought is old.",
        "“old” looks back at “house”, over five words: its French has to agree with that noun.",
        (Shows("encoder_self", "old", "house"),),
        changed="The house that my sister bought is old.",
    ),
    Example(
        "Where did you put my keys?",
        "A question: “did” has no word of its own in French; the row that writes “as” reads it.",
        (Shows("cross", "as", "did"),),
        changed="Where did you put my key?",
    ),
    Example(
        "It is raining cats and dogs.",
        "An idiom: the row that writes “cordes” (ropes) reads “cats”, yet no cat is written.",
        (Shows("cross", "cordes", "cats"),),
        changed="It is raining in the garden.",
    ),
    Example(
        "She was extraordinarily happy.",
        "A long word is cut into pieces: those of “extraordinairement” read those of "
        "“extraordinarily”.",
        (Shows("cross", "extraordinairement", "extraordinarily"),),
        changed="He was extraordinarily happy.",
    ),
    Example(
        "The table is too heavy because it is made of stone.",
        "“it” becomes “elle”, as it stands for “la table”: the row that writes “elle” reads “it”.",
        (Shows("cross", "elle", "it"),),
        changed="The desk is too heavy because it is made of stone.",
    ),
    Example(
        "He opened the window and closed it again.",
        "“it” looks at “window”, which it stands for, and becomes “la”.",
        (Shows("encoder_self", "it", "window"),),
        changed="He opened the book and closed it again.",
    ),
)


class Translate(Task):
    """Everyday English to French."""

    slug = "translate-en-fr"
    large = True
    longest = 100  # of the texts joined in `augment/join.py`, 99 in 100 have at most 94
    title = "English to French"
    doing = "Translating …"
    accepts = "an English sentence, such as “The black cat sleeps.”"
    examples = EXAMPLES
    targets: Mapping[str, str] = {}  # of sources that are not learnt with the corpus's own
    recipe = Recipe(
        steps=7_600,
        batch=4_000,
        peak_rate=2e-3,
        warmup=150,
        muon=True,
        smoothing=0.1,
        weight_decay=0.02,
        ema=0.999,
        evaluate_every=1_000,
        snapshots=(
            0,
            50,
            100,
            200,
            300,
            400,
            500,
            700,
            1_000,
            1_400,
            2_000,
            2_800,
            4_000,
            5_500,
        ),
    )

    def config(self, d_vocab: int) -> ModelConfig:
        """7.8 million parameters."""
        return ModelConfig(
            d_vocab=d_vocab,
            d_model=256,
            n_heads=8,
            d_ff=1024,
            n_encoder_layers=3,
            n_decoder_layers=3,
            dropout=0.12,
        )

    def tokenizer(self, data: Path | None = None) -> Tokenizer:
        """Joint byte-pair encoding of 9,000 pieces, learnt from the training pairs.

        They are read with other names and numbers, or those that people type would be letters, and
        with as many phrases of our own as an epoch has.
        """
        random = Random(self.slug)
        pairs = [reword(pair, random) for pair in read_pairs(data, "train")]
        own = [phrase(random) for _ in range(round(PHRASES * len(pairs)))]
        return learn_subwords(chain.from_iterable(pairs + own), D_VOCAB)

    def with_targets(self, file: Path) -> Translate:
        """See `Task.with_targets`."""
        other = Translate()
        other.targets = read_targets(file)
        return other

    def training_data(
        self, tokenizer: Tokenizer, seed: int, data: Path | None = None
    ) -> TrainingData:
        """All training pairs, in batches by token count; dev pairs for measuring only."""
        pairs, dev = read_pairs(data, "train"), read_pairs(data, "dev")
        train = [(source, self.targets.get(source, target)) for source, target in pairs]
        n = len(train)
        found = SentencePairs(
            train,
            dev,
            tokenizer,
            seed,
            self.recipe.batch,
            phrases=round(PHRASES * n),
            joined=round(JOINED * n),
            pieced=round(PIECED * n),
        )
        if self.targets:
            names = repr(sorted(self.targets.items())).encode()
            digest = hashlib.sha256(names).hexdigest()[:16]
            found.settings = {"targets": {"sources": len(self.targets), "digest": digest}}
        return found

    def check(self, text: str) -> None:
        """Anything but blank text."""
        if not text.strip():
            raise ValueError(f"There is no text to translate. Accepted: {self.accepts}.")


class SentencePairs(TrainingData):
    """Real pairs, shuffled anew every epoch, slightly varied, batched by length.

    Args:
        train, dev: (English, French) pairs.
        batch: target tokens at most.
        phrases: sentences of our own an epoch.
        joined: long texts an epoch, put together from pairs.
        pieced: sentences an epoch with a name or an address made of the vocabulary's pieces.
    """

    def __init__(
        self,
        train: list[tuple[str, str]],
        dev: list[tuple[str, str]],
        tokenizer: Tokenizer,
        seed: int,
        batch: int,
        *,
        phrases: int = 0,
        joined: int = 0,
        pieced: int = 0,
    ) -> None:
        self.phrases, self.joined, self.pieced = phrases, joined, pieced
        self.pieces = Pieces(tokenizer)
        self.train, self.tokenizer, self.seed, self.tokens = train, tokenizer, seed, batch
        self.references: dict[str, list[str]] = {}
        for english, french in dev:
            self.references.setdefault(english, []).append(french)
        self._epoch, self._first, self._batches = -1, 0, list[list[tuple[list[int], list[int]]]]()

    def batch(self, step: int) -> Batch:
        """At most `batch` target tokens, padding included, of pairs of like length."""
        if step < self._first:
            self._epoch, self._first, self._batches = -1, 0, []
        while step >= self._first + len(self._batches):
            self._first += len(self._batches)
            self._epoch += 1
            self._batches = self._make(self._epoch)
        sources, targets = zip(*self._batches[step - self._first], strict=True)
        return pad(list(sources), list(targets))

    def evaluate(self, decode: Decode) -> dict[str, float]:
        """BLEU and chrF on every fourth dev source, all its references used.

        All of them would take longer than the training between two evaluations;
        `headlight evaluate` reads them all.
        """
        sample = dict(list(self.references.items())[::4])
        return score(decode(list(sample)), list(sample.values()))

    def _make(self, epoch: int) -> list[list[tuple[list[int], list[int]]]]:
        """The batches of one epoch, in random order."""
        random = Random(f"{self.seed}-{epoch}")
        varied = [vary(pair, random) for pair in self.train]
        varied += [reword(join(self.train, random), random) for _ in range(self.joined)]
        varied += [vary_phrase(phrase(random), random) for _ in range(self.phrases)]
        varied += [self.pieces.phrase(random) for _ in range(self.pieced)]
        sources = self.tokenizer.encode_ids([source for source, _ in varied], source=True)
        targets = self.tokenizer.encode_ids([target for _, target in varied])
        pairs = list(zip(sources, targets, strict=True))
        random.shuffle(pairs)
        pairs.sort(key=lambda pair: (len(pair[1]) + 1, len(pair[0])))  # stable: ties stay shuffled
        batches, batch = [], list[tuple[list[int], list[int]]]()
        for pair in pairs:
            longest = 1 + max(len(pair[0]) // 2, len(pair[1]))
            if batch and longest * (len(batch) + 1) > self.tokens:
                batches.append(batch)
                batch = []
            batch.append(pair)
        batches.append(batch)
        random.shuffle(batches)
        return batches


def score(outputs: list[str], references: list[list[str]]) -> dict[str, float]:
    """BLEU (Papineni et al. 2002) and chrF (Popović 2015), `sacrebleu` defaults."""
    import sacrebleu  # needed for training and measuring only

    columns = _columns(references)
    return {
        "bleu": sacrebleu.corpus_bleu(outputs, columns).score,
        "chrf": sacrebleu.corpus_chrf(outputs, columns).score,
    }


def length_ratio(outputs: list[str], references: list[list[str]]) -> float:
    """Words of the outputs over words of the references nearest in length, as BLEU counts them."""
    import sacrebleu

    return sacrebleu.corpus_bleu(outputs, _columns(references)).ratio


def _columns(references: list[list[str]]) -> Any:
    """First references, second references, ...; None where a source has fewer.

    sacrebleu takes None, though its types do not say so.
    """
    most = max(map(len, references))
    return [[row[i] if i < len(row) else None for row in references] for i in range(most)]


def read_pairs(data: Path | None, split: str) -> list[tuple[str, str]]:
    """The different (English, French) pairs of `train` or `dev`, in the file's order.

    Raises:
        ValueError: the file is not there; says where the public original is.
    """
    path = (data or DEFAULT_DATA) / FOLDER / f"{split}.tsv.gz"
    if not path.is_file():
        raise ValueError(
            f"{path} does not exist. Name the folder that holds {FOLDER}/ with --data; "
            "`headlight prepare` makes it from fra-eng.zip of www.manythings.org/anki, whose pairs "
            "come from tatoeba.org."
        )
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t")[:2] for line in lines]
    return list(dict.fromkeys((english, french) for english, french in rows))


def read_targets(file: Path) -> dict[str, str]:
    """Targets by source, as `headlight distil` writes them.

    Raises:
        ValueError: the file is not there, or holds none.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{file} cannot be read. `headlight distil` writes such a file.") from None
    found = dict(line.split("\t")[:2] for line in lines if "\t" in line)
    if not found:
        raise ValueError(f"{file} holds no targets: lines of a source, a tab, and its target.")
    return found
