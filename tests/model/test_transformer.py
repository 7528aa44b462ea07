"""The network against `torch.nn.Transformer` carrying the same weights."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from headlight.model.network.config import KINDS
from headlight.model.network.masks import causal_mask
from headlight.model.network.positions import sinusoids
from headlight.model.network.source import Source
from headlight.model.network.transformer import Transformer
from headlight.model.run.recorder import Recorder
from headlight.model.run.records import block_path
from tests.model.builders import random_network

CLOSE: dict[str, Any] = {"atol": 1e-5, "rtol": 1e-5}
IDS = torch.tensor([[5, 6, 7, 8, 9, 2], [5, 4, 2, 0, 0, 0], [11, 12, 13, 14, 2, 0]])
SRC = Source(IDS, torch.tensor([6, 3, 5]))
TGT = torch.tensor([[1, 9, 8, 7], [1, 4, 0, 0], [1, 14, 13, 0]])

DEPTHS = [(2, 2), (3, 1), (1, 4)]


def torch_twin(network: Transformer) -> nn.Transformer:
    """`torch.nn.Transformer` with the network's weights; no final norms where ours has none."""
    config = network.config
    options: dict[str, Any] = {
        "d_model": config.d_model,
        "nhead": config.n_heads,
        "dim_feedforward": config.d_ff,
        "dropout": 0.0,
        "batch_first": True,
        "norm_first": config.norm_first,
    }
    encoder_norm = network.encoder_norm if config.norm_first else None
    decoder_norm = network.decoder_norm if config.norm_first else None
    twin = nn.Transformer(
        d_model=config.d_model,
        nhead=config.n_heads,
        batch_first=True,
        custom_encoder=nn.TransformerEncoder(
            nn.TransformerEncoderLayer(**options),
            config.n_encoder_layers,
            encoder_norm,
            enable_nested_tensor=False,
        ),
        custom_decoder=nn.TransformerDecoder(
            nn.TransformerDecoderLayer(**options), config.n_decoder_layers, decoder_norm
        ),
    )
    for theirs, ours in zip(twin.encoder.layers, network.encoder, strict=True):
        same = {"self_attn": ours.self_attention, "norm1": ours.around_self.norm}
        carry(theirs, {**same, "norm2": ours.around_mlp.norm}, ours.feed_forward)
    for theirs, ours in zip(twin.decoder.layers, network.decoder, strict=True):
        same = {"self_attn": ours.self_attention, "norm1": ours.around_self.norm}
        same |= {"multihead_attn": ours.cross_attention, "norm2": ours.around_cross.norm}
        carry(theirs, {**same, "norm3": ours.around_mlp.norm}, ours.feed_forward)
    return twin.eval()


def carry(layer: Any, parts: dict[str, Any], feed_forward: Any) -> None:
    """Copy the weights of one layer."""
    names = {"in_proj.weight": "in_proj_weight", "in_proj.bias": "in_proj_bias"}
    pairs = {**parts, "linear1": feed_forward.up, "linear2": feed_forward.down}
    for name, ours in pairs.items():
        weights = {names.get(k, k): v.clone() for k, v in ours.state_dict().items()}
        getattr(layer, name).load_state_dict(weights)


def placed(network: Transformer) -> Tensor:
    """What enters the encoder."""
    return network.place(network.embed(IDS), "encoder")


def collect_maps(twin: nn.Transformer) -> dict[str, Tensor]:
    """Make each attention of torch's give its weights of every head, and gather them."""
    maps: dict[str, Tensor] = {}

    def ask(module: Any, args: Any, options: dict[str, Any]) -> Any:
        return args, {**options, "need_weights": True, "average_attn_weights": False}

    blocks = {block_path("encoder_self", i): x.self_attn for i, x in enumerate(twin.encoder.layers)}
    for i, layer in enumerate(twin.decoder.layers):
        blocks[block_path("decoder_self", i)] = layer.self_attn
        blocks[block_path("cross", i)] = layer.multihead_attn
    for name, block in blocks.items():

        def gather(module: Any, args: Any, output: tuple[Tensor, Tensor], name: str = name) -> None:
            maps[name] = output[1]

        block.register_forward_pre_hook(ask, with_kwargs=True)
        block.register_forward_hook(gather)
    return maps


@pytest.mark.parametrize("norm_first", [True, False], ids=["pre-norm", "post-norm"])
@pytest.mark.parametrize(("n_encoder", "n_decoder"), DEPTHS)
def test_outputs_and_every_map_are_those_of_torch(
    norm_first: bool, n_encoder: int, n_decoder: int
) -> None:
    network = random_network(
        n_encoder_layers=n_encoder, n_decoder_layers=n_decoder, n_heads=4, norm_first=norm_first
    )
    twin = torch_twin(network)
    maps = collect_maps(twin)
    recorder = Recorder()
    with torch.no_grad():
        memory = network.encode(SRC, recorder)
        found = network.decode(TGT, memory, recorder)
        expected = twin(
            placed(network),
            network.place(network.embed(TGT), "decoder"),
            tgt_mask=~causal_mask(TGT.size(1)),  # torch's True hides
            src_key_padding_mask=IDS == 0,
            memory_key_padding_mask=IDS == 0,
        )
        expected_memory = twin.encoder(
            network.place(network.embed(IDS), "encoder"), src_key_padding_mask=IDS == 0
        )
        logits = network(SRC, TGT)
    torch.testing.assert_close(found, expected, **CLOSE)
    torch.testing.assert_close(memory.states, expected_memory, **CLOSE)
    torch.testing.assert_close(logits, expected @ network.embedding.weight.T, **CLOSE)
    assert len(maps) == n_encoder + 2 * n_decoder
    for name, weights in maps.items():
        torch.testing.assert_close(recorder.tensors[f"{name}.pattern"], weights, **CLOSE)
        assert float(weights.std()) > 0.05, "even weights would not tell a head from another"


