"""The lens beside BertViz's head view, in one Chromium: how long a change takes, how much is sent.

BertViz comes as its own wheel, and the scripts that it loads (d3, jquery, require.js) as packages
of npm, into `build/bertviz`; its page is made by its own Python and left as it is.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tarfile
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Browser, Page, Route

from benchmarks.browser import chromium
from headlight.model.network.config import KINDS
from headlight.model.run.trace import Trace
from headlight.viz.components.lens import page as lens_page
from headlight.viz.components.lens.payload import decode, encode
from tests.components.lens.synthetic import build_trace

FOLDER = Path(__file__).parents[1] / "build" / "bertviz"
LIBRARIES = {
    "d3": ("5.7.0", "dist/d3.min.js"),
    "jquery": ("2.2.4", "dist/jquery.min.js"),
    "requirejs": ("2.3.6", "require.js"),
}
LAYERS, HEADS = 4, 8
ROUNDS = 12

TO_NEXT_FRAME = """async ([selector, change]) => {
  const root = document.querySelector(selector);
  const act = new Function("root", change);
  const start = performance.now();
  act(root);
  const drawn = performance.now() - start;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return [drawn, performance.now() - start];
}"""
"""Milliseconds until the change is drawn by the script, and until its frame is on the screen."""


def main() -> None:
    with chromium() as (browser, _):
        head = (
            "tokens  picture           drawing ms   worst   to the next frame ms   bytes a weight"
        )
        print(f"{LAYERS} + {LAYERS} layers, {HEADS} heads; medians of {ROUNDS} changes\n\n{head}")
        at_128 = measure_lens(browser, 128)
        if problem := fetch():
            print(f"BertViz skipped: {problem}")
        else:
            other = measure_bertviz(browser, 128)
            ratios = [theirs / ours for ours, theirs in zip(at_128, other, strict=True)]
            print(
                f"   BertViz over the lens: drawing {ratios[0]:.0f} times, to the next frame "
                f"{ratios[2]:.0f} times, bytes {ratios[3]:.1f} times"
            )
        measure_lens(browser, 512)


def measure_lens(browser: Browser, n: int) -> tuple[float, float, float, float]:
    """Median and worst drawing time, median time to the next frame (ms), bytes a weight."""
    trace = synthetic(n)
    payload = encode(trace)
    error = worst_error(trace, payload)
    file = FOLDER.parent / "lens.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(lens_page(trace, scores=False), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(file.as_uri())
    page.wait_for_selector("[data-testid=lens][data-painted-ms]")
    keys = ["ArrowRight", "ArrowUp", "e", "ArrowRight", "d", "c", "ArrowLeft", "ArrowDown"]
    changes = [
        f'root.dispatchEvent(new KeyboardEvent("keydown", {{key: "{key}", bubbles: true}}))'
        for key in (keys * 3)[: ROUNDS + 4]
    ]
    result = report(f"{n:6}  lens", page, "[data-testid=lens]", changes, len(payload), trace)
    print(f"   largest error of a weight shown: {error:.1e}")
    file.unlink()
    return result


def measure_bertviz(browser: Browser, n: int) -> tuple[float, float, float, float]:
    """The same for BertViz: another layer of the same kind is chosen in its menu."""
    trace = synthetic(n)
    html = bertviz_page(trace)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route("**/*", lambda route: serve(route, html))
    page.goto("http://bertviz.localhost/", timeout=120_000)
    page.wait_for_selector("#vis svg line", state="attached", timeout=120_000)
    changes = [
        f'root.value = "{(i + 1) % LAYERS}"; root.dispatchEvent(new Event("change"))'
        for i in range(ROUNDS + 4)
    ]
    return report(f"{n:6}  BertViz", page, "#layer", changes, len(html.encode()), trace)


def report(
    name: str, page: Page, selector: str, changes: list[str], size: int, trace: Trace
) -> tuple[float, float, float, float]:
    """Make the changes, the first four to warm up, and print one line."""
    page.wait_for_timeout(500)
    times = [page.evaluate(TO_NEXT_FRAME, [selector, change]) for change in changes][4:]
    drawing, frame = ([pair[i] for pair in times] for i in (0, 1))
    weights = sum(r.pattern.size for kind in KINDS for r in trace.attention[kind])
    result = (
        statistics.median(drawing),
        max(drawing),
        statistics.median(frame),
        size / weights,
    )
    print(f"{name:24}{result[0]:12.1f}{result[1]:8.1f}{result[2]:20.1f}{result[3]:19.2f}")
    page.close()
    return result


def synthetic(n: int) -> Trace:
    """A trace of n tokens on both sides, random scores and their softmax."""
    words = [f"w{i}" for i in range(n - 1)]
    return build_trace(words, words, encoder_layers=LAYERS, decoder_layers=LAYERS, heads=HEADS)


def worst_error(trace: Trace, payload: bytes) -> float:
    """Largest difference of a weight in the payload from the trace's."""
    blocks = decode(payload)["traces"][0]["attention"]
    return max(
        float(np.abs(blocks[kind]["pattern"][layer] - record.pattern).max())
        for kind in KINDS
        for layer, record in enumerate(trace.attention[kind])
    )


