"""Interventions: one frozen value that says what to change in a run, passed as an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from ...network.config import ModelConfig
from . import given, words
from .contradictions import contradictions
from .given import Edge, Head, Place, Row, Steer, Vector
from .places import Change, by_place, check
from .text import read, written

SWITCHES = ("causal_mask", "positions", "scale", "cross_attention")


@dataclass(frozen=True, repr=False)
class Edits:
    """What to change in a run; the default changes nothing. Hashable, so it can key a cache.

    Layers, heads, rows (queries) and columns (keys) count from 0. An edit that names a position
    which a text does not have changes nothing there (`idle` says so); where the text grows, it acts
    from that position on. Edits of different quantities act in the order of the network, so what
    comes later has the last word; two edits of the same quantity contradict each other.

    Args:
        ablate: heads whose `z` is set to zero, or to their entry in `means`.
        means: (head, vector of d_head numbers) pairs, or a mapping: the heads' mean `z` over a
            corpus, used in place of zero for the heads in `ablate`.
        uniform: heads whose pattern is made equal over all keys they may attend to.
        skip: layers left out, as ("encoder" | "decoder", layer). Such a layer is still computed and
            recorded, but the stream passes it by.
        causal_mask: False lets the decoder see the tokens to its right.
        positions: False leaves the sinusoids out.
        scale: False leaves out the division by √d_head.
        cross_attention: False leaves every cross-attention block out.
        cut: edges (kind, layer, head, query, key) whose score becomes −∞ before the softmax, so
            that the row shares itself out anew (attention knockout, Geva et al. 2023); None in
            place of layer, head, query or key means all. A row with nothing left to attend to has
            weights of 0 and a `z` of 0.
        set: rows of maps given by hand, (kind, layer, head, query) → weights that add to 1; or
            whole maps, (kind, layer, head) → one such row a query. Zeros at the end may be missing.
        patch: quantities put in from elsewhere (activation patching, Vig et al. 2020), by their
            name in a trace and their position: ("z", kind, layer, head, position),
            ("out", kind, layer, position), ("mlp_out" | "resid_pre" | "resid_mid" |
            "resid_mid_cross" | "resid_post", stack, layer, position) → vector. Without the
            position: one vector for each position, from 0.
        steer: (stack, layer, position, c, direction): c × direction, added to the stream that the
            layer reads (where that is patched, the patch has the last word); position None means
            all; the number of layers stands for what leaves the last one.

    Raises:
        ValueError: something of another form than these, or edits that contradict each other.
    """

    ablate: frozenset[Head]
    means: tuple[tuple[Head, Vector], ...]
    uniform: frozenset[Head]
    skip: frozenset[tuple[str, int]]
    causal_mask: bool
    positions: bool
    scale: bool
    cross_attention: bool
    cut: frozenset[Edge]
    set: tuple[tuple[Row, Vector], ...]
    patch: tuple[tuple[Place, Vector], ...]
    steer: tuple[Steer, ...]

    def __init__(
        self,
        ablate: Iterable[Head] = (),
        means: Mapping[Head, Iterable[float]] | Iterable[tuple[Head, Iterable[float]]] = (),
        uniform: Iterable[Head] = (),
        skip: Iterable[tuple[str, int]] = (),
        causal_mask: bool = True,
        positions: bool = True,
        scale: bool = True,
        cross_attention: bool = True,
        cut: Iterable[Edge] = (),
        set: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = (),
        patch: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = (),
        steer: Iterable[tuple[str, int, int | None, float, Any]] = (),
    ) -> None:
        values = {
            "ablate": given.heads("ablate", ablate),
            "means": given.means(means),
            "uniform": given.heads("uniform", uniform),
            "skip": given.layers(skip),
            "causal_mask": given.switch("causal_mask", causal_mask),
            "positions": given.switch("positions", positions),
            "scale": given.switch("scale", scale),
            "cross_attention": given.switch("cross_attention", cross_attention),
            "cut": given.edges(cut),
            "set": given.rows(set),
            "patch": given.patches(patch),
            "steer": given.steers(steer),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)  # frozen for everyone else
        for sentence in contradictions(self):
            raise ValueError(sentence)

    def __bool__(self) -> bool:
        """True when anything is changed."""
        return self._changes

    @cached_property
    def _changes(self) -> bool:
        return any(not value if name in SWITCHES else bool(value) for name, value in self._values())

    def __or__(self, other: Edits) -> Edits:
        """Both together; the order does not matter.

        Raises:
            ValueError: they contradict each other; says where.
        """
        if not isinstance(other, Edits):
            return NotImplemented
        mine, theirs = dict(self._values()), dict(other._values())
        return Edits.from_dict(
            {
                name: mine[name] and theirs[name]
                if name in SWITCHES
                else [*mine[name], *theirs[name]]
                for name in mine
            }
        )

    def under(self, other: Edits) -> Edits:
        """`self | other`, where single changes of this one that contradict the other give way."""
        try:
            return self | other
        except ValueError:
            kept = other
        for part in self.parts():
            with suppress(ValueError):
                kept |= part
        return kept

    def then(self, other: Edits) -> Edits:
        """`self | other`, for a chain that reads from left to right."""
        return self | other

    def parts(self) -> tuple[Edits, ...]:
        """One value for each single change; together (`|`) they are this one."""
        means = dict(self.means)
        found = [
            Edits(ablate=[one], means=[(one, means.pop(one))] if one in means else [])
            for one in sorted(self.ablate)
        ]
        found += [Edits(means=[pair]) for pair in means.items()]
        for name in ("uniform", "skip", "cut", "set", "patch", "steer"):
            found += [Edits.from_dict({name: [one]}) for one in ordered(getattr(self, name))]
        found += [Edits.from_dict({name: False}) for name in SWITCHES if not getattr(self, name)]
        return tuple(found)

    def __str__(self) -> str:
        """All changes in words, on one line."""
        return words.sentence(self)

    def __repr__(self) -> str:
        """What would make the same value; long vectors are shortened (`to_text` is exact)."""
        named = ((name, value) for name, value in self._values())
        shown = (
            f"{name}={words.literal(value)}"
            for name, value in named
            if (not value if name in SWITCHES else value)
        )
        return f"Edits({', '.join(shown)})"

    def heads(self, name: str, kind: str, layer: int) -> list[int]:
        """The heads of one block named in `ablate` or `uniform`, ascending."""
        return sorted(h for k, i, h in getattr(self, name) if (k, i) == (kind, layer))

    def at(self, name: str, where: str, layer: int) -> tuple[Change, ...]:
        """The changes of one quantity (`cut`, `set`, `steer` or one of `PATCHABLE`) in a layer."""
        return self._places.get((name, where, layer), ())

    @cached_property
    def _places(self) -> Mapping[tuple[str, str, int], tuple[Change, ...]]:
        return by_place(self)

    def touches(self, stack: str) -> bool:
        """Whether the encoder, or the decoder, computes anything else under these edits."""
        kinds = ("encoder_self",) if stack == "encoder" else ("decoder_self", "cross")
        named = {head[0] for head in self.ablate | self.uniform}
        named |= {edge[0] for edge in self.cut} | {row[0] for row, _ in self.set}
        named |= {str(place[1]) for place, _ in self.patch} | {one[0] for one in self.steer}
        named |= {side for side, _ in self.skip}
        of_decoder = not self.causal_mask or not self.cross_attention
        return (
            not named.isdisjoint((*kinds, stack))
            or not self.positions
            or not self.scale
            or (stack == "decoder" and of_decoder)
        )

    def check(self, config: ModelConfig, n_src: int | None = None) -> None:
        """Make sure that everything named exists in a model of this shape.

        Args:
            n_src: tokens of the source, where they are known: rows set by hand must fit them.

        Raises:
            ValueError: an unknown kind, a layer or head out of range, or numbers that do not fit.
        """
        check(self, config, n_src)

    def idle(self, n_src: int, n_tgt: int) -> tuple[str, ...]:
        """A sentence for each change that names a row or column which a run does not have."""
        return words.idle(self, n_src, n_tgt)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; sets become sorted lists."""
        return {
            name: value if name in SWITCHES else list(ordered(value))
            for name, value in self._values()
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Edits:
        """The inverse of `to_dict`.

        Raises:
            ValueError: names that there are not, or values of another form.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"There are no edits named {', '.join(unknown)}.")
        return cls(**values)

    def to_text(self) -> str:
        """A short exact form for links, such as `cut.cross.1.3.2.0~off.positions`."""
        return written(self)

    @classmethod
    def from_text(cls, text: str) -> Edits:
        """The inverse of `to_text`.

        Raises:
            ValueError: what cannot be read as an edit, in words.
        """
        return cls(**read(text))

    def _values(self) -> Iterable[tuple[str, Any]]:
        return ((field.name, getattr(self, field.name)) for field in fields(self))


def ordered(values: Iterable[Any]) -> list[Any]:
    """Sorted, None before all numbers."""
    return sorted(values, key=words.order)
