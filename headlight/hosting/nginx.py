"""What nginx is told: one small template, filled in."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit

TEMPLATE = Path(__file__).with_name("nginx.conf")
STATIC = Path(__file__).parents[1] / "static"
AWAY_SECONDS = 3
"""For which a worker that did not answer is passed over."""
AWAY = f"max_fails=1 fail_timeout={AWAY_SECONDS}s"
"""A worker that did not answer is left alone for so long."""


def configuration(folder: Path, ports: Sequence[int], listen: str) -> str:
    """The whole of `nginx.conf`.

    Args:
        folder: where nginx may write.
        ports: of the workers, on this machine.
        listen: address and port for visitors, as nginx has it.
    """
    names = [f"w{i}" for i in range(len(ports))]
    filled = {
        "user": f"user {getpass.getuser()};" if os.geteuid() == 0 else "",
        "folder": str(folder),
        "listen": listen,
        "servers": _lines(f"    server 127.0.0.1:{port} {AWAY};" for port in ports),
        "workers": _lines(_worker(name, i, ports) for i, name in enumerate(names)),
        "pools": _lines(f"    {name} {name};" for name in names),
        "answered": _lines(
            f'    "~:{port}$" {name};' for name, port in zip(names, ports, strict=True)
        ),
        "streamlit": str(Path(streamlit.__file__).parent / "static"),
        "static": str(STATIC.resolve()),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in filled.items():
        text = text.replace(f"@{name}@", value)
    return text


def _worker(name: str, i: int, ports: Sequence[int]) -> str:
    """One worker first, the others where it does not answer."""
    others = [port for n, port in enumerate(ports) if n != i]
    first = f"    server 127.0.0.1:{ports[i]} {AWAY if others else 'max_fails=0'};"
    backup = [f"    server 127.0.0.1:{port} backup;" for port in others]
    return _lines([f"  upstream {name} {{", first, *backup, "  }"])


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)
