"""The joined script: nothing is defined twice, so that no file changes another's meaning."""

from __future__ import annotations

import re
from collections import Counter

from headlight.viz.steps.assets import PARTS, joined, script

_DEFINED = re.compile(r"^(?:async )?(?:function|const|let) (\w+)", re.MULTILINE)


def test_every_name_is_defined_once() -> None:
    for text in (script(), joined("picture")):
        twice = [name for name, n in Counter(_DEFINED.findall(text)).items() if n > 1]
        assert twice == []


def test_text_is_never_put_in_as_markup() -> None:
    own = joined(*PARTS, "streamlit", "picture")
    assert "innerHTML" not in own
    assert "insertAdjacentHTML" not in own
