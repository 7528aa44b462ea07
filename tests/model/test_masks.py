from __future__ import annotations

import torch

from headlight.model.network.masks import causal_mask, length_mask


def test_causal_mask_opens_the_past_and_the_present() -> None:
    mask = causal_mask(3)
    assert mask.dtype == torch.bool
    assert mask.tolist() == [[True, False, False], [True, True, False], [True, True, True]]


def test_length_mask_opens_everything_but_padding() -> None:
    mask = length_mask(torch.tensor([2, 1]), 3)
    assert mask.shape == (2, 1, 1, 3)
    assert mask[:, 0, 0].tolist() == [[True, True, False], [True, False, False]]


def test_both_together_open_what_both_open() -> None:
    both = causal_mask(3) & length_mask(torch.tensor([2]), 3)
    assert both[0, 0].tolist() == [[True, False, False], [True, True, False], [True, True, False]]
