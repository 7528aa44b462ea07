"""Which position of one text answers to which position of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from ...run.tokens import Tokens

Pairs = Mapping[int, int]
"""Position in the run that is patched → position in the run that values come from."""

BY_POSITION, BY_WORD = "position", "word"


def written(how: str | Pairs) -> str:
    """A way of pairing as a short text: its name, or pairs by hand, such as `0-0_1-2`."""
    if isinstance(how, str):
        return how
    return "_".join(f"{here}-{there}" for here, there in sorted(how.items()))


def read(text: str) -> str | dict[int, int]:
    """The inverse of `written`.

    Raises:
        ValueError: a text that is neither.
    """
    if text in (BY_POSITION, BY_WORD):
        return text
    found = {}
    for one in filter(None, text.split("_")):
        here, _, there = one.partition("-")
        if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in (here, there)):
            raise ValueError(f"“{one[:20]}” is not a pair of positions, such as 0-1.")
        found[int(here)] = int(there)
    return found


def pairs(into: Tokens, source: Tokens, how: str | Mapping[int, int]) -> dict[int, int]:
    """Positions of `into`, each with the position of `source` that it is patched from.

    By position: the same place in both, as far as both go. By word: the same words, in order
    (longest matching blocks), and between them as many others as both have, in order; within two
    words the pieces in order, the last on the last. By hand: a mapping.

    Raises:
        ValueError: another way, or a position that one of the texts does not have.
    """
    if how == BY_POSITION:
        return {i: i for i in range(min(len(into), len(source)))}
    if how == BY_WORD:
        return _by_word(into, source)
    if not isinstance(how, Mapping):
        raise ValueError(
            f"Positions are paired by “{BY_POSITION}”, by “{BY_WORD}”, or by a mapping from one to "
            f"the other, not by {how!r}."
        )
    for here, there in how.items():
        if here not in range(len(into)) or there not in range(len(source)):
            raise ValueError(
                f"Position {here} cannot be paired with {there}: the texts have {len(into)} and "
                f"{len(source)} tokens."
            )
    return dict(how)


def _by_word(into: Tokens, source: Tokens) -> dict[int, int]:
    ours, theirs = _groups(into), _groups(source)
    names = [[text for text, _ in groups] for groups in (ours, theirs)]
    found: dict[int, int] = {}
    for tag, a, b, c, d in SequenceMatcher(a=names[0], b=names[1], autojunk=False).get_opcodes():
        if tag in ("equal", "replace"):
            for (_, here), (_, there) in zip(ours[a:b], theirs[c:d], strict=False):
                found |= dict(_pieces(here, there))
    return found


def _groups(tokens: Tokens) -> list[tuple[str, list[int]]]:
    """The words, and each control token as one, with their positions."""
    groups: list[tuple[str, list[int]]] = []
    before: object = None
    for i, (word, special) in enumerate(zip(tokens.words, tokens.special, strict=True)):
        key = (word, i if special else None)
        if key != before:
            groups.append(("", []))
        text, positions = groups[-1]
        groups[-1] = (text + tokens.surface(i).strip(), [*positions, i])
        before = key
    return groups


def _pieces(here: list[int], there: list[int]) -> Iterable[tuple[int, int]]:
    n = min(len(here), len(there))
    return zip([*here[: n - 1], here[-1]], [*there[: n - 1], there[-1]], strict=True)