def test_the_comparison_notices_a_foreign_norm_order() -> None:
    network = random_network(norm_first=True)
    twin = torch_twin(random_network(norm_first=False))
    with torch.no_grad():
        expected = twin.encoder(
            network.place(network.embed(IDS), "encoder"), src_key_padding_mask=IDS == 0
        )
    assert not torch.allclose(network.encode(SRC).states, expected, atol=1e-2)


def test_sinusoids_follow_the_formula() -> None:
    table = sinusoids(512, 20)
    assert table.dtype == torch.float32
    for position in (0, 1, 7, 511):
        for i in range(10):
            angle = position / 10_000 ** (2 * i / 20)
            assert float(table[position, 2 * i]) == pytest.approx(math.sin(angle), abs=1e-5)
            assert float(table[position, 2 * i + 1]) == pytest.approx(math.cos(angle), abs=1e-5)


def test_embeddings_are_scaled_and_tied() -> None:
    network = random_network()
    recorder = Recorder()
    ids = torch.tensor([[4, 9]])
    embedded = network.place(network.embed(ids), "encoder", recorder)
    expected = network.embedding.weight[[4, 9]] * 4.0  # √16
    torch.testing.assert_close(recorder.tensors["encoder.embed"][0], expected)
    torch.testing.assert_close(embedded[0], expected + sinusoids(2, 16))
    shifted = network.place(network.embed(ids), "encoder", start=5)
    torch.testing.assert_close(shifted[0], expected + sinusoids(7, 16)[5:])
    x = torch.randn(2, 16)
    torch.testing.assert_close(network.unembed(x), x @ network.embedding.weight.T)
    assert "positions" not in network.state_dict()


@pytest.mark.parametrize("norm_first", [True, False])
def test_recording_changes_no_result(norm_first: bool) -> None:
    network = random_network(norm_first=norm_first)
    plain = network(SRC, TGT)
    for recorder in (Recorder(), Recorder(result=True)):
        assert torch.equal(network(SRC, TGT, recorder), plain)
        assert ("decoder.1.cross.result" in recorder.tensors) == recorder.result


def test_padding_changes_nothing_for_the_rest_of_the_batch() -> None:
    network = random_network()
    together = network(SRC, TGT)
    for row, (n_src, n_tgt) in enumerate([(6, 4), (3, 2), (5, 3)]):
        alone = network(IDS[row : row + 1, :n_src], TGT[row : row + 1, :n_tgt])
        torch.testing.assert_close(together[row, :n_tgt], alone[0], **CLOSE)


@pytest.mark.parametrize("norm_first", [True, False])
def test_steps_give_the_rows_of_the_whole(norm_first: bool) -> None:
    network = random_network(norm_first=norm_first)
    tgt = torch.tensor([[1, 9, 8, 7, 6], [1, 4, 5, 6, 7], [1, 14, 13, 12, 3]])
    whole = network(SRC, tgt)
    memory = network.encode(SRC)
    for cuts in ([1, 1, 1, 1, 1], [2, 1, 2], [5]):  # token by token, and several at once
        cache, start = network.start(memory), 0
        for n in cuts:
            logits = network.step(tgt[:, start : start + n], memory, cache)
            start += n
            torch.testing.assert_close(logits, whole[:, start - 1], **CLOSE)


def test_a_cache_follows_the_rows_that_are_kept() -> None:
    network = random_network()
    tgt = torch.tensor([[1, 9, 8], [1, 4, 5], [1, 14, 13]])
    memory = network.encode(SRC)
    rows = torch.tensor([2, 2, 1])
    cache = network.start(memory)
    network.step(tgt[:, :2], memory, cache)
    chosen = cache.select(rows)
    logits = network.step(tgt[rows, 2:], memory[rows], chosen)
    torch.testing.assert_close(logits, network(SRC[rows], tgt[rows])[:, -1], **CLOSE)


def test_fresh_weights() -> None:
    torch.manual_seed(0)
    network = random_network(d_model=64, n_heads=4, d_vocab=5000)
    network.reset()
    assert float(network.embedding.weight.detach().std()) == pytest.approx(1 / 8, rel=0.02)
    biases = [p for name, p in network.named_parameters() if name.endswith("proj.bias")]
    assert len(biases) == 2 * (3 + 2 * 2)
    assert all(not bool(bias.any()) for bias in biases)


def test_every_kind_has_its_blocks() -> None:
    network = random_network(n_encoder_layers=3, n_decoder_layers=2)
    recorder = Recorder()
    network(SRC, TGT, recorder)
    names = {name.rsplit(".", 1)[0] for name in recorder.tensors if name.endswith(".pattern")}
    assert names == {block_path(k, i) for k in KINDS for i in range(network.config.n_layers(k))}
