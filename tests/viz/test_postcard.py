"""The picture of one's own model: well-formed, with the numbers that it was given."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from headlight.viz.figures.postcard import postcard

SVG = "{http://www.w3.org/2000/svg}"


def test_cells_are_as_strong_as_their_weights_and_texts_are_texts() -> None:
    before, after = np.full((2, 3), 1 / 3, np.float32), np.eye(2, 3, dtype=np.float32)
    made = postcard(
        title="<mine>",
        facts="64 parameters",
        curve=[(0, 0.1), (10, 0.5), (20, 1.0)],
        before=before,
        after=after,
        rows=["<bos> → a", "a → b"],
        columns=["b", "a", "<eos>"],
        steps=(0, 20),
        head="L0 H1",
    )
    root = ElementTree.fromstring(made)
    weights = [
        float(one.attrib["fill-opacity"])
        for one in root.iter(f"{SVG}rect")
        if "fill-opacity" in one.attrib
    ]
    assert np.allclose(weights, [*before.ravel(), *after.ravel()], atol=5e-4)
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert {"<mine>", "<bos> → a", "L0 H1, step 20", "step 20"} <= set(texts)
    heights = [float(one.attrib[name]) for one in root.iter(f"{SVG}line") for name in ("y1", "y2")]
    assert heights == sorted(heights, reverse=True), "the accuracy grows"
