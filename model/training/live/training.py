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
from io import BytesIO
from typing import Any, Literal

from ...paths import HOME
from ..history import TrainingHistory, concat
from ..recording import CurvePoint
from ..recording_file import read
from .settings import Settings

WORKER = "headlight.model.training.live.worker"
GRACE = 30.0
"""Seconds after its time limit at which a process that does not answer is ended."""
MAX_FRAMES = 60
"""Frames that are kept; when there are more, every second one goes."""

Status = Literal["waiting", "running", "paused", "done", "failed", "closed"]


@dataclass(frozen=True)
class Point:
    """A point of the curves: `loss` in nats a token; `accuracy` and `exact` in [0, 1].

    `accuracy` is the share of tokens predicted right on fresh inputs, `exact` the share of
    held-out inputs answered without a mistake, None where it was not measured. `seconds` are those
    spent training.
    """

    step: int
    seconds: float
    loss: float
    accuracy: float
    exact: float | None = None


@dataclass(frozen=True)
class Result:
    """Weights as safetensors bytes, and why the training ended."""

    settings: Settings
    step: int
    reason: str
    weights: bytes


class Training:
    """A training, from waiting to its end.

    Attributes:
        points: the curve so far.
        n_parameters: of the model; 0 until the process has started.
        result: the weights, once it is done.
        error: one sentence, when it failed.
        share: the smallest part of the time in which it computes while it gives way.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.status: Status = "waiting"
        self.points: list[Point] = []
        self.n_parameters = 0
        self.result: Result | None = None
        self.error = ""
        self.share = 1.0
        self.on_end: Callable[[Training], None] = lambda training: None
        self._frames: list[TrainingHistory] = []
        self._lock, self._saying = threading.Lock(), threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    @property
    def active(self) -> bool:
        """Waiting, running or paused."""
        return self.status in ("waiting", "running", "paused")

    @property
    def history(self) -> TrainingHistory | None:
        """A held-out input at the steps so far; None until the process has started."""
        frames = tuple(self._frames)
        return concat(frames) if frames else None

    def thinned(self, most: int) -> TrainingHistory | None:
        """The history at up to `most` steps, two or more: the first, the last, some between."""
        frames = tuple(self._frames)
        last = len(frames) - 1
        chosen = sorted({round(i * last / (most - 1)) for i in range(most)})
        return concat([frames[i] for i in chosen]) if frames else None

    @property
    def curve(self) -> tuple[CurvePoint, ...]:
        """The points as those of a recorded training."""
        return tuple(CurvePoint(p.step, p.loss, p.accuracy, {}) for p in tuple(self.points))

    @property
    def exact(self) -> float | None:
        """The last measured share of held-out inputs answered without a mistake."""
        measured = (p.exact for p in reversed(tuple(self.points)) if p.exact is not None)
        return next(measured, None)

    def start(self) -> bool:
        """Start the process; False when it was closed before, or none can be started."""
        with self._lock:
            if self.status != "waiting":
                return False
            try:
                self._process = self._open()
            except OSError as error:
                self.status, self.error = "failed", f"No process could be started: {error}"
                return False
            self.status = "running"
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        return True

    def _open(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                WORKER,
                json.dumps(self.settings.to_dict()),
                str(self.share),
            ],
            cwd=HOME,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def pause(self) -> None:
        """Rest after the step at hand."""
        self._turn("running", "paused", "pause")

    def go_on(self) -> None:
        """Go on after a pause."""
        self._turn("paused", "running", "go")

    def _turn(self, before: Status, after: Status, command: str) -> None:
        """Under the lock, or a training that ends meanwhile would stay in the line for ever."""
        with self._lock:
            if self.status != before:
                return
            self.status = after
        self._say(command)

    def give_way(self, pages: bool) -> None:
        """Give way to pages, until this is said again with False."""
        self._say("pages" if pages else "quiet")

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
            with self._saying:
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
                if not line.endswith("\n"):
                    break  # killed in the middle of a message
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
        elif kind == "frame":
            (frame,) = read(BytesIO(base64.b64decode(message["history"])))
            kept = [*self._frames, frame]
            if len(kept) > MAX_FRAMES:
                kept = [*kept[:-1:2], frame]
            self._frames = kept
        elif kind == "begun":
            self.n_parameters = message["n_parameters"]
        elif kind == "weights":
            weights = base64.b64decode(message["weights"])
            self.result = Result(self.settings, message["step"], message["reason"], weights)
        else:
            self.error = message["message"]
