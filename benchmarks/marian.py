"""Decoding with every attention weight, beside Marian of the same shape from `transformers`.

Both have random weights, read 24 tokens and write 32: `generate(output_attentions=True)` against
`Model.run`, which also keeps queries, keys, values, scores and the whole residual stream.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from benchmarks.timing import milliseconds, table, take_turns, verdict
from headlight.model import Model, ModelConfig
from headlight.model.decoding import Greedy, Hypothesis, Stepper
from headlight.model.decoding.fast import FastDecoder
from headlight.model.network.transformer import Transformer
from headlight.model.run.vocabularies import whole_words

VOCABULARY, N_SOURCE, SHORT, LONG = 8_000, 24, 32, 256
SHAPE: dict[str, Any] = {
    "d_model": 256,
    "n_heads": 8,
    "d_ff": 1024,
    "n_encoder_layers": 4,
    "n_decoder_layers": 4,
}


@dataclass(frozen=True)
class NeverEnding(Greedy):
    """Greedy decoding that never writes `<eos>`, so that every run writes as many tokens."""

    def decode(self, stepper: Stepper, prefix: Sequence[int], max_len: int) -> list[Hypothesis]:
        """See `Strategy.decode`."""
        stepper.never[stepper.eos_id] = -torch.inf
        return super().decode(stepper, prefix, max_len)


def ours() -> Model:
    """Headlight's model, post-norm as Marian is."""
    tokenizer = whole_words([f"w{i}" for i in range(VOCABULARY - 4)])
    torch.manual_seed(0)
    network = Transformer(ModelConfig(d_vocab=VOCABULARY, norm_first=False, dropout=0.0, **SHAPE))
    return Model("benchmark", network, tokenizer)


def theirs() -> torch.nn.Module:
    """Marian; `eager` is the attention of `transformers` that can give its weights."""
    from transformers import MarianConfig, MarianMTModel

    eager: Any = {"attn_implementation": "eager"}
    config = MarianConfig(
        vocab_size=VOCABULARY,
        d_model=256,
        encoder_layers=4,
        decoder_layers=4,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=1024,
        decoder_ffn_dim=1024,
        activation_function="relu",
        max_position_embeddings=512,
        scale_embedding=True,
        dropout=0.0,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
        forced_eos_token_id=None,
        **eager,
    )
    torch.manual_seed(0)
    return MarianMTModel(config).eval()


def bare_products(model: Model, ids: torch.Tensor) -> Callable[[], None]:
    """The matrix products of `SHORT` steps of the decoder alone, as torch does them for one row."""
    network = model.network
    with torch.inference_mode():
        blocks = FastDecoder(network, network.encode(ids)).blocks
        products = [product for block in blocks for product in (block.into, block.back)]
        pairs = [(product.weight, product.bias) for product in products]
        pairs.append((network.embedding.weight, None))
        x = {width: torch.randn(1, width) for width in (SHAPE["d_model"], SHAPE["d_ff"])}

    def run() -> None:
        with torch.inference_mode():
            for _ in range(SHORT):
                for weight, bias in pairs:
                    torch.nn.functional.linear(x[weight.shape[1]], weight, bias)

    return run


def n_weights(network: torch.nn.Module) -> int:
    """Trained numbers: Marian keeps the sinusoids of its positions as a parameter too."""
    named = network.named_parameters()
    return sum(weight.numel() for name, weight in named if "embed_positions" not in name)


def main(turns: int = 20) -> None:
    """Print the table."""
    import transformers

    transformers.logging.set_verbosity_error()
    model, marian = ours(), theirs()
    text = " ".join(f"w{i * 37 % (VOCABULARY - 4)}" for i in range(N_SOURCE - 1))
    src = model.read(text)
    ids, strategy = torch.tensor([src.ids]), NeverEnding()

    def generate(n: int) -> object:
        return marian.generate(  # type: ignore[operator]
            ids,
            attention_mask=torch.ones_like(ids),
            output_attentions=True,
            return_dict_in_generate=True,
            do_sample=False,
            num_beams=1,
            min_new_tokens=n,
            max_new_tokens=n,
        )

    written = generate(SHORT).sequences  # type: ignore[attr-defined]
    assert written.shape[1] == SHORT + 1, "Marian did not write as many tokens"
    trace = model.run(text, strategy=strategy, max_len=SHORT)
    assert len(trace.tgt_out) == SHORT, "Headlight did not write as many tokens"
    counts = [n_weights(one) for one in (model.network, marian)]
    assert counts[0] == counts[1], f"the models differ in size: {counts}"

    times = take_turns(
        {
            "Marian, generate(output_attentions=True)": lambda: generate(SHORT),
            "Headlight, decode and full trace": lambda: model.run(
                text, strategy=strategy, max_len=SHORT
            ),
            "Headlight, decode alone": lambda: model.decode(src, strategy=strategy, max_len=SHORT),
            f"Headlight, decode alone, {LONG} tokens": lambda: model.decode(
                src, strategy=strategy, max_len=LONG
            ),
            "matrix products alone": bare_products(model, ids),
        },
        turns,
    )
    marian_time, traced, decoded, long, bare = times.values()
    a_token = long.over(decoded) * SHORT / LONG
    table(
        f"{len(src)} tokens read, {SHORT} written, {counts[0]:,} weights, batch of one",
        [
            ("", "median", "ratio"),
            ("Marian, attentions", milliseconds(marian_time.median), ""),
            ("Headlight, decode and full trace", milliseconds(traced.median), ""),
            ("  Marian over it", "", verdict(marian_time.over(traced), "≥ 3")),
            ("Headlight, decode alone", milliseconds(decoded.median), ""),
            ("  decode and trace over it", "", verdict(traced.over(decoded), "≤ 1.5")),
            ("The decoder's matrix products alone", milliseconds(bare.median), ""),
            ("  Marian over them", "", f"{marian_time.over(bare):.2f} (one thread reads a matrix)"),
            (f"Headlight, {LONG} tokens", milliseconds(long.median), ""),
            (f"  a token of {LONG} over one of {SHORT}", "", verdict(a_token, "≤ 1.5")),
        ],
    )


if __name__ == "__main__":
    main()