def bertviz_page(trace: Trace) -> str:
    """What BertViz's `head_view(..., html_action="return")` writes."""
    view = bertviz_head_view()
    attention = {
        kind: [torch.from_numpy(record.pattern)[None] for record in trace.attention[kind]]
        for kind in KINDS
    }
    html = view(
        encoder_attention=attention["encoder_self"],
        decoder_attention=attention["decoder_self"],
        cross_attention=attention["cross"],
        encoder_tokens=list(trace.src.pieces),
        decoder_tokens=list(trace.tgt_in.pieces),
        html_action="return",
    )
    return f"<!doctype html><body>{html.data}</body>"


def bertviz_head_view() -> Callable[..., Any]:
    """BertViz's own function; what it needs of IPython is one class that holds a text."""

    class Held:
        def __init__(self, data: str) -> None:
            self.data = data

    display = types.ModuleType("IPython.display")
    display.display, display.HTML, display.Javascript = print, Held, Held  # type: ignore[attr-defined]
    package = types.ModuleType("bertviz")
    package.__path__ = [str(FOLDER / "bertviz")]
    sys.modules |= {"IPython": types.ModuleType("IPython"), "IPython.display": display}
    sys.modules["bertviz"] = package
    from bertviz.head_view import head_view  # type: ignore[import-not-found]

    return head_view


def serve(route: Route, html: str) -> None:
    """Answer BertViz's three script addresses from `build/bertviz`, anything else by its page."""
    for name in ("require", "jquery", "d3"):
        if f"/{name}.min" in route.request.url:
            route.fulfill(path=FOLDER / f"{name}.js", content_type="text/javascript")
            return
    route.fulfill(body=html, content_type="text/html")


def fetch() -> str:
    """Fill `build/bertviz` once; "" or a sentence that says why it cannot be done."""
    if (FOLDER / "done.json").exists():
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed, and its scripts come from there."
    FOLDER.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "bertviz==1.4.1"]
    commands = [pip, [npm, "pack", "--silent", *(f"{k}@{v}" for k, (v, _) in LIBRARIES.items())]]
    for command in commands:
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=300)
        if done.returncode:
            last = (done.stderr.strip() or "no message").splitlines()[-1]
            return f"{Path(command[0]).name} failed: {last}"
    with zipfile.ZipFile(next(FOLDER.glob("bertviz-*.whl"))) as wheel:
        wheel.extractall(FOLDER)
    for name, (version, script) in LIBRARIES.items():
        with tarfile.open(FOLDER / f"{name}-{version}.tgz") as packed:
            member = packed.extractfile(f"package/{script}")
            assert member is not None, f"{name} has no {script}"
            (FOLDER / f"{name.removesuffix('js')}.js").write_bytes(member.read())
    (FOLDER / "done.json").write_text(json.dumps(LIBRARIES))
    return ""


if __name__ == "__main__":
    main()
