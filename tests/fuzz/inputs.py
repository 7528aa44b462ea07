"""Odd values, and how many of them are tried: a few with the tests, many by `make fuzz`."""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

F = TypeVar("F", bound=Callable[..., None])

N = int(os.environ.get("HEADLIGHT_FUZZ", "10"))
"""Inputs of each kind; the slow kinds take a part of it, the quick ones several times as many."""
COUNTS: Counter[str] = Counter()
"""By the name of the test: inputs that were tried."""


def tried(share: float, **strategies: st.SearchStrategy[Any]) -> Callable[[F], Any]:
    """A test of many inputs, which are drawn from these strategies and counted."""

    def made(test: F) -> Any:
        @functools.wraps(test)
        def counted(*args: Any, **kwargs: Any) -> None:
            COUNTS[test.__name__] += 1
            test(*args, **kwargs)

        many = settings(
            max_examples=max(5, int(N * share)),
            deadline=None,
            derandomize="HEADLIGHT_FUZZ" not in os.environ,  # `make test` says the same every time
            phases=(Phase.generate,),  # what was found is small already
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        return many(given(**strategies)(counted))

    return made


def told(error: Exception) -> None:
    """An error says something."""
    assert str(error)


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.just([]),
    st.just({}),
)
ANY = st.recursive(ODD, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner), max_leaves=6)
TEXT = st.one_of(
    st.text(max_size=40),
    st.text("abc xyz", max_size=40),
    st.text(st.characters(), max_size=5).map(lambda text: text * 500),
    ANY,
)
IDS = st.one_of(st.lists(st.integers(-3, 2**70), max_size=6), st.lists(ODD, max_size=3), TEXT)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["cross", "text", "model", "0-0", "fork", "pattern"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["n", "query", "path", "kind", "layer", "id", "prefix", "do", "text"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
"""What a browser can say."""
DAMAGE: dict[str, st.SearchStrategy[Any]] = {
    "flips": st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=20),
    "cut": st.one_of(st.just(1.0), st.floats(0, 1)),
}


def damaged(whole: bytes, flips: list[tuple[float, int]], cut: float) -> bytes:
    """Bytes with some bits turned, and cut off at a share of their length."""
    content = bytearray(whole)
    for place, change in flips:
        content[int(place * (len(content) - 1))] ^= change
    return bytes(content[: int(cut * len(content))])
