"""Decode and full trace beside `generate(output_attentions=True)`, on one folder of each family.

Both have the same random weights, read the same source and write the same tokens. One thread is
bound by the memory that holds the weights, on both sides; with two, each of ours reads its half.
Headlight's trace holds queries, keys, values and the residual stream as well.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import shapes
from benchmarks.timing import milliseconds, table_row, take_turns, verdict

N_SOURCE, N_TARGET, TURNS = 20, 24, 10
SECONDS = 8.0
"""What a row's turns take at most, so that all rows are there in five minutes."""
AIM = "≥ 1.5"
THREADS = (1, 2)
COLUMNS = ("", "threads", "transformers", "Headlight", "times as fast")
WIDTHS = (13, 7, 12, 10, 24)


def main(part: str = "") -> None:
    """Print the table row by row, or the rows of one shape: `families/whisper-tiny`."""
    print(f"\n{N_SOURCE} tokens read (Whisper: 30 seconds), {N_TARGET} written")
    for line in (COLUMNS, ["-" * width for width in WIDTHS]):
        table_row(line, WIDTHS)
    for name in [part] if part else shapes.MAKES:
        call = f"from benchmarks.families import measure; measure({name!r})"
        # by itself, so that nobody's memory is another's
        subprocess.run([sys.executable, "-c", call], check=True)


def measure(name: str) -> None:
    """Print the rows of one shape."""
    import torch
    import transformers

    import headlight

    hf: Any = transformers
    asked: dict[str, Any] = {"min_new_tokens": N_TARGET, "max_new_tokens": N_TARGET, "num_beams": 1}
    with tempfile.TemporaryDirectory() as place:
        folder = shapes.write(name, Path(place), **asked)
        model = headlight.load(folder)
        heard = model.reads == "sound"
        kind = hf.AutoModelForSpeechSeq2Seq if heard else hf.AutoModelForSeq2SeqLM
        theirs = kind.from_pretrained(folder).eval()
    theirs.set_attn_implementation("eager")  # the one that gives its weights
    source = shapes.noise() if heard else shapes.sentence(N_SOURCE)
    read = _features(source, hf) if heard else torch.tensor([model.read(source).ids])

    def generate() -> Any:
        with torch.inference_mode():  # Whisper's own way of it would go on after the window
            return hf.GenerationMixin.generate(
                theirs, read, **asked, output_attentions=True, return_dict_in_generate=True
            )

    def run() -> Any:
        return model.run(source, strategy="greedy", max_len=N_TARGET)

    for threads in THREADS:
        torch.set_num_threads(threads)
        written = generate().sequences[0, 1:].tolist(), list(run().tgt_out.ids)
        assert written[0] == written[1], f"{name}: they do not write the same: {written}"
        times = take_turns({"theirs": generate, "ours": run}, TURNS, 0, SECONDS)
        theirs_time, ours_time = times.values()
        found = milliseconds(theirs_time.median), milliseconds(ours_time.median)
        row = name, str(threads), *found, verdict(theirs_time.over(ours_time), AIM)
        table_row(row, WIDTHS)


def _features(source: Any, hf: Any) -> Any:
    """What `transformers` makes of a sound."""
    extract = hf.WhisperFeatureExtractor()
    return extract(source.samples, sampling_rate=source.rate, return_tensors="pt").input_features
