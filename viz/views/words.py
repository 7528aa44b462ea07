"""Words for the page: user text made harmless, numbers and names in one style."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headlight.model.run.trace import Tokens

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^&])")


def plain(text: str) -> str:
    """Text that Streamlit's markdown shows letter for letter."""
    return _MARKUP.sub(r"\\\1", text)


def short(text: str, most: int = 80) -> str:
    """Text that a sentence can quote: `plain`, on one line, and cut behind `most` characters."""
    whole = " ".join(text.split())
    return plain(whole if len(whole) <= most else f"{whole[:most]}…")


def marked(tokens: Tokens, differ: Sequence[bool]) -> str:
    """The tokens of an output; those that differ on a coloured ground."""
    said = [plain(tokens.surface(i)) for i in range(len(tokens))]
    return " ".join(
        f":orange-background[{one}]" if apart else one
        for one, apart in zip(said, differ, strict=True)
    )


def head_name(layer: int, head: int) -> str:
    """`L2 H5`."""
    return f"L{layer} H{head}"
