from __future__ import annotations

from typing import Any

import pytest

from headlight.viz.page.chart import whole


@pytest.mark.parametrize(
    ("point", "number"),
    [
        ({"customdata": ["L0", 3]}, 3),
        ({"customdata": ["L0", 3.0]}, 3),
        ({"customdata": [2**70]}, 2**70),
        ({"customdata": ["L0", 3.5]}, None),
        ({"customdata": [float("inf")]}, None),
        ({"customdata": [float("nan")]}, None),
        ({"customdata": [True]}, None),
        ({"customdata": ["3"]}, None),
        ({"customdata": []}, None),
        ({"customdata": {"0": 3}}, None),
        ({"customdata": "3"}, None),
        ({}, None),
        ("point", None),
        (None, None),
    ],
)
def test_a_point_bears_a_whole_number_or_none(point: Any, number: int | None) -> None:
    assert whole(point, "customdata", -1) == number


def test_a_field_without_a_list() -> None:
    assert whole({"x": 4.0}, "x") == 4
    assert whole({"x": [4]}, "x") is None
