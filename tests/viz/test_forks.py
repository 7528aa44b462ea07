"""Branches of forced tokens: what is shown when the one on the screen is cut."""

from __future__ import annotations

from typing import Any, cast

import pytest

from headlight.model.decoding import Forks
from headlight.model.decoding.forks import ROOT, Prefix
from headlight.viz.views.decode.kept import Decoding
from headlight.viz.views.decode.steps import act

OUTER, INNER, BESIDE = (5, 6), (5, 6, 7, 8), (5, 9)
FORKS = Forks().add(OUTER, ROOT, 1).add(INNER, OUTER, 3).add(BESIDE, ROOT, 1)


@pytest.mark.parametrize(
    ("shown", "cut", "then"),
    [
        (INNER, INNER, OUTER),
        (INNER, OUTER, ROOT),
        (OUTER, OUTER, ROOT),
        (BESIDE, OUTER, BESIDE),
        (OUTER, INNER, OUTER),
    ],
)
def test_a_cut_goes_back_to_where_the_branch_parts(
    shown: Prefix, cut: Prefix, then: Prefix
) -> None:
    kept = Decoding(forks=FORKS, current=shown)
    no_bench = cast("Any", None)  # a cut needs no model
    act(no_bench, kept, {"do": "cut", "prefix": list(cut)})
    assert kept.current == then
    assert cut not in kept.forks
