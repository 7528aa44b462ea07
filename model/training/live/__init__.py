"""Training that one can watch: a small model, in a process of its own, one at a time.

line = TrainingQueue()
training = Training(Settings("reverse"))
line.enter(training)             # starts when its turn comes
training.points, training.history   # grow while it trains
training.pause(), training.go_on(), training.stop(), training.close()
build(training.result, "mine")   # the trained Model
"""

from .build import build
from .queue import TrainingQueue
from .session import Trained, TrainingSession, trained
from .settings import LONGEST, TASKS, Settings
from .training import Point, Result, Training

__all__ = [
    "LONGEST",
    "TASKS",
    "Point",
    "Result",
    "Settings",
    "Trained",
    "Training",
    "TrainingQueue",
    "TrainingSession",
    "build",
    "trained",
]
