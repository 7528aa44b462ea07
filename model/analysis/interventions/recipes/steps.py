"""The steps of a list of edits: each knows its text and its words, and becomes numbers in a run."""

from __future__ import annotations

import base64
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from ....network.config import KINDS
from ....run.edits import Edits, Head, Vector
from ....run.edits.given import kind
from ....run.runner import Model
from ....run.trace import Trace
from .. import aligned, noise, path, steering
from ..comparison import Paired, paired
from ..patching import Cell, brought
from ..same_tokens import same_tokens

ALL, SAME = "all", "same"
SENTENCES, TOKEN, HEAD = "sentences", "token", "head"
DIRECTIONS = (SENTENCES, TOKEN, HEAD)
"""What a direction is made of: another text's stream minus this one's, a token's row of the
unembedding, or what a head writes on average."""


@dataclass(frozen=True)
class Maker:
    """What recipes need to become numbers.

    Args:
        text: the source that is edited.
        run: the run of a source under edits.
        means: each head's mean z over a corpus; None as long as it is not known.
        keep: what is costly goes through this, with a key that tells it from everything else.
        same: the run of a source, as trained, that is given the tokens of another run.
    """

    model: Model
    text: str
    run: Callable[[str, Edits], Trace]
    means: Callable[[], Mapping[Head, Vector] | None] = lambda: None
    keep: Callable[[Hashable, Callable[[], Edits]], Edits] = lambda key, make: make()
    same: Callable[[str, Trace], Trace] | None = None

    def given(self, text: str, tokens_of: Trace) -> Trace:
        """The run of a source, as trained, that is given the tokens of another run."""
        if self.same is None:
            return self.model.run(text, strategy=same_tokens(tokens_of))
        return self.same(text, tokens_of)


class Step(Protocol):
    """One step of a list of edits."""

    def to_text(self) -> str:
        """The item of the list."""

    def edits(self, maker: Maker, before: Edits) -> Edits:
        """In numbers, behind the steps `before`.

        Raises:
            ValueError: it cannot be made here; says why.
        """


@dataclass(frozen=True)
class Swap:
    """A cell of a patching map: a quantity from the run of another text, as trained.

    Args:
        pairing: which positions answer to which: see `pairing_of`.
        text: the other source, which writes by itself unless the pairing ends in `;same`.
    """

    cell: Cell
    pairing: str
    text: str
    name: ClassVar[str] = "swap"

    def to_text(self) -> str:
        """See `Step`."""
        return f"{_place(self.name, *self.cell)}:{self.pairing},{_packed(self.text)}"

    def edits(self, maker: Maker, before: Edits) -> Edits:
        """See `Step`."""
        both = _between(maker, before, self.text, self.pairing)
        _check(maker.model, self.cell)
        return brought(both, self.cell)

    def __str__(self) -> str:
        at = "" if self.cell.position is None else f" at {self.cell.position}"
        return f"{cell_name(self.cell)}{at} from “{short(self.text)}”"


@dataclass(frozen=True)
class Path:
    """One path of a head to a later one, from the run of another text."""

    sender: Head
    receiver: Head
    pairing: str
    text: str
    name: ClassVar[str] = "path"

    def to_text(self) -> str:
        """See `Step`."""
        place = _place(self.name, *self.sender, *self.receiver)
        return f"{place}:{self.pairing},{_packed(self.text)}"

    def edits(self, maker: Maker, before: Edits) -> Edits:
        """See `Step`."""
        both = _between(maker, before, self.text, self.pairing)
        Edits(ablate={self.sender, self.receiver}).check(maker.model.config)
        if self.receiver not in path.downstream(maker.model, self.sender):
            raise ValueError(f"{self}: the second head comes before, or beside, the first.")
        return maker.keep(
            (self, before), lambda: path.path_edits(maker.model, both, self.sender, self.receiver)
        )

    def __str__(self) -> str:
        ends = f"{_head_name(self.sender)} → {_head_name(self.receiver)}"
        return f"path {ends} from “{short(self.text)}”"


@dataclass(frozen=True)
class Noise:
    """Noise on what the encoder reads."""

    positions: tuple[int, ...]
    scale: float = noise.SCALE
    seed: int = 0
    name: ClassVar[str] = "noise"

    def to_text(self) -> str:
        """See `Step`."""
        return f"noise.{'_'.join(map(str, self.positions))}:{self.scale:g},{self.seed}"

    def edits(self, maker: Maker, before: Edits) -> Edits:
        """See `Step`."""
        trace = maker.run(maker.text, before)
        return noise.noise(maker.model, trace, self.positions, scale=self.scale, seed=self.seed)

    def __str__(self) -> str:
        return f"noise of {self.scale:g} sd at {', '.join(map(str, self.positions))}"


