"""Links of earlier versions, in which each page had switches of its own: now all are edits."""

from __future__ import annotations

import re
from collections.abc import Sequence

BROKEN = {
    "mask": "off.causal_mask",
    "positions": "off.positions",
    "scale": "off.scale",
    "cross": "off.cross_attention",
}
HEAD = re.compile(r"(encoder_self|decoder_self|cross)\.(\d{1,3})\.(\d{1,3})")


def renamed(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs of a query, with what is an edit now as steps of `edits`.

    `break=scale,uniform`, `skip=decoder-1`, `off=cross.0.1` and, older still, `off_cross_0=H1`.
    """
    said = dict(reversed(pairs))
    steps: list[str] = []
    kept: list[tuple[str, str]] = []
    for name, value in pairs:
        found = _steps(name, value, said)
        if found is None:
            kept.append((name, value))
        else:
            steps += found
    if not steps:
        return kept
    listed = next((value.split("~") for name, value in kept if name == "edits" and value), [])
    others = [(name, value) for name, value in kept if name != "edits"]
    return [*others, ("edits", "~".join(dict.fromkeys([*listed, *steps])))]


def _steps(name: str, value: str, said: dict[str, str]) -> list[str] | None:
    """What a pair says as steps; None where it is of today."""
    silenced = "mean" if said.get("silenced_by") == "mean" else "ablate"
    if old := re.fullmatch(r"off_(encoder_self|decoder_self|cross)_(\d{1,3})", name):
        return [f"{silenced}.{old[1]}.{old[2]}.{value.removeprefix('H')}"]
    if name == "off":
        return [f"{silenced}.{one}" for one in value.split(",") if one]
    if name == "skip":
        side, _, layer = value.partition("-")
        return [f"skip.{side}.{layer}"] if layer else []
    if name != "break":
        return None
    found = [BROKEN.get(one, one) for one in value.split(",") if one and one != "uniform"]
    head = ".".join(said.get(part, "") for part in ("kind", "layer", "head"))
    if "uniform" in value.split(",") and HEAD.fullmatch(head):
        found.append(f"uniform.{head}")
    return found
