from __future__ import annotations

import torch

from headlight.model.network.masks import causal_mask, padding_mask


def test_causal_mask_opens_the_past_and_the_present() -> None:
    mask = causal_mask(3)
    assert mask.dtype == torch.bool
    assert mask.tolist() == [[True, False, False], [True, True, False], [True, True, True]]


def test_padding_mask_opens_everything_but_padding() -> None:
    ids = torch.tensor([[5, 6, 0], [7, 0, 0]])
    mask = padding_mask(ids, pad_id=0)
    assert mask.shape == (2, 1, 1, 3)
    assert mask[:, 0, 0].tolist() == [[True, True, False], [True, False, False]]
    assert padding_mask(ids, pad_id=7)[1].flatten().tolist() == [False, True, True]


def test_both_together_open_what_both_open() -> None:
    both = causal_mask(3) & padding_mask(torch.tensor([[5, 0, 6]]), pad_id=0)
    assert both[0, 0].tolist() == [[True, False, False], [True, False, False], [True, False, True]]
