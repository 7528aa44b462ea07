"""Larger shapes with random weights: decode and full trace, beside `transformers` on a folder.

Each shape runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

N_SOURCE, N_TARGET, TIMES = 20, 24, 3
SHAPES = ("opus-mt", "t5-small")


def main() -> None:
    """Print the table."""
    print(f"{N_SOURCE} source and {N_TARGET} target tokens, one thread, median of {TIMES}")
    print(
        f"{'shape':10} {'parameters':>11} {'decode + trace':>15} {'transformers':>13} {'memory':>8}"
    )
    for name in SHAPES:
        command = [sys.executable, "-c", f"from benchmarks.sizes import measure; measure({name!r})"]
        subprocess.run(command, check=True)


def measure(name: str) -> None:
    """One row of the table."""
    import torch
    import transformers

    from headlight.model.checkpoints.hub.network import read_network
    from headlight.model.decoding import Greedy, Stepper
    from headlight.model.decoding.rules import Rules
    from headlight.model.run.edits import Edits
    from headlight.model.run.recorder import Recorder

    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
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
    }
    with tempfile.TemporaryDirectory() as folder:
        theirs = makes[name]().eval()
        theirs.save_pretrained(folder)
        from pathlib import Path

        network = read_network(Path(folder))
    src = torch.randint(5, 5_000, (1, N_SOURCE))
    rules = Rules(never=(network.config.eos_id,))

    def ours() -> None:
        with torch.inference_mode():
            stepper = Stepper(network, src, Edits(), rules=rules, limit=N_TARGET)
            found = Greedy().decode(stepper, (), N_TARGET)[0]
            tgt = torch.tensor([[network.config.bos_id, *found.ids[:-1]]])
            recorder = Recorder()
            network(src, tgt, recorder).log_softmax(-1)
            recorder.arrays(0, N_SOURCE, N_TARGET)

    theirs.set_attn_implementation("eager")
    settings = {"min_new_tokens": N_TARGET, "max_new_tokens": N_TARGET}

    def generate() -> None:
        with torch.inference_mode():
            theirs.generate(
                src, **settings, output_attentions=True, return_dict_in_generate=True, num_beams=1
            )

    seconds = [median(one) for one in (ours, generate)]
    count = sum(p.numel() for p in network.parameters()) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    cells = f"{count:9.0f} M {seconds[0]:13.2f} s {seconds[1]:11.2f} s"
    print(f"{name:10} {cells} {memory:5.1f} GB (of both)")


def median(run: Callable[[], None]) -> float:
    """Seconds, after one run that does not count."""
    run()
    found = []
    for _ in range(TIMES):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return statistics.median(found)
