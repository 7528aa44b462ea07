"""In a hall of 1920 × 1080 pixels: no small type on any page, and what is taught is in sight."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.session import wait_idle

LEAST = 20
"""Pixels of the smallest type."""

PAINTED = """
const {fillText} = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  const {a, b} = this.getTransform();
  const size = parseFloat(this.font.match(/([0-9.]+)px/)[1]) * Math.hypot(a, b);
  const painted = this.canvas.paintedTexts ??= new Map();
  painted.set(String(text), size / this.canvas.width);
  return fillText.call(this, text, ...rest);
};
"""
"""Keeps on each canvas the words that were painted, and their size by the canvas's width."""

SMALL_TYPE = """(least) => {
  const found = [];
  const unread = "style, script, option, kbd, [aria-hidden=true], [data-testid=stIconMaterial], "
    + "annotation, .katex";
  const size = (one) => {
    const type = parseFloat(getComputedStyle(one).fontSize);
    const scale = one instanceof SVGElement ? one.getScreenCTM?.() : null;
    return type * (scale ? Math.hypot(scale.a, scale.b) : 1);
  };
  const seen = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) seen(one.shadowRoot);
      const box = one.getBoundingClientRect();
      const shown = {visibilityProperty: true, opacityProperty: true};
      if (box.width <= 2 || box.height <= 2 || !one.checkVisibility(shown)) continue;
      if (one.closest(unread)) continue;
      for (const [text, share] of one.paintedTexts ?? []) {
        if (text.trim() && share * box.width < least - 0.1)
          found.push(`painted “${text.slice(0, 30)}” ${(share * box.width).toFixed(1)}`);
      }
      const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      const typed = one.matches("input:not([type=range], [type=checkbox])") && one.value;
      if ((own || typed) && size(one) < least - 0.1)
        found.push(`“${(typed || one.textContent.trim()).slice(0, 30)}” ${size(one).toFixed(1)}`);
    }
  };
  seen(document);
  return [...new Set(found)];
}"""
"""Every word in the document whose type is smaller than that: of the page, drawn, or painted."""

SECOND = "compare=The%20black%20cats%20sleep."
VIEWS = {
    "/?": ".panel.heatmap .stage",
    "/decode?": ".candidates",
    "/decode?strategy=beam&": ".candidates",
    "/decode?view=strategies&": "table",
    "/decode?view=forcing&": ".js-plotly-plot",
    "/inside?": ".anatomy .stage >> nth=0",
    "/inside?section=matrices&": ".matrix",
    "/inside?section=places&": ".places .box.attention",
    "/inside?section=layers&": ".st-key-logit-lens",
    "/inside?section=words&": ".st-key-embeddings",
    f"/interventions?{SECOND}&": ".js-plotly-plot",
    f"/interventions?{SECOND}&patched=heads&": ".js-plotly-plot",
    "/heads?": ".js-plotly-plot",
    "/heads?part=lab&": ".st-key-head-switches",
    "/heads?part=pruning&": ".js-plotly-plot",
    "/heads?part=sources&": ".st-key-sources-bars, .st-key-sources-map",
    "/heads?part=search&": "[data-testid=stDataFrame]",
    "/learn?lesson=cross-attention&": "[data-testid=reveal]",
    "/learn?learn=predict&": "[data-testid=reveal]",
    "/learn?lesson=whole&": ".board .stacks",
    "/training?": ".panel.heatmap .stage",
    "/training?training=live&": ".st-key-live_task",
}
"""Views, and what must be in sight of each without scrolling."""


def test_nothing_is_small_and_what_is_taught_is_in_sight(open_page: OpenPage) -> None:
    page = open_page("/?present=1", width=1920, height=1080, script=PAINTED)
    start = page.url.split("?")[0]
    wrong = []
    for view, taught in VIEWS.items():
        page.goto(f"{start}{view.removeprefix('/')}model=translate-en-fr&present=1")
        wait_idle(page)
        page.locator(taught).first.wait_for()
        wrong += [f"{view} {text}" for text in page.evaluate(SMALL_TYPE, LEAST)]
        if not _in_sight(page, taught):
            wrong.append(f"{view} {taught} is not in sight")
    assert not wrong, "\n".join(wrong)


def _in_sight(page: Page, selector: str) -> bool:
    """Whether all that fits the selector is there, and within the window."""
    boxes = [one.bounding_box() for one in page.locator(selector).all()]
    size = page.viewport_size
    assert size is not None
    return all(
        box is not None and box["y"] >= 0 and box["y"] + box["height"] <= size["height"]
        for box in boxes
    )
