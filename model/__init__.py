"""The model: a traced encoder-decoder transformer. Its public face is the package `headlight`."""

from .checkpoints.errors import CheckpointError
from .checkpoints.folder import available, load, save
from .network.config import KINDS, ModelConfig
from .run.edits import Edits
from .run.records import AttentionRecord, LayerRecord, StackRecord
from .run.runner import Model
from .run.sources import AnySource, Picture, Sound
from .run.tokens import Tokens
from .run.trace import Trace

__all__ = [
    "KINDS",
    "AnySource",
    "AttentionRecord",
    "CheckpointError",
    "Edits",
    "LayerRecord",
    "Model",
    "ModelConfig",
    "Picture",
    "Sound",
    "StackRecord",
    "Tokens",
    "Trace",
    "available",
    "load",
    "save",
]
