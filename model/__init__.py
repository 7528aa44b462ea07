"""The model: a traced encoder-decoder transformer with trained weights.

import model
trace = model.load("reverse").run("a b c")
trace.output_text                          # 'c b a'
trace.attention["cross"][0].pattern        # float32 [head, query_pos, key_pos]
"""

from .checkpoint import CheckpointError, available, load, save
from .config import ModelConfig
from .edits import Edits
from .runner import Model
from .trace import KINDS, AttentionRecord, LayerRecord, StackRecord, Tokens, Trace

__all__ = [
    "KINDS",
    "AttentionRecord",
    "CheckpointError",
    "Edits",
    "LayerRecord",
    "Model",
    "ModelConfig",
    "StackRecord",
    "Tokens",
    "Trace",
    "available",
    "load",
    "save",
]
