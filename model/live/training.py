"""One live training as the server sees it: a process, what it has said so far, and its controls.

The process reads one command a line and writes one JSON message a line. It ends when its input is
closed, so none outlives the server.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..trace import KINDS, Array
from .settings import Settings

ROOT = Path(__file__).parents[2]
GRACE = 30.0
"""Seconds after its time limit at which a process that does not answer is ended."""

Status = Literal["waiting", "running", "paused", "done", "failed", "closed"]


@dataclass(frozen=True)
class Point:
    """A point of the curves: `loss` in nats a token; `accuracy`, `exact`, `aer` in [0, 1].

    `accuracy` is the share of tokens foretold, `exact` the share of held-out inputs answered
    without a mistake, `aer` the alignment error of the best head; the last two are None where they
    were not measured.
    """

    step: int
    seconds: float
    loss: float
    accuracy: float
    exact: float | None = None
    aer: float | None = None


@dataclass(frozen=True)
class Probe:
    """The held-out pair whose maps are shown; `rows` and `columns` are pieces, by kind."""

    source: str
    target: str
    src: tuple[str, ...]
    tgt_in: tuple[str, ...]

    def labels(self, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Row and column pieces of a kind of attention."""
        rows = self.src if kind == "encoder_self" else self.tgt_in
        columns = self.tgt_in if kind == "decoder_self" else self.src
        return rows, columns


@dataclass(frozen=True, eq=False)
class Map:
    """The heads on the probe at a step: `patterns` [L, H, Q, K] and `masks` [Q, K] by kind.

    The target is given (teacher forcing), so that maps of different steps have the same rows;
    `output` is what the model writes by itself. `aer` [L, H] is each cross-attention head's
    alignment error.
    """

    step: int
    output: str
    patterns: dict[str, Array]
    masks: dict[str, Array]
    aer: Array


@dataclass(frozen=True)
class Result:
    """Weights as safetensors bytes, and why the training ended."""

    settings: Settings
    step: int
    reason: str
    weights: bytes


class Training:
    """A training, from waiting to its end. Its lists only grow.

    Attributes:
        points, maps: what was measured so far.
        probe: the pair that the maps are of; None until the process has started.
        n_parameters: of the model; 0 until then.
        result: the weights, once it is done.
        error: one sentence, when it failed.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.status: Status = "waiting"
        self.points: list[Point] = []
        self.maps: list[Map] = []
        self.probe: Probe | None = None
        self.n_parameters = 0
        self.result: Result | None = None
        self.error = ""
        self.on_end: Callable[[Training], None] = lambda training: None
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    @property
    def active(self) -> bool:
        """Waiting, running or paused."""
        return self.status in ("waiting", "running", "paused")

    def start(self) -> bool:
        """Start the process; False when it was closed before."""
        with self._lock:
            if self.status != "waiting":
                return False
            self._process = subprocess.Popen(
                [sys.executable, "-m", "model.live.worker", json.dumps(self.settings.to_dict())],
                cwd=ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
            self.status = "running"
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        return True

    def pause(self) -> None:
        """Rest after the step at hand."""
        if self.status == "running":
            self.status = "paused"
            self._say("pause")

    def go_on(self) -> None:
        """Go on after a pause."""
        if self.status == "paused":
            self.status = "running"
            self._say("go")

    def stop(self) -> None:
        """End after the step at hand, and hand over the weights."""
        if self.status == "waiting":
            self.close()
        else:
            self._say("stop")

    def close(self) -> None:
        """End at once and leave the line; nothing is handed over."""
        with self._lock:
            if not self.active:
                return
            self.status = "closed"
            process = self._process
        if process is None:
            self.on_end(self)
        else:
            process.kill()  # the listener hears it and tells the line

    def _say(self, command: str) -> None:
        if self._process is None or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(command + "\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return  # it has just ended; the listener tells how

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert process.stdin is not None
        watchdog = threading.Timer(self.settings.seconds + GRACE, process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            for line in process.stdout:
                self._hear(json.loads(line))
        finally:
            watchdog.cancel()
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
            with self._lock:
                if self.active:
                    self.status = "done" if self.result else "failed"
                    if not self.result and not self.error:
                        self.error = "The training's process ended without an answer."
            self.on_end(self)

    def _hear(self, message: dict[str, Any]) -> None:
        kind = message.pop("kind")
        if kind == "point":
            self.points.append(Point(**message))
        elif kind == "map":
            self.maps.append(_map(message))
        elif kind == "probe":
            self.n_parameters = message["n_parameters"]
            self.probe = Probe(
                message["source"],
                message["target"],
                tuple(message["src"]),
                tuple(message["tgt_in"]),
            )
        elif kind == "weights":
            weights = base64.b64decode(message["weights"])
            self.result = Result(self.settings, message["step"], message["reason"], weights)
        else:
            self.error = message["message"]


def _map(message: dict[str, Any]) -> Map:
    return Map(
        step=message["step"],
        output=message["output"],
        patterns={name: np.array(message["patterns"][name], np.float32) for name in KINDS},
        masks={name: np.array(message["masks"][name], bool) for name in KINDS},
        aer=np.array(message["aer"], np.float64),
    )
