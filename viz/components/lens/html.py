"""The lens without a server: in a notebook, or as one HTML file that works from disk."""

from __future__ import annotations

import base64
import gzip
import html as markup
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headlight.model.run.trace import Trace

from ..palette import page_variables, palette
from ..static import program
from .payload import encode


@dataclass(frozen=True)
class LensHtml:
    """A lens that a notebook shows by itself, offline; `page` is the whole document.

    It lives in a frame of its own, so that its style and the notebook's leave each other alone.
    """

    page: str
    height: int = 900

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="Headlight" sandbox="allow-scripts allow-downloads" '
            f'style="width:100%;height:{self.height}px;border:0" '
            f'srcdoc="{markup.escape(self.page)}"></iframe>'
        )

    def __str__(self) -> str:
        return self.page


def html(
    trace: Trace,
    *,
    compare: Trace | None = None,
    selection: Mapping[str, Any] | None = None,
    height: int = 900,
    scores: bool = True,
) -> LensHtml:
    """The lens for a notebook: leave it as the last line of a cell.

    Args:
        trace, compare: what is shown, and a second trace beside it.
        selection: where to start, such as `{"kind": "cross", "layer": 1, "head": 2}`.
        height: of the frame, in pixels.
        scores: also hold the raw scores (twice the size of the weights).

    Raises:
        ValueError: what is no trace of a run.
    """
    for one in (trace, *(() if compare is None else (compare,))):
        if not isinstance(one, Trace):
            raise ValueError(f"A Trace is taken, such as model.run(…) gives, not {one!r:.100}")
    return LensHtml(page(trace, compare=compare, selection=selection, scores=scores), height)


def page(
    trace: Trace,
    *,
    compare: Trace | None = None,
    selection: Mapping[str, Any] | None = None,
    scores: bool = True,
) -> str:
    """One self-contained HTML document: lens, style and data, no network, no server.

    Arguments as for `html`. A state can be added to its address, as in
    `file.html#kind=cross&layer=1&head=2`.
    """
    options = {"palette": palette(), "selection": dict(selection or {})}
    data = encode(trace, compare, options=options, scores=scores)
    packed = base64.b64encode(gzip.compress(data, compresslevel=6, mtime=0)).decode()
    title = markup.escape(f"{trace.source_text} · {trace.output_text} · Headlight")
    return PAGE.format(
        title=title,
        variables=page_variables(),
        data=packed,
        program=program("page"),
    )


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{variables}
body {{ margin: 0; padding: 20px; background: var(--st-background-color); }}
#headlight {{ max-width: 1600px; margin: 0 auto; }}
</style>
</head>
<body>
<main id="headlight"></main>
<script type="application/octet-stream" id="headlight-data">{data}</script>
<script type="module">
{program}
</script>
</body>
</html>
"""
