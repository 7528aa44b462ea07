"""Words for the page: user text made harmless, numbers and names in one style."""

from __future__ import annotations

from collections.abc import Sequence

from headlight.model.run.tokens import Tokens

from ..labels import token_names
from ..markdown import plain


def marked(tokens: Tokens, differ: Sequence[bool]) -> str:
    """The tokens of an output; those that differ on a coloured ground."""
    said = [plain(name) for name in token_names(tokens)]
    return " ".join(
        f":orange-background[{one}]" if apart else one
        for one, apart in zip(said, differ, strict=True)
    )
