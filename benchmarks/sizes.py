"""Larger shapes with random weights, as the pages use them: memory, and time beside `transformers`.

Each row runs in a process of its own, so that its memory is its own. Times are for reading beside
each other: on a machine that does other work only their ratio says something.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

N_SOURCE, N_TARGET, TIMES = 20, 24, 3
LONG = 64
"""Tokens on both sides, for the memory of one text."""
SENTENCES = 50
KEPT = 320_000_000
"""Bytes of traces that are remembered, as a server does without other settings."""
SHAPES = ("opus-mt", "t5-small", "bart-large")


class Held(NamedTuple):
    """GB of memory, and how much of it is mapped files."""

    whole: float
    mapped: float

    def __str__(self) -> str:
        return f"{self.whole:.2f} GB ({self.mapped:.2f} mapped)"


def main(part: str = "") -> None:
    """Print two rows for each shape, or for one: `sizes/bart-large`."""
    shapes = [part] if part else SHAPES
    for name in shapes:
        with tempfile.TemporaryDirectory() as folder:
            for part in ("write", f"memory {SENTENCES}", f"speed {TIMES}"):
                command, *given = part.split()
                call = f"from benchmarks import sizes; sizes.{command}({name!r}, {folder!r}"
                call += "".join(f", {one}" for one in given) + ")"
                subprocess.run([sys.executable, "-c", call], check=True)


def write(name: str, folder: str) -> None:
    """A folder of this shape as the hub lays it out, with a vocabulary of words."""
    import tokenizers
    import torch
    import transformers
    from tokenizers import models, pre_tokenizers, processors

    transformers.logging.set_verbosity_error()
    torch.manual_seed(0)
    hf: Any = transformers
    makes: dict[str, Callable[[], Any]] = {
        "opus-mt": lambda: hf.MarianMTModel(
            hf.MarianConfig(
                vocab_size=58_101,
                max_position_embeddings=512,
                **{f"{side}_layers": 6 for side in ("encoder", "decoder")},
                **{f"{side}_attention_heads": 8 for side in ("encoder", "decoder")},
                **{f"{side}_ffn_dim": 2_048 for side in ("encoder", "decoder")},
                d_model=512,
                activation_function="swish",
                pad_token_id=58_100,
                decoder_start_token_id=58_100,
                eos_token_id=0,
            )
        ),
        "t5-small": lambda: hf.T5ForConditionalGeneration(
            hf.T5Config(decoder_start_token_id=0, num_layers=6, d_model=512, d_ff=2_048)
        ),
        "bart-large": lambda: hf.BartForConditionalGeneration(hf.BartConfig()),
    }
    model = makes[name]()
    model.save_pretrained(folder)
    end, n_words = model.config.eos_token_id, 30_000
    words = {f"w{i}" if i != end else "</s>": i for i in range(n_words)}
    backend = tokenizers.Tokenizer(models.WordLevel(words, unk_token=f"w{n_words - 1}"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.add_special_tokens(["</s>"])
    backend.post_processor = processors.TemplateProcessing("$A </s>", None, [("</s>", end)])
    backend.save(str(Path(folder) / "tokenizer.json"))
    settings = Path(folder) / "generation_config.json"
    found = json.loads(settings.read_text())
    found |= {"num_beams": 1, "no_repeat_ngram_size": 0, "forced_bos_token_id": None}
    settings.write_text(json.dumps(found))


def sentence(n: int, seed: int = 0) -> str:
    """A source of `n` tokens with its end."""
    return " ".join(f"w{i}" for i in random.Random(seed).sample(range(5, 29_000), n - 1))


def target(n: int, seed: int = 1) -> list[int]:
    """Ids of a target."""
    return random.Random(seed).sample(range(5, 29_000), n - 1)


def memory(name: str, folder: str, n: int) -> None:
    """Resident memory: with the model open, after a long text is shown, after many sentences."""
    import torch

    import headlight
    from headlight.viz.components.lens.component import lens_payload
    from headlight.viz.runtime.cache import ByteCache

    torch.set_num_threads(1)
    model = headlight.load(folder)
    opened = resident()
    cache = ByteCache(KEPT, KEPT)
    sent = 0

    def show(seed: int, length: int) -> None:
        nonlocal sent
        text = sentence(length, seed)
        trace = cache.get((seed,), lambda: model.teacher_force(text, target(length, seed)), "one")
        sent = len(lens_payload(trace, wanted=None))

    show(0, LONG)
    count = sum(one.numel() for one in model.network.parameters())
    shown, payload, marks = resident(), sent, []
    for seed in range(1, n + 1):
        show(seed, N_SOURCE + seed % 8)
        if seed in (n // 2, n):
            gc.collect()
            marks.append(resident())
    print(
        f"{name}: {count / 1e6:,.0f} M numbers; opened {opened}; {LONG}/{LONG} tokens shown "
        f"{shown}, {payload / 1e6:.2f} MB sent; after {n // 2} sentences {marks[0]}, "
        f"after {n} {marks[1]}",
        flush=True,
    )


def speed(name: str, folder: str, times: int) -> None:
    """Decode and full trace, against `generate` with its attentions, on the same ids."""
    import torch
    import transformers

    import headlight

    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    hf: Any = transformers
    model = headlight.load(folder)
    theirs = hf.AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    theirs.set_attn_implementation("eager")
    text = sentence(N_SOURCE)
    src = torch.tensor([model.read(text).ids])
    settings = {"min_new_tokens": N_TARGET, "max_new_tokens": N_TARGET, "num_beams": 1}

    def ours() -> None:
        model.run(text, strategy="greedy", max_len=N_TARGET)

    def generate() -> None:
        with torch.inference_mode():
            theirs.generate(src, **settings, output_attentions=True, return_dict_in_generate=True)

    found = [median(one, times) for one in (ours, generate)]
    written = len(model.run(text, strategy="greedy", max_len=N_TARGET).tgt_out)
    print(
        f"{name}: {len(src[0])} source, {written} and {N_TARGET} target tokens: decode and trace "
        f"{found[0]:.2f} s, transformers {found[1]:.2f} s: {found[1] / found[0]:.2f} times as fast",
        flush=True,
    )


def resident() -> Held:
    """What this process holds now; the system can drop mapped pages of a file at any time."""
    _, whole, mapped, *_ = Path("/proc/self/statm").read_text().split()
    return Held(int(whole) * 4_096 / 1e9, int(mapped) * 4_096 / 1e9)


def median(run: Callable[[], None], times: int) -> float:
    """Seconds, after one run that does not count."""
    run()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return statistics.median(found)
