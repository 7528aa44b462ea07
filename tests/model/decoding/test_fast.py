"""The fast step against the general one, which edits and tests use."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from headlight.model.decoding import Stepper
from headlight.model.decoding.fast import (
    ROOM,
    WORTH_SPLITTING,
    Block,
    CrossAttention,
    FastDecoder,
    Product,
)
from headlight.model.network.cache import DecoderCache
from headlight.model.network.layout import lay_by_columns
from headlight.model.network.source import Source
from headlight.model.run.edits import Edits
from tests.model.builders import random_network

IDS = torch.tensor([[5, 6, 7, 8, 9, 2], [5, 4, 2, 0, 0, 0], [11, 12, 13, 14, 2, 0]])
SRC = Source(IDS, torch.tensor([6, 3, 5]))


@pytest.mark.parametrize("norm_first", [True, False], ids=["pre-norm", "post-norm"])
@pytest.mark.parametrize("rows", [[0, 1, 2], [0]], ids=["padded batch", "one"])
def test_every_step_is_the_general_one(norm_first: bool, rows: list[int]) -> None:
    network = random_network(norm_first=norm_first)
    src = SRC[torch.tensor(rows)]
    torch.manual_seed(1)
    tgt = torch.randint(4, 30, (len(rows), ROOM + 8))  # crosses the place where room is doubled
    with torch.inference_mode():
        memory = network.encode(src)
        general, fast = network.start(memory), FastDecoder(network, memory)
        for n in (2, *[1] * (ROOM + 6)):  # two at once, then one by one
            piece = tgt[:, fast.position : fast.position + n]
            expected = network.step(piece, memory, general)
            torch.testing.assert_close(fast.step(piece), expected, atol=1e-5, rtol=1e-5)
        assert fast.position == general.position == ROOM + 8


@pytest.mark.parametrize("with_bias", [True, False])
@pytest.mark.parametrize("threads", [1, 2, 3, 7])  # 7 does not divide 300
@pytest.mark.parametrize("laid", [True, False], ids=["by columns", "by rows"])
def test_a_product_in_parts_is_the_product(
    monkeypatch: pytest.MonkeyPatch, laid: bool, threads: int, with_bias: bool
) -> None:
    torch.manual_seed(0)
    weight, bias = torch.randn(600, 300), torch.randn(600) if with_bias else None
    assert weight.numel() > WORTH_SPLITTING
    if laid:
        weight = weight.t().contiguous().t()
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    product = Product(weight, bias)
    assert (product.parts, product.by_columns) == (threads, laid)
    for n in (1, 4):
        x = torch.randn(n, 300)
        torch.testing.assert_close(product(x), F.linear(x, weight, bias), atol=1e-4, rtol=1e-5)
    assert Product(weight[:400], None).parts == 1, "too small to be worth it"


def test_a_loaded_model_has_its_decoder_by_columns_and_its_numbers_as_they_were() -> None:
    network = random_network()
    state = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with torch.inference_mode():
        logits = network(SRC, IDS)
    lay_by_columns(network)
    with torch.inference_mode():
        torch.testing.assert_close(network(SRC, IDS), logits, atol=1e-6, rtol=0)
        blocks = FastDecoder(network, network.encode(SRC)).blocks
    products = [part for block in blocks for part in block]
    laid = [one.by_columns for one in products if isinstance(one, Product)]
    assert laid == network.config.n_decoder_layers * [True, True, False, True, True, True]
    assert network.unembed_weight.t().is_contiguous()
    for name, tensor in network.state_dict().items():
        torch.testing.assert_close(tensor, state[name], atol=0, rtol=0)


def test_selected_rows_go_on_by_themselves() -> None:
    network = random_network()
    tgt = torch.tensor([[1, 9, 8], [1, 4, 5], [1, 14, 13]])
    chosen = torch.tensor([2, 2, 1])
    with torch.inference_mode():
        fast = FastDecoder(network, network.encode(SRC))
        fast.step(tgt[:, :2])
        twice = fast.select(chosen)
        found = twice.step(tgt[chosen, 2:])
        torch.testing.assert_close(
            found, network(SRC[chosen], tgt[chosen])[:, -1], atol=1e-5, rtol=1e-5
        )
        kept = fast.step(tgt[:, 2:])  # the first one stays as it was
        torch.testing.assert_close(kept, network(SRC, tgt)[:, -1], atol=1e-5, rtol=1e-5)


def test_targets_of_one_source_share_what_is_known_of_it() -> None:
    """A wide beam on a long text would else hold, and copy at each step, all of it for each row."""
    network = random_network()
    tgt = torch.tensor([[1, 9, 8, 4], [1, 9, 5, 6]])
    with torch.inference_mode():
        fast = FastDecoder(network, network.encode(SRC[torch.tensor([0])]))
        before = sum(map(_cross_numbers, fast.blocks))
        fast.step(tgt[:1, :2])
        both = fast.select(torch.tensor([0, 0]))
        both.step(tgt[:, 2:3])
        both = both.select(torch.tensor([1, 0]))  # a second time: still one source
        assert sum(map(_cross_numbers, both.blocks)) == before > 0
        found = both.step(tgt[[1, 0], 3:])
        expected = network(SRC[torch.tensor([0, 0])], tgt[[1, 0]])[:, -1]
        torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def _cross_numbers(block: Block) -> int:
    """How many numbers a block's keys and values of the source take in memory."""
    if not isinstance(block.middle, CrossAttention):
        return 0
    kept = block.middle.k, block.middle.v
    return sum(one.untyped_storage().nbytes() // one.element_size() for one in kept)


def test_edits_take_the_general_step() -> None:
    network = random_network()
    with torch.inference_mode():
        assert isinstance(Stepper(network, SRC, Edits()).cache, FastDecoder)
        ablated = Stepper(network, SRC, Edits(ablate={("cross", 0, 1)}))
        assert isinstance(ablated.cache, DecoderCache)
        assert Stepper(network, SRC, Edits(causal_mask=False)).cache is None
        assert Stepper(network, SRC, Edits(), cached=False).cache is None
