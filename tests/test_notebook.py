"""The notebook in docs runs from top to bottom and says what it promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).parents[1] / "docs" / "aligners.ipynb"


def test_the_notebook_comes_to_its_sentence() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            assert not cell["outputs"], "saved without outputs"
            exec(compile("".join(cell["source"]), NOTEBOOK.name, "exec"), names)
    assert names["sentence"].startswith("Two kinds of aligner live in different layers: layer 0")
    layer, _, value, width = names["said"]["writes"]
    assert layer == 1
    assert value < 0.05
    assert 0 <= width < 0.05
    assert names["found"].method.tolist() == [
        *["alti", "rollout", "attention", "best_head", "best_head_reads"],
        *["best_norm_head", "best_norm_head_reads", "diagonal", "chance"],
    ]
    assert len(names["frame"]) == 8 + 2 + 2
    assert names["writes"].data[0].z.shape == (2, 5)