@dataclass(frozen=True)
class Toward:
    """c × a direction, added to the stream that a layer reads.

    Args:
        position: None means all.
        by, said: one of DIRECTIONS, and the text, the token or `cross-1-3` that it is made of.
    """

    stack: str
    layer: int
    position: int | None
    c: float
    by: str
    said: str
    name: ClassVar[str] = "toward"

    def to_text(self) -> str:
        """See `Step`."""
        place = _place(self.name, self.stack, self.layer, self.position)
        return f"{place}:{self.c:.10g},{self.by},{_packed(self.said)}"

    def edits(self, maker: Maker, before: Edits) -> Edits:
        """See `Step`."""
        plain = maker.run(maker.text, Edits())
        if self.by == SENTENCES:
            other = maker.run(self.said, Edits())
            found = steering.difference(other, plain, self.stack, self.layer)
        elif self.by == TOKEN:
            found = steering.unembedding(maker.model, token_id(maker.model, plain, self.said))
        else:
            found = steering.head_output(maker.model, plain, read_head(self.said))
        return Edits(steer=[(self.stack, self.layer, self.position, self.c, found)])

    def __str__(self) -> str:
        at = "everywhere" if self.position is None else f"at {self.position}"
        what = {SENTENCES: f"“{short(self.said)}” − this one", TOKEN: f"“{short(self.said)}”"}
        direction = what.get(self.by) or f"the output of {self.said.replace('-', ' ')}"
        return f"{self.stack} L{self.layer} {at}: {self.c:g} × ({direction})"


@dataclass(frozen=True)
class Mean:
    """A head at its mean output over a corpus."""

    head: Head
    name: ClassVar[str] = "mean"

    def to_text(self) -> str:
        """See `Step`."""
        return _place(self.name, *self.head)

    def edits(self, maker: Maker, before: Edits) -> Edits:
        """See `Step`."""
        means = maker.means()
        Edits(ablate={self.head}).check(maker.model.config)
        if means is None or self.head not in means:
            raise ValueError(
                "The mean output of this model's heads is not known yet: “Ablation lab”, under "
                "Heads at work, measures it."
            )
        return Edits(ablate={self.head}, means={self.head: means[self.head]})

    def __str__(self) -> str:
        return f"{_head_name(self.head)} at its mean"


@dataclass(frozen=True)
class Plain:
    """An item of `Edits.to_text`."""

    value: Edits

    def to_text(self) -> str:
        """See `Step`."""
        return self.value.to_text()

    def edits(self, maker: Maker, before: Edits) -> Edits:
        """See `Step`."""
        self.value.check(maker.model.config)
        return self.value

    def __str__(self) -> str:
        return str(self.value)


def token_id(model: Model, trace: Trace, said: str) -> int:
    """A token by its piece in the vocabulary, or the first one of a text.

    Raises:
        ValueError: there is none.
    """
    for i in range(len(model.tokenizer)):
        if model.tokenizer.piece(i) == said:
            return i
    ids = model.target_ids(said, trace.src)
    if not ids:
        raise ValueError("Type a token, or a word whose first token is meant.")
    return ids[0]


def read_head(said: str) -> Head:
    """`cross-1-3`.

    Raises:
        ValueError: it is no head.
    """
    parts = said.split("-")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 6 for p in parts[1:]):
        raise ValueError(f"“{short(said)}” is not a head, such as cross-1-3.")
    return kind(parts[0]), int(parts[1]), int(parts[2])


def cell_name(cell: Cell) -> str:
    """`cross L1 H3 z`, `decoder L0 resid_pre`."""
    head = "" if cell.head is None else f" H{cell.head}"
    return f"{cell.where} L{cell.layer}{head} {cell.name}"


def short(text: str, most: int = 32) -> str:
    """A text that fits on a button."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _between(maker: Maker, before: Edits, text: str, pairing: str) -> Paired:
    source, target, same = pairing_parts(pairing)
    into = maker.run(maker.text, before)
    other = maker.given(text, into) if same else maker.run(text, Edits())
    return paired(into, other, aligned.read(source), aligned.read(target))


def pairing_parts(pairing: str) -> tuple[str, str, bool]:
    """`source;target;same` -> how source and target are paired, and whether tokens are given.

    Raises:
        ValueError: another ending.
    """
    source, target, same, *more = [*pairing.split(";"), "", ""]
    if same not in ("", SAME) or any(more):
        raise ValueError(f"A pairing ends in “{SAME}” or in nothing.")
    return source, target or aligned.BY_POSITION, bool(same)


def _check(model: Model, cell: Cell) -> None:
    n_layers = model.config.n_layers(cell.where if cell.where in KINDS else f"{cell.where}_self")
    if not cell.layer < n_layers:
        raise ValueError(f"layer {cell.layer} does not exist in {cell.where}: 0 to {n_layers - 1}")
    if cell.head is not None and not cell.head < (heads := model.config.heads(cell.where)):
        raise ValueError(f"head {cell.head} does not exist in {cell.where}: 0 to {heads - 1}")


def _place(name: str, *parts: str | int | None) -> str:
    return ".".join([name, *(ALL if one is None else str(one) for one in parts)])


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _head_name(head: Head) -> str:
    return f"{head[0]} L{head[1]} H{head[2]}"
